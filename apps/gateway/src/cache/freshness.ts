import type { IncomingHttpHeaders } from 'node:http';
import { CacheDirectives } from './cache-control.js';

/** When an answer came, by the gateway's clock. */
export interface Timing {
  readonly requestedAtMs: number;
  readonly receivedAtMs: number;
}

/** How long an answer may be given again, as it was when it came; all in milliseconds. */
export interface Freshness {
  readonly receivedAtMs: number;
  /** How old it was when it came (RFC 9111 §4.2.3). */
  readonly initialAgeMs: number;
  readonly lifetimeMs: number;
  /** Beyond the lifetime, while it is fetched anew (RFC 5861 §3); 0 for not at all. */
  readonly staleWhileRevalidateMs: number;
  /** Beyond the lifetime, when the upstream fails (RFC 5861 §4); 0 for not at all. */
  readonly staleIfErrorMs: number;
  /** Never without asking the upstream, however fresh. */
  readonly isAlwaysRevalidated: boolean;
  /** Not when it is stale, whoever allows it. */
  readonly isNeverStale: boolean;
}

/** What to do with an answer that is there. */
export type Reuse = 'fresh' | 'stale' | 'stale_while_revalidate' | 'revalidate' | 'revalidate_as_asked';

/**
 * The lifetime of an answer: `s-maxage`, else `max-age`, else `Expires`, else the publisher's own. Null when nothing says
 * one: nothing is guessed.
 */
export function freshnessOf(headers: IncomingHttpHeaders, ttlMs: number | null, timing: Timing): Freshness | null {
  const directives = new CacheDirectives(headers['cache-control']);
  const dateMs = dateOf(headers.date) ?? timing.receivedAtMs;
  const lifetimeMs = explicitLifetime(directives, headers, dateMs) ?? ttlMs;
  if (lifetimeMs === null && !directives.has('no-cache')) return null;
  const apparentAgeMs = Math.max(0, timing.receivedAtMs - dateMs);
  const saidAgeMs = /^\d+$/.test(headers.age ?? '') ? Number(headers.age) * 1000 : 0;
  const correctedAgeMs = saidAgeMs + (timing.receivedAtMs - timing.requestedAtMs);
  const isNeverStale = ['must-revalidate', 'proxy-revalidate', 's-maxage', 'no-cache'].some((name) =>
    directives.has(name),
  );
  const allowed = (name: string) => (isNeverStale ? 0 : (directives.seconds(name) ?? 0) * 1000);
  return {
    receivedAtMs: timing.receivedAtMs,
    initialAgeMs: Math.max(apparentAgeMs, correctedAgeMs),
    lifetimeMs: lifetimeMs ?? 0,
    staleWhileRevalidateMs: allowed('stale-while-revalidate'),
    staleIfErrorMs: allowed('stale-if-error'),
    isAlwaysRevalidated: directives.has('no-cache'),
    isNeverStale,
  };
}

export function ageMs({ receivedAtMs, initialAgeMs }: Freshness, nowMs: number): number {
  return initialAgeMs + (nowMs - receivedAtMs);
}

/** Whether a request is content with the answer; `asked` has its `Cache-Control`, or what `Pragma` stands for. */
export function reuse(freshness: Freshness, asked: CacheDirectives, nowMs: number): Reuse {
  if (freshness.isAlwaysRevalidated) return 'revalidate';
  const age = ageMs(freshness, nowMs);
  const staleForMs = age - freshness.lifetimeMs;
  if (asked.has('no-cache')) return 'revalidate_as_asked';
  const maxAge = asked.seconds('max-age');
  if (maxAge !== null && age > maxAge * 1000) return 'revalidate_as_asked';
  const minFresh = asked.seconds('min-fresh');
  if (minFresh !== null && -staleForMs < minFresh * 1000) return 'revalidate_as_asked';
  if (staleForMs < 0) return 'fresh';
  if (freshness.isNeverStale) return 'revalidate';
  if (asked.isBare('max-stale') || staleForMs <= (asked.seconds('max-stale') ?? -1) * 1000) return 'stale';
  return staleForMs <= freshness.staleWhileRevalidateMs && freshness.staleWhileRevalidateMs > 0
    ? 'stale_while_revalidate'
    : 'revalidate';
}

/** True when the answer may stand in for an upstream that fails. */
export function mayStandIn(freshness: Freshness, nowMs: number): boolean {
  return ageMs(freshness, nowMs) - freshness.lifetimeMs <= freshness.staleIfErrorMs && freshness.staleIfErrorMs > 0;
}

function explicitLifetime(directives: CacheDirectives, headers: IncomingHttpHeaders, dateMs: number): number | null {
  const seconds = directives.seconds('s-maxage') ?? directives.seconds('max-age');
  if (seconds !== null) return seconds * 1000;
  if (headers.expires === undefined) return null;
  // What is no date, such as "0", has long expired.
  return Math.max(0, (dateOf(headers.expires) ?? 0) - dateMs);
}

function dateOf(value: string | undefined): number | null {
  const ms = value === undefined ? NaN : Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}
