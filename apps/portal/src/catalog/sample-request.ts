import { type Tree, follow, listOf, textOf, treeOf } from '../try-it/document-tree.js';
import { isScalar, merged } from '../try-it/schema-kind.js';
import { givenExample, offeredValue, sampleValue } from '../try-it/sample-value.js';

/** A request that can be pasted, but for the key; it works as it stands where the document has examples. */
export interface SampleRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | null;
  readonly operation: string | null;
}

/** In the order in which they are preferred: what only reads, what makes something, and what changes or takes something away. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Header fields that come with the key and the body. */
const SENT_OTHERWISE = /^(accept|authorization|content-type|x-api-key)$/i;
const MAX_BODY_LENGTH = 2_000;

interface Candidate extends SampleRequest {
  /** Where the method stands in `METHODS`. */
  readonly rank: number;
  /** Values that the document has no example of. */
  readonly invented: number;
  readonly needs: number;
}

/**
 * The operation of an OpenAPI document that takes least: one that reads, with values that the document itself offers, wins over
 * one with made-up values, and that over one that writes. The first of those that are alike wins; null when none can be written.
 */
export function sampleRequestOf(document: Tree): SampleRequest | null {
  const candidates = Object.entries(treeOf(document['paths'])).flatMap(([template, value]) => {
    const item = treeOf(value);
    return METHODS.flatMap((method, rank) => {
      if (!Object.hasOwn(item, method)) return [];
      const operation = treeOf(item[method]);
      const described = [...listOf(item['parameters']), ...listOf(operation['parameters'])];
      return candidate(document, { method, rank, template, operation, described }) ?? [];
    });
  });
  const [best] = candidates.toSorted(
    (left, right) => left.rank - right.rank || left.invented - right.invented || left.needs - right.needs,
  );
  if (!best) return null;
  const { rank: _rank, invented: _invented, needs: _needs, ...request } = best;
  return request;
}

interface Described {
  readonly method: string;
  readonly rank: number;
  readonly template: string;
  readonly operation: Tree;
  readonly described: readonly unknown[];
}

/** The request of an operation; null when it asks for what cannot be written here: a cookie, a file, what is not described. */
function candidate(document: Tree, { method, rank, template, operation, described }: Described): Candidate | null {
  const own = new Map(
    described.map((one) => {
      const parameter = follow(document, one);
      return [`${textOf(parameter['in'])} ${textOf(parameter['name'])}`, parameter] as const;
    }),
  );
  const needed = [...own.values()].filter(isNeeded);
  let path = template;
  let invented = 0;
  const query = new URLSearchParams();
  const headers: { name: string; value: string }[] = [];
  for (const parameter of needed) {
    const name = textOf(parameter['name']);
    const place = parameter['in'];
    if (name === '') return null;
    const offered = offeredText(document, parameter);
    const value = offered ?? placeholder(document, parameter);
    if (offered === null) invented += 1;
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') query.set(name, value);
    else if (place === 'header' && /^[\t\x20-\x7e]*$/.test(value)) headers.push({ name, value });
    else return null;
  }
  if (/[{}]/.test(path)) return null;
  const body = bodyOf(document, follow(document, operation['requestBody']));
  if (body === 'unwritable') return null;
  const title = textOf(operation['summary']) || textOf(operation['operationId']);
  const search = query.toString();
  return {
    method: method.toUpperCase(),
    path: search ? `${path}?${search}` : path,
    headers: body ? [...headers, { name: 'content-type', value: body.mediaType }] : headers,
    body: body && body.text,
    operation: title || null,
    rank,
    invented: invented + (body && !body.isOffered ? 1 : 0),
    needs: needed.length,
  };
}

/** Also what is referred to and not there: nobody knows what it asks for. */
function isNeeded(parameter: Tree): boolean {
  const name = textOf(parameter['name']);
  if (parameter['in'] === 'header' && SENT_OTHERWISE.test(name)) return false;
  return parameter['in'] === 'path' || parameter['required'] === true || name === '';
}

/** What the document gives as a value of a parameter; null when it gives none that can be written as text. */
function offeredText(document: Tree, parameter: Tree): string | null {
  const value = givenExample(document, parameter) ?? offeredValue(merged(document, parameter['schema']));
  return isScalar(value) ? String(value) : null;
}

/** A value of the type that is asked for. */
function placeholder(document: Tree, parameter: Tree): string {
  const value = sampleValue(document, parameter['schema']);
  if (Array.isArray(value)) return value.filter(isScalar).join(',');
  if (!isScalar(value)) return JSON.stringify(value);
  return value === 'string' ? textOf(parameter['name']).toUpperCase() : String(value);
}

interface SampleBody {
  readonly mediaType: string;
  readonly text: string;
  readonly isOffered: boolean;
}

/** The body of a request from its example, else its schema; null where none is needed. */
function bodyOf(document: Tree, requestBody: Tree): SampleBody | null | 'unwritable' {
  const content = Object.entries(treeOf(requestBody['content']));
  for (const [mediaType, described] of content) {
    const media = treeOf(described);
    const given = givenExample(document, media);
    const value = given ?? sampleValue(document, media['schema']);
    const text = writtenBody(mediaType, value);
    if (text !== null && text.length <= MAX_BODY_LENGTH) return { mediaType, text, isOffered: given !== undefined };
  }
  return requestBody['required'] === true ? 'unwritable' : null;
}

function writtenBody(mediaType: string, value: unknown): string | null {
  if (/^application\/([^;]+\+)?json\b/i.test(mediaType)) return JSON.stringify(value) ?? null;
  if (mediaType.toLowerCase() === 'application/x-www-form-urlencoded') {
    const pairs = Object.entries(treeOf(value)).map(([name, one]): [string, string] => [
      name,
      isScalar(one) ? String(one) : JSON.stringify(one),
    ]);
    return new URLSearchParams(pairs).toString();
  }
  return /^text\//i.test(mediaType) && isScalar(value) ? String(value) : null;
}
