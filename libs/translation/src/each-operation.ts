import type { Route } from '#domain';
import type { TranslationFault } from './translation-fault.js';

/** What a policy says of each operation, compiled; or where it is wrong. */
export interface CompiledOperations<Operation> {
  /** By the name of the operation. Of all routes when there is no fault. */
  readonly operations: ReadonlyMap<string, Operation>;
  readonly faults: readonly TranslationFault[];
}

/**
 * Compiles the definition of each route, which must have one; definitions of other operations are faults, too. `missing` is what a
 * definition is called; the paths of the faults that `compile` returns begin at the definition.
 */
export function compileEachOperation<Definition, Operation>(
  definitions: Readonly<Record<string, Definition>>,
  routes: readonly Route[],
  missing: string,
  compile: (definition: Definition, route: Route) => Operation | TranslationFault[],
): CompiledOperations<Operation> {
  const operations = new Map<string, Operation>();
  const faults: TranslationFault[] = [];
  for (const name of Object.keys(definitions))
    if (!routes.some(({ operation }) => operation === name))
      faults.push({ path: ['operations', name], message: 'the document has no such operation' });
  for (const route of routes) {
    const path = ['operations', route.operation];
    if (!Object.hasOwn(definitions, route.operation)) {
      faults.push({ path, message: `${route.method} ${route.template} has no ${missing}: give one here` });
      continue;
    }
    const compiled = compile(definitions[route.operation]!, route);
    if (!Array.isArray(compiled)) operations.set(route.operation, compiled);
    else faults.push(...compiled.map((fault) => ({ path: [...path, ...fault.path], message: fault.message })));
  }
  return { operations, faults };
}
