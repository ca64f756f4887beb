import type { IncomingHttpHeaders } from 'node:http';
import { CacheDirectives } from './cache-control.js';
import type { CacheRules } from './cache-rules.js';
import { type Freshness, type Timing, freshnessOf } from './freshness.js';
import { type RequestFields, type Selection, varyingOf } from './vary.js';

/** Statuses whose meaning does not depend on the moment (RFC 9110 §15.1), and redirects that say how long they hold. */
const STORABLE = new Set([200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501]);

/** An answer that may be kept: for whom, how long, and for which requests. */
export interface Storable {
  readonly isForAll: boolean;
  readonly freshness: Freshness;
  readonly selection: Selection;
}

/**
 * Whether the answer to a GET may be kept (RFC 9111 §3), for the consumer who asked or for all. What is private or depends
 * on who calls is kept for the consumer alone; what answers credentials that the upstream itself checks, for that consumer with these.
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
  const varying = varyingOf(headers, request);
  if (varying === 'any') return null;
  const isForConsumer = !rules.isShared || directives.has('private') || varying.isForConsumer;
  const authorization = credentialsAnswered(directives, request);
  const selection = { passed: varying.passed, authorization };
  return { isForAll: !isForConsumer && authorization === null, freshness, selection };
}

/**
 * RFC 9111 §3.5: what answers `Authorization` answers no other one, unless it says that it may: behind one application there may be
 * many users, each with a token for the upstream. Null where nothing hangs on it. Our own keys do not reach the upstream.
 */
function credentialsAnswered(directives: CacheDirectives, request: RequestFields): string | null {
  const isSharable = ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name));
  return isSharable ? null : request.valueOf('authorization');
}
