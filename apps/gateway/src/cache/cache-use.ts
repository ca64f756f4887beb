import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { AnswerTap } from '../proxy/answer-tap.js';
import { AnswerBuffer } from '../stored/answer-buffer.js';
import { type StoredAnswer, storableHeaders } from '../stored/stored-answer.js';
import type { CacheRules } from './cache-rules.js';
import { answerFor, validatorsOf } from './conditional.js';
import { ageMs, mayStandIn } from './freshness.js';
import type { Flight } from './flights.js';
import type { CacheEntry, CachePlace } from './response-cache.js';
import type { RequestFields } from './vary.js';
import { type Storable, storable } from './storability.js';

/** A stored answer as it is given to this client now. */
export interface CachedAnswer {
  readonly answer: StoredAnswer;
  readonly headers: IncomingHttpHeaders;
}

export interface CachePlaces {
  readonly shared: CachePlace;
  readonly consumer: CachePlace;
}

/** What the cache does for one request: what it has, and what it makes of the upstream's answer. */
export class CacheUse implements AnswerTap {
  /** For `Cache-Status` (RFC 9211). */
  status = 'tollgate; fwd=miss';
  /** Set when the answer is given from the cache. */
  hit: CachedAnswer | null = null;
  /** Set when the upstream is asked whether `entry` still holds. */
  validators: readonly string[] = [];
  /** Set when others wait for what this one fetches. */
  flight: Flight | null = null;
  private readonly requestedAtMs: number;
  private readonly changes: number;
  private storable: Storable | null = null;
  private head: Pick<StoredAnswer, 'status' | 'headers'> | null = null;
  private buffer: AnswerBuffer | null = null;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    private readonly rules: CacheRules,
    readonly places: CachePlaces,
    private readonly entry: CacheEntry | null,
    private readonly fields: RequestFields,
  ) {
    this.requestedAtMs = gateway.clock.nowMs();
    this.changes = gateway.cache.changes;
  }

  /** Gives what is there, fresh or as stale as is allowed. */
  useHit(entry: CacheEntry): void {
    const { freshness } = entry;
    const ttl = Math.round((freshness.lifetimeMs - ageMs(freshness, this.requestedAtMs)) / 1000);
    this.status = `tollgate; hit; ttl=${ttl}`;
    this.hit = this.present(entry);
  }

  /** What it fetches may be what others want at the same time. */
  get mayShare(): boolean {
    return this.status === 'tollgate; fwd=miss' || this.status === 'tollgate; fwd=stale';
  }

  /** What comes of the upstream's answer is collected, to be kept when it is complete. */
  get isKeeping(): boolean {
    return this.buffer !== null && !this.buffer.isTooLong;
  }

  /** Gives what another request has fetched meanwhile. */
  useCollapsed(): void {
    this.status = 'tollgate; fwd=miss; collapsed';
  }

  /** Asks the upstream first; `because` as RFC 9211 §2.2 names it. */
  forward(because: 'miss' | 'stale' | 'request' | 'bypass'): void {
    this.status = `tollgate; fwd=${because}`;
    if (this.entry !== null && because !== 'bypass') this.validators = validatorsOf(this.entry.answer);
  }

  /** What is given in the place of the upstream's answer with this head; null when that is passed on. */
  insteadOf(status: number, headers: IncomingHttpHeaders): CachedAnswer | null {
    const { entry } = this;
    if (entry === null) return null;
    if (status === 304 && this.validators.length > 0) {
      this.status += '; fwd-status=304';
      const renewed = this.present(this.renew(entry, headers));
      this.flight?.end('landed');
      return renewed;
    }
    return status >= 500 ? this.insteadOfFailure() : null;
  }

  /** What is given in the place of an upstream that fails; null when it must show. */
  insteadOfFailure(): CachedAnswer | null {
    const { entry } = this;
    if (entry === null || !mayStandIn(entry.freshness, this.gateway.clock.nowMs())) return null;
    this.useHit(entry);
    this.flight?.fail();
    return this.hit;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    const { rules, gateway, requestedAtMs } = this;
    if (this.status.endsWith('bypass')) return;
    const timing = { requestedAtMs, receivedAtMs: gateway.clock.nowMs() };
    this.storable = storable(status, headers, this.fields, rules, timing);
    if (!this.isForOthers() || Number(headers['content-length'] ?? 0) > rules.maxBodyBytes) this.flight?.end('alone');
    if (!this.storable || Number(headers['content-length'] ?? 0) > rules.maxBodyBytes) return;
    this.head = { status, headers: storableHeaders(headers) };
    this.buffer = new AnswerBuffer(rules.maxBodyBytes);
    if (headers['content-length'] !== undefined) this.status += '; stored';
  }

  onData(chunk: Buffer): void {
    this.buffer?.add(chunk);
    if (this.buffer?.isTooLong) this.flight?.end('alone');
  }

  onComplete(): void {
    const { head, buffer } = this;
    if (head && buffer && !buffer.isTooLong) this.keep({ ...head, body: buffer.body() }, this.storable!);
    this.flight?.end('landed');
  }

  onIncomplete(): void {
    this.buffer = null;
    this.flight?.fail();
  }

  /** Those who wait for the answer may have it, as far as its head tells. */
  private isForOthers(): boolean {
    if (this.storable === null || (this.rules.isShared && !this.storable.isForAll)) return false;
    const { lifetimeMs, initialAgeMs, isAlwaysRevalidated } = this.storable.freshness;
    return lifetimeMs > initialAgeMs && !isAlwaysRevalidated;
  }

  /** The entry with what a 304 says anew of it (RFC 9111 §4.3.4); forgotten when it may not be kept any more. */
  renew(entry: CacheEntry, headers: IncomingHttpHeaders): CacheEntry {
    const { 'content-length': _, 'content-encoding': __, ...said } = storableHeaders(headers);
    const answer = { ...entry.answer, headers: { ...entry.answer.headers, ...said } };
    const timing = { requestedAtMs: this.requestedAtMs, receivedAtMs: this.gateway.clock.nowMs() };
    const { status } = answer;
    const renewed = storable(status, answer.headers, this.fields, this.rules, timing);
    if (renewed) return this.keep(answer, renewed);
    this.gateway.cache.invalidate(entry.place.address);
    return { ...entry, answer, freshness: { ...entry.freshness, initialAgeMs: 0, receivedAtMs: timing.receivedAtMs } };
  }

  private keep(answer: StoredAnswer, { isForAll, freshness, selection }: Storable): CacheEntry {
    const place = isForAll ? this.places.shared : this.places.consumer;
    const { cache } = this.gateway;
    if (cache.hasChanged(place, this.changes)) return { place, answer, freshness, selection, bytes: 0 };
    return cache.put(place, answer, freshness, selection, this.fields);
  }

  private present({ answer, freshness }: CacheEntry): CachedAnswer {
    const age = String(Math.max(0, Math.floor(ageMs(freshness, this.gateway.clock.nowMs()) / 1000)));
    return { answer: answerFor(this.exchange.head, answer), headers: { age } };
  }
}
