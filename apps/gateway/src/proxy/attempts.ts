import type { Readable } from 'node:stream';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { maxBodyBytes } from '../policies/limit-size.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { Attempt, type Attempter } from './attempt.js';
import { dispatchTo } from './dispatch-to.js';
import { type BodyListener, RequestBody } from './request-body.js';
import { type RetryRules, backOffMs } from './retry-rules.js';
import { callHash } from './hash/call-hash.js';
import { enterTarget } from './targets/enter-target.js';
import { upstreamRequest } from './upstream-request.js';

const noTargets: readonly UpstreamEntry[] = [];

/** Who sends a request on, until it has ended. */
export interface Sender extends Attempter, BodyListener {
  readonly isEnded: boolean;
}

/** The attempts of one request at its upstream: the same request in each, perhaps in another place. */
export class Attempts {
  /** By the monotonic clock, when the first began. */
  sentAt = 0;
  /** Null when the request has none, or it passes as it comes. */
  body: RequestBody | null = null;
  private readonly upstream: UpstreamEntry;
  /** Where the latest goes: the upstream itself unless it is in several places. */
  private target: UpstreamEntry;
  /** Where earlier ones went, when the upstream is in several places. */
  private tried: readonly UpstreamEntry[] = noTargets;
  /** Whether it is counted how they go. */
  private readonly isWatched: boolean;
  /** By which its target is chosen; null where the upstream does not go by it. */
  private readonly hash: number | null;
  /** Of the upstream, where they apply to this request. */
  private readonly retries: RetryRules | null;
  /** What the upstream is asked for, query included, and with which fields. */
  private path = '';
  private headers: string[] = [];

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    private readonly sender: Sender,
  ) {
    this.upstream = exchange.upstream!;
    const { retries, circuitBreaker, balancer, healthCheck, hashBy } = this.upstream;
    this.retries = retries !== null && retries.methods.includes(exchange.request.method!) ? retries : null;
    this.target = this.upstream;
    this.isWatched = circuitBreaker !== null || balancer !== null || healthCheck !== null;
    this.hash = hashBy === null ? null : callHash(hashBy, exchange);
  }

  /** Chooses where the first goes; milliseconds until one makes sense, 0 for now. */
  enter(): number {
    if (!this.isWatched) return 0;
    const target = enterTarget(this.gateway, this.upstream, performance.now(), this.hash);
    if (typeof target === 'number') return target;
    this.target = target;
    return 0;
  }

  /** Makes the first. */
  begin(): void {
    const { exchange, retries, upstream } = this;
    const { head, request, content, wholeBody } = exchange;
    const { path, headers } = upstreamRequest(exchange, upstream);
    this.path = path;
    this.headers = headers;
    if (content === null && wholeBody === null && (head.isChunked || (head.hasBody && retries !== null)))
      this.body = new RequestBody(request, maxBodyBytes(exchange), retries?.maxReplayBytes ?? -1, this.sender);
    this.sentAt = performance.now();
    this.dispatch(upstream.responseTimeoutMs);
  }

  /** Makes another one after `attempt`, if it may; false when that one must do. */
  tryAgain(attempt: number): boolean {
    const { retries, exchange, gateway, upstream } = this;
    if (retries === null || attempt > retries.attempts || exchange.isClientGone) return false;
    if (this.body !== null && !this.body.canBeSentAgain) return false;
    if (exchange.wholeBody !== null && exchange.wholeBody.length > retries.maxReplayBytes) return false;
    if (!gateway.upstreams.healthOf(this.target).mayRepeat(retries.budgetPercent)) return false;
    const waitMs = backOffMs(retries, attempt, gateway.random());
    const leftMs = upstream.responseTimeoutMs - (performance.now() - this.sentAt) - waitMs;
    if (leftMs < 1) return false;
    setTimeout(() => {
      if (this.sender.isEnded) return;
      if (upstream.balancer !== null) this.goElsewhere();
      this.dispatch(leftMs);
    }, waitMs);
    return true;
  }

  /** Another target for the next one, where one is free. */
  private goElsewhere(): void {
    this.tried = [...this.tried, this.target];
    const target = enterTarget(this.gateway, this.upstream, performance.now(), this.hash, this.tried);
    if (typeof target !== 'number') this.target = target;
  }

  private dispatch(timeoutMs: number): void {
    const { exchange, gateway, sender, target, retries, path, headers } = this;
    const tryMs = Math.min(timeoutMs, retries?.perTryTimeoutMs ?? timeoutMs);
    exchange.attempts++;
    dispatchTo(
      gateway.upstreams.poolOf(target),
      exchange,
      {
        path,
        method: exchange.request.method!,
        headers,
        upgrade: exchange.upgrade && 'websocket',
        body: this.outgoingBody(),
        headersTimeout: tryMs,
        bodyTimeout: target.idleTimeoutMs,
      },
      retries === null && !this.isWatched
        ? sender
        : new Attempt(sender, exchange.attempts, target, retries, gateway.upstreams.healthOf(target), tryMs),
    );
  }

  private outgoingBody(): Readable | Buffer | null {
    const { content, head, request, wholeBody } = this.exchange;
    if (content !== null) return content.bytes;
    if (wholeBody !== null) return wholeBody;
    if (this.body !== null) return this.body.next().asReadable();
    return head.hasBody ? request : null;
  }
}
