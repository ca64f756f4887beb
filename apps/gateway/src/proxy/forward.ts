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
import type { HeadHolder } from './head-flusher.js';
import { isRewrittenInResponses } from './header-names.js';
import { type BodyListener, RequestBody } from './request-body.js';
import { responseHeaders } from './response-headers.js';
import { AnswerTooLargeError, UpstreamAnswerError, upstreamFault } from './upstream-fault.js';
import { upstreamRequest } from './upstream-request.js';

const maxInformational = 16;
/** How long an upstream may be silent in the middle of its answer. */
const bodyTimeoutMs = 300_000;

/**
 * What is still to be done for the client once the event is in the journal: `rest` of the upstream's answer, a `problem`
 * document, or `nothing` as the client is gone.
 */
type Release = 'rest' | 'problem' | 'nothing';

/**
 * An admitted request on its way to the upstream and back. Bodies stream both ways. The byte that completes the answer
 * (the terminator of a chunked body, the head of an answer without one) is held until the usage event is in the journal.
 */
export class Forward
  implements Dispatcher.DispatchHandler, JournalWaiter, ClientGoneListener, HeadHolder, BodyListener, MeteredStream
{
  bytesIn = 0;
  bytesOut = 0;
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

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
  ) {}

  start(): void {
    const { exchange, gateway } = this;
    if (exchange.isClientGone) return this.onClientGone();
    exchange.clientGoneListener = this;
    const upstream = exchange.operation!.version.upstream!;
    gateway.tracer.contextOf(exchange);
    const { path, headers } = upstreamRequest(exchange, upstream);
    exchange.tellContinue();
    const { content } = exchange;
    if (content !== null) this.bytesIn = content.receivedBytes;
    this.sentAt = performance.now();
    gateway.upstreams.poolOf(upstream).dispatch(
      {
        path,
        method: exchange.request.method!,
        headers,
        upgrade: exchange.upgrade && 'websocket',
        body: content !== null ? content.bytes : this.body(),
        headersTimeout: upstream.responseTimeoutMs,
        bodyTimeout: bodyTimeoutMs,
      },
      this,
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isEnded) controller.abort(new UpstreamAnswerError('the client is gone'));
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
    const judgement = judgeHead(status, exchange.account!.billability, exchange.operation!.route, false);
    const fields = responseHeaders(gateway, exchange, status, judgement, headers);
    const length = headers['content-length'];
    this.remaining = length === undefined ? -1 : Number(length);
    this.isBodyless = exchange.request.method === 'HEAD' || status === 204 || status === 304 || this.remaining === 0;
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
    this.bytesOut += chunk.length;
    this.exchange.tap?.onData(chunk);
    if (this.held === null) return this.pass(controller, chunk);
    if (this.held.add(chunk)) return;
    const { status, headers, refusesLarge, received } = this.held;
    if (refusesLarge) return controller.abort(new AnswerTooLargeError());
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
      return this.end('upstream_broke', this.status, 'nothing');
    }
    const cached = this.exchange.cacheUse?.insteadOfFailure() ?? null;
    if (cached !== null) return this.serveCached(cached, 'cache_hit');
    const { outcome, refusal } = upstreamFault(error, this.controller !== null);
    this.refusal = refusal;
    this.end(outcome, refusal.status, 'problem');
  }

  onClientGone(): void {
    if (this.isEnded) return;
    this.end('client_aborted', this.status || CLIENT_GONE_STATUS, 'nothing');
    this.controller?.abort(new UpstreamAnswerError('the client is gone'));
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
    if (reason === null) return;
    this.exchange.breakOff();
    this.end('interrupted', this.status, 'nothing', reason);
    this.controller?.abort(new UpstreamAnswerError(`the answer was interrupted: ${reason}`));
  }

  onMeterFailed(): void {
    this.exchange.breakOff();
  }

  onJournalled(segment: number): void {
    if (this.meter === null) this.gateway.watermark.journalled(this.exchange, segment);
    this.gateway.concurrency.leave(this.exchange);
    endReservations(this.exchange, this.judgement!.countsToQuota);
    if (this.exchange.isClientGone) return;
    switch (this.release) {
      case 'rest':
        return this.releaseRest();
      case 'problem':
        return this.writeProblem(this.refusal!);
      case 'nothing':
    }
  }

  /** What cannot be recorded is not delivered: the client sees a broken connection, and pays nothing. */
  onJournalFailed(): void {
    this.gateway.watermark.leave(this.exchange);
    this.gateway.concurrency.leave(this.exchange);
    endReservations(this.exchange, false);
    this.exchange.breakOff();
  }

  /** What is on its way is given up: the upstream sees a request that breaks off before the bound. */
  onBodyTooLarge(): void {
    if (this.isEnded) return;
    if (this.status === 0) {
      this.refusal = refusals.bodyTooLarge;
      this.end('body_too_large', this.refusal.status, 'problem');
    } else {
      this.exchange.breakOff();
      this.end('body_too_large', this.status, 'nothing');
    }
    this.controller?.abort(new UpstreamAnswerError('the body is too large'));
  }

  private body(): Readable | null {
    const { head, request, operation } = this.exchange;
    if (head.isChunked) return new RequestBody(request, operation!.version.maxBodyBytes, this).asReadable();
    return head.hasBody ? request : null;
  }

  private end(outcome: Outcome, status: number, release: Release, reason: string | null = null): void {
    this.isEnded = true;
    this.release = release;
    const { gateway, exchange } = this;
    if (outcome !== 'delivered') exchange.tap?.onIncomplete();
    if (this.meter !== null) {
      const judgement = this.meter.end(outcome, reason, this);
      this.judgement = judgement;
      const { bytesIn, bytesOut } = this;
      reportAdmitted(gateway, exchange, { ...judgement, outcome, status, bytesIn, bytesOut }, this.upstreamMs);
      return;
    }
    const ending: Ending = { outcome, status, wasUpstreamReached: this.controller !== null, isSoftError: false };
    const judgement = judge(ending, exchange.account!.billability, exchange.operation!.route);
    this.judgement = judgement;
    const endedAtMs = gateway.clock.nowMs();
    const event = usageEvent(gateway.gatewayId, exchange, ending, judgement, this, endedAtMs);
    gateway.journal.append(event, this);
    reportAdmitted(gateway, exchange, event, this.upstreamMs);
  }

  /** Until the head of the upstream's answer; null when there was none. */
  private get upstreamMs(): number | null {
    return this.status === 0 ? null : this.headAt - this.sentAt;
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
    const own = { 'content-type': 'application/problem+json', 'content-length': String(body.length) };
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
