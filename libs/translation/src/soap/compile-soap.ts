import type { Route, SoapTranslationPolicy } from '#domain';
import type { TranslationFault } from '../translation-fault.js';
import { EnvelopeTemplate } from './envelope-template.js';
import { ENVELOPES, SoapOperation } from './soap-operation.js';

export interface CompiledSoap {
  /** By the name of the operation. Of all routes when there is no fault. */
  readonly operations: ReadonlyMap<string, SoapOperation>;
  readonly faults: readonly TranslationFault[];
}

/** Checks the envelope of each operation. */
export function compileSoap(policy: SoapTranslationPolicy, routes: readonly Route[]): CompiledSoap {
  const operations = new Map<string, SoapOperation>();
  const faults: TranslationFault[] = [];
  for (const name of Object.keys(policy.operations))
    if (!routes.some(({ operation }) => operation === name))
      faults.push({ path: ['operations', name], message: 'the document has no such operation' });
  for (const route of routes) {
    const path = ['operations', route.operation];
    const definition = Object.hasOwn(policy.operations, route.operation)
      ? policy.operations[route.operation]
      : undefined;
    if (!definition) {
      faults.push({ path, message: `${route.method} ${route.template} has no envelope: give one here` });
      continue;
    }
    const parsed = EnvelopeTemplate.parse(definition.envelope, route);
    const message = typeof parsed === 'string' ? parsed : rootFault(parsed.root, policy);
    if (typeof parsed === 'string' || message !== null)
      faults.push({ path: [...path, 'envelope'], message: message ?? '' });
    else operations.set(route.operation, new SoapOperation(parsed.template, definition, policy));
  }
  return { operations, faults };
}

function rootFault(
  {
    name,
    uri,
    children,
  }: {
    readonly name: string;
    readonly uri: string;
    readonly children: readonly { readonly name: string; readonly uri: string }[];
  },
  { version }: SoapTranslationPolicy,
): string | null {
  if (name !== 'Envelope' || uri !== ENVELOPES[version])
    return `expected an Envelope of SOAP ${version}: its namespace is ${ENVELOPES[version]}`;
  return children.some((child) => child.name === 'Body' && child.uri === uri) ? null : 'the envelope has no Body';
}
