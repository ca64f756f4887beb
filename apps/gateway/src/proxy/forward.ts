import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import type { Outcome } from '#domain';
import type { JournalWaiter } from '#journal';
import type { Dispatcher } from 'undici';
import type { ClientGoneListener, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CLIENT_GONE_STATUS, type Ending, judge, judgeHead } from '../metering/judge.js';
import { type Traffic, usageEvent } from '../metering/usage-event.js';
import { CallCost } from '../metering/call-cost.js';
import { settleUsage } from '../metering/settle-usage.js';
import { maxBodyBytes } from '../policies/limit-size.js';
import { endReservations } from '../policies/reserve-quota.js';
import { reportAdmitted } from '../reporting/report.js';
import { type Refusal, problemDocument, refusals } from '../responses/refusal.js';
import type { CachedAnswer } from '../cache/cache-use.js';
import { ServeStored } from '../stored/serve-stored.js';
import { type MeteredStream, StreamMeter } from '../streams/stream-meter.js';
import { WebSocketTunnel } from '../streams/web-socket-tunnel.js';
import type { ClientResponse } from '../server/client-message.js';
import { changedFields } from '../transformation/change-response.js';
import { HeldAnswer, headersOfChanged, isBodyChanged } from '../transformation/held-answer.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { Attempt, type Attempter } from './attempt.js';
import type { HeadHolder } from './head-flusher.js';
import { isRewrittenInResponses } from './header-names.js';
import { enterTarget } from './targets/enter-target.js';
import { type BodyListener, RequestBody } from './request-body.js';
import { responseHeaders } from './response-headers.js';
import { type RetryRules, backOffMs } from './retry-rules.js';
import {
  AnswerTooLargeError,
  GivenUpError,
  UpstreamAnswerError,
  type UpstreamFault,
  circuitOpen,
  isTimeout,
  upstreamFault,
} from './upstream-fault.js';
import { upstreamRequest } from './upstream-request.js';

const maxInformational = 16;
const noTargets: readonly UpstreamEntry[] = [];

/**
 * What is still to be done for the client once the event is in the journal: `rest` of the upstream's answer, a `problem`
 * document, the last `part` of an answer that is cut, or `nothing` as the client is gone.
 */
type Release = 'rest' | 'problem' | 'part' | 'nothing';

/**
 * An admitted request on its way to the upstream and back. Bodies stream both ways. The byte that completes the answer
 * (the terminator of a chunked body, the head of an answer without one) is held until the usage event is in the journal.
 */
