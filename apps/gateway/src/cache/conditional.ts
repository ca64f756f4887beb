import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHead } from '../request-head.js';
import type { StoredAnswer } from '../stored/stored-answer.js';

/** Fields that a 304 repeats (RFC 9110 §15.4.5), or that a cache needs beside them. */
const OF_304 = ['cache-control', 'content-location', 'date', 'etag', 'expires', 'last-modified', 'vary'];

/** What identifies in a list of entity tags, weak or not (RFC 9110 §8.8.3): a comma between quotes separates nothing. Some have none. */
const TAGS = /"[^"]*"|[^\s,"]+/g;

/** Conditions of a client that only the upstream can answer. */
const BEYOND_CACHE = ['range', 'if-range', 'if-match', 'if-unmodified-since'];

/** So is what asks by a body: what is kept says nothing of one (RFC 9110 §9.3.1 lets servers have a use for it all the same). */
export function isBeyondCache(request: RequestHead): boolean {
  return request.hasBody || BEYOND_CACHE.some((name) => request.valueOf(name) !== null);
}

/** The answer to a request that may have one already: 304 when it has this one (RFC 9110 §13.2.2). */
export function answerFor(request: RequestHead, answer: StoredAnswer): StoredAnswer {
  if (answer.status !== 200 || !isUnmodified(request, answer.headers)) return answer;
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => OF_304.includes(name)));
  return { status: 304, headers, body: Buffer.alloc(0) };
}

/** What makes the upstream say whether the answer still holds, as name, value; empty when it has no validator. */
export function validatorsOf({ headers }: StoredAnswer): readonly string[] {
  const fields: string[] = [];
  if (headers.etag !== undefined) fields.push('if-none-match', headers.etag);
  if (headers['last-modified'] !== undefined) fields.push('if-modified-since', headers['last-modified']);
  return fields;
}

/** The request's fields with our conditions in the place of the client's. */
export function withValidators(fields: readonly string[], validators: readonly string[]): string[] {
  const replaced: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!;
    if (name !== 'if-none-match' && name !== 'if-modified-since') replaced.push(name, fields[index + 1]!);
  }
  return [...replaced, ...validators];
}

function isUnmodified(request: RequestHead, { etag, 'last-modified': lastModified }: IncomingHttpHeaders): boolean {
  const known = request.valuesOf('if-none-match');
  if (known.length > 0) {
    if (etag === undefined) return false;
    const tags: readonly string[] = known.join(', ').match(TAGS) ?? [];
    return tags.includes('*') || tags.includes(etag.replace(/^W\//, ''));
  }
  const since = Date.parse(request.valueOf('if-modified-since') ?? '');
  return lastModified !== undefined && Date.parse(lastModified) <= since;
}
