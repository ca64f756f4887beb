import { type Route, parseJsonPointer } from '#domain';
import type { RequestFault, RestRequest } from './rest-request.js';

/** A place in a request, as configurations name it: "path.NAME", "query.NAME", "body" or "body/json/pointer". */
export type Binding =
  | { readonly from: 'path' | 'query'; readonly name: string }
  | { readonly from: 'body'; readonly tokens: readonly string[] };

/** The place, or what is wrong with its name. */
export function parseBinding(text: string, { template }: Pick<Route, 'template'>): Binding | string {
  const [, from, name] = /^(path|query)\.(.+)$/.exec(text) ?? [];
  if (from === 'path') {
    if (!template.includes(`{${name!}}`)) return `${template} has no parameter "${name!}"`;
    return { from, name: name! };
  }
  if (from === 'query') return { from, name: name! };
  if (text !== 'body' && !text.startsWith('body/'))
    return `"${text}" is no part of a request: expected path.NAME, query.NAME, body or body/json/pointer`;
  const tokens = parseJsonPointer(text.slice('body'.length));
  return typeof tokens === 'string' ? tokens : { from: 'body', tokens };
}

/** Texts of a parameter, or the value in the body; `undefined` for what is not there. */
export function boundValue(binding: Binding, request: RestRequest): unknown {
  switch (binding.from) {
    case 'path':
      return request.pathParameters.get(binding.name);
    case 'query': {
      const texts = request.query.flatMap(([name, text]) => (name === binding.name ? [text] : []));
      return texts.length === 0 ? undefined : texts.length === 1 ? texts[0] : texts;
    }
    case 'body':
      return valueAt(request.body, binding.tokens);
  }
}

/** What in a request nothing takes. */
export function unboundFaults(
  bindings: readonly Binding[],
  request: RestRequest,
  unknownFields: 'refuse' | 'ignore',
): readonly RequestFault[] {
  const faults: RequestFault[] = [];
  if (request.body !== undefined && bindings.every(({ from }) => from !== 'body'))
    faults.push({ in: 'body', message: 'this operation takes no body' });
  if (unknownFields === 'ignore') return faults;
  for (const name of new Set(request.query.map(([parameter]) => parameter)))
    if (!bindings.some((binding) => binding.from === 'query' && binding.name === name))
      faults.push({ in: 'query', name, message: 'there is no such parameter' });
  return faults;
}

/** Where a binding takes its value from, as a fault of a request says it. */
export function placeOf(binding: Binding): Omit<RequestFault, 'message'> {
  if (binding.from !== 'body') return { in: binding.from, name: binding.name };
  const pointer = binding.tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return pointer === '' ? { in: 'body' } : { in: 'body', name: pointer };
}

/** The value at a JSON pointer; `undefined` where there is none. */
export function valueAt(root: unknown, tokens: readonly string[]): unknown {
  let value = root;
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || JSON.isRawJSON(value) || !Object.hasOwn(value, token))
      return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}
