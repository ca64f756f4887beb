import type { IncomingHttpHeaders } from 'node:http';
import { CacheDirectives } from './cache-control.js';
import type { CacheRules } from './cache-rules.js';
import { type Freshness, type Timing, freshnessOf } from './freshness.js';
import { type RequestFields, type Selection, selectionOf } from './vary.js';

/** Statuses whose meaning does not depend on the moment (RFC 9110 §15.1), and redirects that say how long they hold. */
const STORABLE = new Set([200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501]);

/** An answer that may be kept: for whom, how long, and for which requests. */
export interface Storable {
  readonly isForAll: boolean;
  readonly freshness: Freshness;
  readonly selection: Selection;
}

/**
 * Whether the answer to a GET may be kept (RFC 9111 §3), for the consumer who asked or for all. What is private, depends
 * on who calls, or answers credentials that the upstream itself checks, is kept for the consumer alone.
 */
export function storable(
  status: number,
  headers: IncomingHttpHeaders,
  request: RequestFields,
  rules: CacheRules,
  timing: Timing,
): Storable | null {
  if (!STORABLE.has(status)) return null;
  const directives = new CacheDirectives(headers['cache-control']);
  if (directives.has('no-store') || new CacheDirectives(request.valueOf('cache-control')).has('no-store')) return null;
  // A cookie is for somebody in particular.
  if (headers['set-cookie'] !== undefined && !directives.has('public')) return null;
  const freshness = freshnessOf(headers, rules.ttlMs, timing);
  if (!freshness) return null;
  const canBeValidated = headers.etag !== undefined || headers['last-modified'] !== undefined;
  const isEverFresh = freshness.lifetimeMs > freshness.initialAgeMs && !freshness.isAlwaysRevalidated;
  if (!isEverFresh && !canBeValidated) return null;
  const selection = selectionOf(headers, request);
  if (selection === 'any') return null;
  const isForAll =
    rules.isShared && !directives.has('private') && selection !== 'consumer' && allowsSharing(directives, request);
  return { isForAll, freshness, selection: selection === 'consumer' ? [] : selection };
}

/** RFC 9111 §3.5: what answers `Authorization` is shared only where it says so. Our own keys do not reach the upstream. */
function allowsSharing(directives: CacheDirectives, request: RequestFields): boolean {
  if (request.valueOf('authorization') === null) return true;
  return ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name));
}