export class Forward implements Attempter, JournalWaiter, ClientGoneListener, HeadHolder, BodyListener, MeteredStream {
  bytesIn = 0;
  bytesOut = 0;
  private readonly upstream: UpstreamEntry;
  /** Where the latest attempt goes: the upstream itself unless it is in several places. */
  private target: UpstreamEntry;
  /** Where earlier attempts went, when the upstream is in several places. */
  private tried: readonly UpstreamEntry[] = noTargets;
  /** Whether it is counted how its attempts go. */
  private readonly isWatched: boolean;
  /** Of the upstream, where they apply to this request. */
  private readonly retries: RetryRules | null;
  /** Null when the request has none, or it passes as it comes. */
  private body: RequestBody | null = null;
  /** What the upstream is asked for, query included, and with which fields: the same in each attempt. */
  private path = '';
  private headers: string[] = [];
  private controller: Dispatcher.DispatchController | null = null;
  private isEnded = false;
  /** 0 until the upstream's head has come. */
  private status = 0;
  private informational = 0;
  private sentAt = 0;
  private headAt = 0;
  /** Bytes until the body is complete; -1 when its length is not known. */
  private remaining = -1;
  private isBodyless = false;
  private hasWritten = false;
  private lastChunk: Buffer | null = null;
  /** The answer, while its body is to be changed and not all there. */
  private held: HeldAnswer | null = null;
  private trailers: IncomingHttpHeaders = {};
  private judgement: Judgement | null = null;
  private release: Release = 'nothing';
  private refusal: Refusal | null = null;
  /** Of an answer that takes long; null until its first checkpoint. */
  private meter: StreamMeter | null = null;
  /** With a refusal: when another try makes sense; 0 for not known. */
  private retryAfterMs = 0;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
  ) {
    const { request } = exchange;
    this.upstream = exchange.upstream!;
    const { retries } = this.upstream;
    this.retries = retries !== null && retries.methods.includes(request.method!) ? retries : null;
    this.target = this.upstream;
    this.isWatched = this.upstream.circuitBreaker !== null || this.upstream.balancer !== null;
  }

  start(): void {
    const { exchange, gateway, upstream } = this;
    exchange.attempts = 0;
    if (exchange.isClientGone) return this.onClientGone();
    exchange.clientGoneListener = this;
    if (this.isWatched) {
      const target = enterTarget(gateway.upstreams, upstream, performance.now());
      if (typeof target === 'number') {
        this.retryAfterMs = target;
        return this.refuse(circuitOpen);
      }
      this.target = target;
    }
    gateway.tracer.contextOf(exchange);
    const { billableWhen } = exchange.operation!;
    const { metering } = exchange.account!;
    if (metering.hasValues || billableWhen !== null)
      exchange.cost = new CallCost(metering, billableWhen, gateway.clock);
    exchange.tellContinue();
    const { head, request, content } = exchange;
    const { path, headers } = upstreamRequest(exchange, upstream);
    this.path = path;
    this.headers = headers;
    if (content !== null) this.bytesIn = content.receivedBytes;
    else if (head.isChunked || (head.hasBody && this.retries !== null))
      this.body = new RequestBody(request, maxBodyBytes(exchange), this.retries?.maxReplayBytes ?? -1, this);
    this.sentAt = performance.now();
    this.dispatch(upstream.responseTimeoutMs);
  }

  /** Nothing of an answer has left yet: another attempt changes nothing for the caller. */
  tryAgain(attempt: number): boolean {
    const { retries, exchange, gateway, upstream } = this;
    if (retries === null || attempt > retries.attempts || this.isEnded || exchange.isClientGone) return false;
    if (this.body !== null && !this.body.canBeSentAgain) return false;
    if (!gateway.upstreams.healthOf(this.target).mayRepeat(retries.budgetPercent)) return false;
    const waitMs = backOffMs(retries, attempt, gateway.random());
    const leftMs = upstream.responseTimeoutMs - (performance.now() - this.sentAt) - waitMs;
    if (leftMs < 1) return false;
    setTimeout(() => {
      if (this.isEnded) return;
      if (upstream.balancer !== null) this.goElsewhere();
      this.dispatch(leftMs);
    }, waitMs);
    return true;
  }

  /** Another target for the next attempt, where one is free. */
  private goElsewhere(): void {
    this.tried = [...this.tried, this.target];
    const target = enterTarget(this.gateway.upstreams, this.upstream, performance.now(), this.tried);
    if (typeof target !== 'number') this.target = target;
  }

  private dispatch(timeoutMs: number): void {
    const { exchange, gateway, target, retries, path, headers } = this;
    const tryMs = Math.min(timeoutMs, retries?.perTryTimeoutMs ?? timeoutMs);
    exchange.attempts++;
    gateway.upstreams.poolOf(target).dispatch(
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
        ? this
        : new Attempt(this, exchange.attempts, target, retries, gateway.upstreams.healthOf(target), tryMs),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isEnded) controller.abort(new GivenUpError('the client is gone'));
  }

  onBodySent(chunk: Buffer): void {
    if (this.exchange.content === null) this.bytesIn += chunk.length;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.isEnded) return;
    if (status < 200) {
      if (status >= 100 && ++this.informational <= maxInformational) return;
      return controller.abort(new UpstreamAnswerError('too many informational answers, or none that is valid'));
    }
    if (status > 599) return controller.abort(new UpstreamAnswerError(`status ${status}`));
    const cached = this.exchange.cacheUse?.insteadOf(status, headers) ?? null;
    if (cached !== null) return this.serveCached(cached, status === 304 ? 'delivered' : 'cache_hit');
    this.exchange.tap?.onHead(status, headers);
    const { cost } = this.exchange;
    if (cost !== null) {
      const { billable, countsToQuota } = this.judgeHead(status);
      cost.onHead(status, headers, this.isWithoutBody(status, headers), billable || countsToQuota);
    }
    const { transformation } = this.exchange.operation!;
    const changes = transformation === null ? null : transformation.response;
    if (changes !== null && isBodyChanged(changes, this.exchange.request.method!, status, headers)) {
      this.held = new HeldAnswer(changes, status, headers);
      return;
    }
    this.writeHead(status, headers);
  }

  private writeHead(status: number, headers: IncomingHttpHeaders): void {
    const { exchange, gateway } = this;
    const length = headers['content-length'];
    this.remaining = length === undefined ? -1 : Number(length);
    this.isBodyless = exchange.request.method === 'HEAD' || status === 204 || status === 304 || this.remaining === 0;
    const fields = responseHeaders(gateway, exchange, status, this.judgeHead(status), headers);
    exchange.response.writeHead(status, changedFields(exchange, fields));
    this.status = status;
    this.headAt = performance.now();
    if (!this.isBodyless) gateway.headFlusher.add(this);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    _status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    if (this.isEnded) return void socket.destroy();
    this.isEnded = true;
    new WebSocketTunnel(this.gateway, this.exchange, socket as Socket, headers).start();
  }

  flushHead(): void {
    if (!this.hasWritten && !this.isEnded && !this.exchange.isClientGone) this.exchange.response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isEnded || this.isBodyless || this.exchange.isClientGone) return;
    const { cost } = this.exchange;
    if (cost !== null) {
      const left = this.exchange.account!.metering.maxResponseBytes - this.bytesOut;
      if (chunk.length > left) {
        if (this.held !== null) this.releaseHeld(controller, this.held);
        return this.cut(controller, chunk.subarray(0, left));
      }
      cost.onData(chunk);
    }
    this.bytesOut += chunk.length;
    this.exchange.tap?.onData(chunk);
    if (this.held === null) return this.pass(controller, chunk);
    if (this.held.add(chunk)) return;
    if (this.held.refusesLarge) return controller.abort(new AnswerTooLargeError());
    this.releaseHeld(controller, this.held);
  }

  /** What is held is too long to be changed: it passes as it is. */
  private releaseHeld(controller: Dispatcher.DispatchController, { status, headers, received }: HeldAnswer): void {
    this.held = null;
    this.writeHead(status, headers);
    this.pass(controller, received);
  }

  private pass(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.remaining > 0) {
      this.remaining -= chunk.length;
      if (this.remaining === 0) {
        this.lastChunk = chunk;
        return;
      }
    }
    const { response } = this.exchange;
    this.hasWritten = true;
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    if (this.isEnded) return;
    this.trailers = trailers;
    this.exchange.tap?.onComplete();
    if (this.held !== null) this.writeChanged(this.held);
    this.end('delivered', this.status, 'rest');
  }

  /** Writes the head of an answer that was held back; the body follows when the event is in the journal. */
  private writeChanged(held: HeldAnswer): void {
    const body = held.changed(this.exchange);
    if (body === null) this.writeHead(held.status, held.headers);
    else this.writeHead(held.status, headersOfChanged(held.headers, body.length));
    this.lastChunk = body ?? held.received;
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isEnded) return;
    if (this.exchange.isClientGone) return this.onClientGone();
    this.gateway.log.debug({ requestId: this.exchange.requestId, err: error }, 'upstream failed');
    if (this.status !== 0) {
      this.exchange.breakOff();
      return this.end(isTimeout(error) ? 'upstream_timeout' : 'upstream_broke', this.status, 'nothing');
    }
    const cached = this.exchange.cacheUse?.insteadOfFailure() ?? null;
    if (cached !== null) return this.serveCached(cached, 'cache_hit');
    this.refuse(upstreamFault(error, this.controller !== null));
  }

  onClientGone(): void {
    if (this.isEnded) return;
    this.end('client_aborted', this.status || CLIENT_GONE_STATUS, 'nothing');
    this.controller?.abort(new GivenUpError('the client is gone'));
  }

  /** The answer of the upstream is of no use any more: a stored one is given. */
  private serveCached({ answer, headers }: CachedAnswer, outcome: 'delivered' | 'cache_hit'): void {
    this.isEnded = true;
    this.exchange.clientGoneListener = null;
    new ServeStored(this.gateway, this.exchange, answer, outcome, headers).start();
  }

  get traffic(): Traffic {
    return this;
  }

  /** An answer that is still under way is recorded up to here, and goes on only for a caller who still may. */
  onOverdue(nowMs: number): void {
    if (this.isEnded || this.status === 0) return;
    this.meter ??= new StreamMeter(this.gateway, this.exchange, this.status, this);
    this.meter.checkpoint();
    const reason = this.meter.review(nowMs);
    if (reason !== null) this.interrupt(reason);
  }

  onReserve(refusal: string | null): void {
    if (refusal !== null && !this.isEnded) this.interrupt(refusal);
  }

  private interrupt(reason: string): void {
    this.exchange.breakOff();
    this.end('interrupted', this.status, 'nothing', reason);
    this.controller?.abort(new GivenUpError(`the answer was interrupted: ${reason}`));
  }

  onMeterFailed(): void {
    this.exchange.breakOff();
  }

  onJournalled(segment: number): void {
    if (this.meter === null) this.gateway.watermark.journalled(this.exchange, segment);
    this.gateway.concurrency.leave(this.exchange);
    endReservations(this.exchange, this.judgement);
    if (this.exchange.isClientGone) return;
    switch (this.release) {
      case 'rest':
        return this.releaseRest();
      case 'problem':
        return this.writeProblem(this.refusal!);
      case 'part':
        return this.releasePart();
      case 'nothing':
    }
  }

  /** What cannot be recorded is not delivered: the client sees a broken connection, and pays nothing. */
  onJournalFailed(): void {
    this.gateway.watermark.leave(this.exchange);
    this.gateway.concurrency.leave(this.exchange);
    endReservations(this.exchange, null);
    this.exchange.breakOff();
  }

  /** What is on its way is given up: the upstream sees a request that breaks off before the bound. */
  onBodyTooLarge(): void {
    if (this.isEnded) return;
    if (this.status === 0) {
      this.refuse({ outcome: 'body_too_large', refusal: refusals.bodyTooLarge });
    } else {
      this.exchange.breakOff();
      this.end('body_too_large', this.status, 'nothing');
    }
    this.controller?.abort(new GivenUpError('the body is too large'));
  }

  private outgoingBody(): Readable | Buffer | null {
    const { content, head, request } = this.exchange;
    if (content !== null) return content.bytes;
    if (this.body !== null) return this.body.next().asReadable();
    return head.hasBody ? request : null;
  }

  private refuse({ outcome, refusal }: UpstreamFault): void {
    this.refusal = refusal;
    this.end(outcome, refusal.status, 'problem');
  }

  private end(outcome: Outcome, status: number, release: Release, reason: string | null = null): void {
    this.isEnded = true;
    this.release = release;
    if (this.body !== null) this.bytesIn = this.body.bytes;
    const { gateway, exchange } = this;
    if (outcome !== 'delivered') exchange.tap?.onIncomplete();
    if (this.meter !== null) {
      const judgement = this.meter.end(outcome, reason, this);
      this.judgement = judgement;
      const { bytesIn, bytesOut } = this;
      reportAdmitted(gateway, exchange, { ...judgement, outcome, status, bytesIn, bytesOut }, this.upstreamMs);
      return;
    }
    const { cost } = exchange;
    cost?.end();
    const isSoftError = cost !== null && cost.isSoftError;
    const ending: Ending = { outcome, status, wasUpstreamReached: this.controller !== null, isSoftError };
    const { billability, metering } = exchange.account!;
    const judgement = judge(ending, billability, exchange.operation!.route);
    this.judgement = judgement;
    exchange.settled = settleUsage(metering, judgement, cost, this);
    if (exchange.settled !== null) gateway.metrics.countSettled(exchange.settled);
    const endedAtMs = gateway.clock.nowMs();
    const event = usageEvent(gateway.gatewayId, exchange, ending, judgement, this, endedAtMs);
    gateway.journal.append(event, this);
    reportAdmitted(gateway, exchange, event, this.upstreamMs);
  }

  /** Until the head of the upstream's answer; null when there was none. */
  private get upstreamMs(): number | null {
    return this.status === 0 ? null : this.headAt - this.sentAt;
  }

  /** As far as the head tells. */
  private judgeHead(status: number): Judgement {
    const { account, operation, cost } = this.exchange;
    return judgeHead(status, account!.billability, operation!.route, cost !== null && cost.isSoftError);
  }

  private isWithoutBody(status: number, headers: IncomingHttpHeaders): boolean {
    return (
      this.exchange.request.method === 'HEAD' || status === 204 || status === 304 || headers['content-length'] === '0'
    );
  }

  /** The answer is longer than what is reserved for it: this is the last of it that the client gets. */
  private cut(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.bytesOut += part.length;
    this.exchange.cost!.onData(part);
    this.lastChunk = part;
    this.end('cut_at_maximum', this.status, 'part');
    controller.abort(new UpstreamAnswerError('the answer is longer than what is reserved'));
  }

  /** The connection ends before the answer is complete, so that nobody takes the part for the whole. */
  private releasePart(): void {
    const { response, socket } = this.exchange;
    response.write(this.lastChunk!);
    response.flushHeaders();
    socket.destroySoon();
  }

  private releaseRest(): void {
    const { response } = this.exchange;
    if (response.chunkedEncoding) addTrailers(response, this.trailers);
    if (this.lastChunk) response.end(this.lastChunk);
    else response.end();
  }

  private writeProblem(refusal: Refusal): void {
    const { exchange, gateway } = this;
    const body = Buffer.from(problemDocument(refusal, exchange.requestId));
    const own: IncomingHttpHeaders = {
      'content-type': 'application/problem+json',
      'content-length': String(body.length),
    };
    if (this.retryAfterMs > 0) own['retry-after'] = String(Math.ceil(this.retryAfterMs / 1000));
    const headers = responseHeaders(gateway, exchange, refusal.status, this.judgement!, own);
    exchange.response.writeHead(refusal.status, headers);
    exchange.response.end(body);
  }
}

/** Trailers are passed on, but for fields that a trailer must not have (RFC 9110 §6.5.1) or that only we may set. */
function addTrailers(response: ClientResponse, trailers: IncomingHttpHeaders): void {
  for (const name in trailers) {
    const value = trailers[name];
    if (value === undefined || isRewrittenInResponses(name) || name.startsWith('content-')) continue;
    response.addTrailers([[name, Array.isArray(value) ? value.join(', ') : value]]);
  }
}
