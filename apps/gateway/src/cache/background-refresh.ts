import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { callHash } from '../proxy/hash/call-hash.js';
import { dispatchTo } from '../proxy/dispatch-to.js';
import { leaveUnread } from '../proxy/leave-unread.js';
import { GivenUpError } from '../proxy/upstream-fault.js';
import { upstreamRequest } from '../proxy/upstream-request.js';
import { targetOf } from '../proxy/targets/enter-target.js';
import type { CacheUse } from './cache-use.js';
import { validatorsOf } from './conditional.js';
import type { CacheEntry } from './response-cache.js';

const bodyTimeoutMs = 30_000;

/** Entries that are fetched anew at the moment: once each. */
const underWay = new WeakSet<CacheEntry>();

/** Fetches a stale answer anew while it is still given (RFC 5861 §3). It is nobody's call: no usage, no quota. */
export function refreshInBackground(gateway: GatewayCore, exchange: Exchange, use: CacheUse, entry: CacheEntry): void {
  if (underWay.has(entry)) return;
  const upstream = exchange.upstream!;
  const hash = upstream.hashBy === null ? null : callHash(upstream.hashBy, exchange);
  const target = targetOf(gateway, upstream, hash);
  if (target === null) return;
  underWay.add(entry);
  const { path, headers } = upstreamRequest(exchange, upstream, validatorsOf(entry.answer));
  dispatchTo(
    gateway.upstreams.poolOf(target),
    exchange,
    {
      path,
      method: 'GET',
      headers,
      headersTimeout: upstream.responseTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
    },
    new BackgroundRefresh(use, entry),
  );
}

class BackgroundRefresh implements Dispatcher.DispatchHandler {
  private isUnread = false;

  constructor(
    private readonly use: CacheUse,
    private readonly entry: CacheEntry,
  ) {}

  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    if (status === 304) return void this.use.renew(this.entry, headers);
    this.use.onHead(status, headers);
    if (this.use.isKeeping) return;
    this.isUnread = true;
    leaveUnread(controller, headers, 'the answer is not kept');
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isUnread) return;
    this.use.onData(chunk);
    if (!this.use.isKeeping) controller.abort(new GivenUpError('the answer is too long to be kept'));
  }

  onResponseEnd(): void {
    this.use.onComplete();
    underWay.delete(this.entry);
  }

  onResponseError(): void {
    this.use.onIncomplete();
    underWay.delete(this.entry);
  }
}
