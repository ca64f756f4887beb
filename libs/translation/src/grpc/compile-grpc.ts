import type { GrpcOperationPolicy, GrpcTranslationPolicy, Route } from '#domain';
import type { DescField, DescMethod, DescService, FileRegistry } from '@bufbuild/protobuf';
import type { CompiledOperations } from '../each-operation.js';
import type { TranslationFault } from '../translation-fault.js';
import { DescriptorsError, readDescriptors } from './descriptors.js';
import { fieldNamed, fieldPathIn, parameterFault } from './field-path.js';
import { type BoundPath, type GrpcMapping, GrpcOperation, HTTP_BODY } from './grpc-operation.js';
import { type HttpBinding, type PathBinding, httpBindingsOf, matchTemplate } from './http-rule.js';

/** An operation's method before it is checked. */
interface Draft {
  readonly method: DescMethod;
  readonly paths: readonly PathBinding[];
  readonly body: string;
  readonly responseBody: string;
  readonly queryFields: ReadonlyMap<string, string>;
  /** Where in the policy it comes from. */
  readonly at: readonly string[];
}

/** Finds the method of each operation, and checks all that can be checked before the first call. */
export function compileGrpc(
  policy: GrpcTranslationPolicy,
  routes: readonly Route[],
): CompiledOperations<GrpcOperation> {
  const operations = new Map<string, GrpcOperation>();
  const faults: TranslationFault[] = [];
  let registry: FileRegistry;
  try {
    registry = readDescriptors(policy.descriptors);
  } catch (error) {
    if (!(error instanceof DescriptorsError)) throw error;
    return { operations, faults: [{ path: ['descriptors'], message: error.message }] };
  }
  const services = servicesOf(registry, policy.service);
  if (services.length === 0) {
    const message = `there is no service "${policy.service ?? ''}" among the descriptors: ${namesOf(registry)}`;
    return { operations, faults: [{ path: ['service'], message }] };
  }
  const annotated = annotationsOf(services, registry);
  for (const name of Object.keys(policy.operations ?? {}))
    if (!routes.some(({ operation }) => operation === name))
      faults.push({ path: ['operations', name], message: 'the document has no such operation' });
  for (const route of routes) {
    const explicit = policy.operations && Object.hasOwn(policy.operations, route.operation);
    const draft = explicit
      ? explicitDraft(policy.operations[route.operation]!, route, services, policy.service)
      : annotatedDraft(annotated, route);
    const mapping = Array.isArray(draft) ? draft : mappingOf(draft as Draft);
    if (Array.isArray(mapping)) faults.push(...(mapping as TranslationFault[]));
    else operations.set(route.operation, new GrpcOperation(mapping as GrpcMapping, policy, registry));
  }
  return { operations, faults };
}

function servicesOf(registry: FileRegistry, name: string | undefined): readonly DescService[] {
  if (name !== undefined) return [registry.getService(name)].filter((service) => service !== undefined);
  return [...registry].filter((type) => type.kind === 'service');
}

function namesOf(registry: FileRegistry): string {
  const names = servicesOf(registry, undefined).map(({ typeName }) => typeName);
  return names.length === 0 ? 'they have none' : `they have ${names.join(', ')}`;
}

type Annotated = readonly { readonly method: DescMethod; readonly binding: HttpBinding }[];

function annotationsOf(services: readonly DescService[], registry: FileRegistry): Annotated {
  return services.flatMap(({ methods }) =>
    methods.flatMap((method) => httpBindingsOf(method, registry).map((binding) => ({ method, binding }))),
  );
}

function annotatedDraft(annotated: Annotated, route: Route): Draft | TranslationFault[] {
  const at = ['operations', route.operation];
  for (const { method, binding } of annotated) {
    if (binding.method !== route.method) continue;
    const paths = matchTemplate(binding.template, route);
    if (paths === null) continue;
    const { body, responseBody } = binding;
    return { method, paths, body, responseBody, queryFields: new Map(), at };
  }
  const message = `no method has google.api.http for ${route.method} ${route.template}: name one here, as method: package.Service/Method`;
  return [{ path: at, message }];
}

function explicitDraft(
  { method: name, body, responseBody = '', fields = {} }: GrpcOperationPolicy,
  route: Route,
  services: readonly DescService[],
  service: string | undefined,
): Draft | TranslationFault[] {
  const at = ['operations', route.operation];
  const [serviceName, methodName] = name.includes('/') ? name.split('/', 2) : [service, name];
  const holder = services.find(({ typeName }) => typeName === serviceName);
  const method = holder?.methods.find((one) => one.name === methodName);
  if (!method) {
    const known = services.flatMap((one) => one.methods.map((other) => `${one.typeName}/${other.name}`));
    return [
      { path: [...at, 'method'], message: `there is no method "${name}": there is ${known.slice(0, 20).join(', ')}` },
    ];
  }
  const parameters = [...route.template.matchAll(/\{([^{}]+)\}/g)].map(([, parameter]) => parameter!);
  const paths = parameters.map((parameter) => ({ field: fields[parameter] ?? parameter, segments: [{ parameter }] }));
  const queryFields = new Map(Object.entries(fields).filter(([parameter]) => !parameters.includes(parameter)));
  const usual = ['POST', 'PUT', 'PATCH'].includes(route.method) ? '*' : '';
  return { method, paths, body: body ?? usual, responseBody, queryFields, at };
}

function mappingOf({ method, paths, body, responseBody, queryFields, at }: Draft): GrpcMapping | TranslationFault[] {
  const faults: TranslationFault[] = [];
  const fail = (message: string, ...keys: readonly string[]): void =>
    void faults.push({ path: [...at, ...keys], message });
  const { input, output, methodKind } = method;
  const shown = `${method.parent.typeName}/${method.name}`;
  if (methodKind === 'client_streaming' || methodKind === 'bidi_streaming')
    fail(
      `${shown} takes a stream of messages, which no call by HTTP and JSON is: only unary methods and streams of the server are translated`,
    );
  if (input.typeName === HTTP_BODY) fail(`${shown} takes a ${HTTP_BODY}, which is translated in answers only`);
  if (output.typeName === HTTP_BODY && methodKind === 'server_streaming')
    fail(`${shown} answers with a stream of ${HTTP_BODY}, which is translated where it is one`);
  const bound: BoundPath[] = [];
  for (const { field, segments } of paths) {
    const path = fieldPathIn(input, field);
    const fault = typeof path === 'string' ? path : parameterFault(path);
    if (fault !== null) fail(fault, 'fields');
    else bound.push({ path: path as Exclude<typeof path, string>, segments });
  }
  for (const [parameter, field] of queryFields) {
    const path = fieldPathIn(input, field);
    const fault = typeof path === 'string' ? path : parameterFault(path);
    if (fault !== null) fail(fault, 'fields', parameter);
  }
  const bodyField = body === '*' ? 'all' : body === '' ? 'none' : fieldNamed(input, body);
  if (bodyField === undefined) fail(`${input.typeName} has no field "${body}"`, 'body');
  const responseField: DescField | null | undefined = responseBody === '' ? null : fieldNamed(output, responseBody);
  if (responseField === undefined) fail(`${output.typeName} has no field "${responseBody}"`, 'responseBody');
  if (bodyField === undefined || responseField === undefined || faults.length > 0) return faults;
  return { method, paths: bound, body: bodyField, responseBody: responseField, queryFields };
}
