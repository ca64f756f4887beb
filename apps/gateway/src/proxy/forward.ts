import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Outcome } from '#domain';
import type { JournalWaiter } from '#journal';
import type { Dispatcher } from 'undici';
import type { ClientGoneListener, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CLIENT_GONE_STATUS } from '../metering/client-gone-status.js';
import { type Ending, judgeHead } from '../metering/judge.js';
import type { Traffic } from '../metering/usage-event.js';
import { CallCost } from '../metering/call-cost.js';
import { endUnrecorded, recordEnding } from '../metering/record-ending.js';
import { endReservations } from '../policies/reserve-quota.js';
import { failRequest, guardedRelease, logFault } from '../refuse.js';
import { reportAdmitted } from '../reporting/report.js';
import { type Refusal, refusals } from '../responses/refusal.js';
import type { CachedAnswer } from '../cache/cache-use.js';
import { ServeStored } from '../stored/serve-stored.js';
import { type MeteredStream, StreamMeter } from '../streams/stream-meter.js';
import { type UpstreamConnection, WebSocketTunnel } from '../streams/web-socket-tunnel.js';
import { changedFields } from '../transformation/change-response.js';
import { type HeldAnswer, headersOfChanged, heldAnswerOf } from '../transformation/held-answer.js';
import { answerFault, isWithoutBody, passHead } from './answer-head.js';
import { Attempts, type Sender } from './attempts.js';
import type { HeadHolder } from './head-flusher.js';
import { InterimAnswers } from './interim-answers.js';
import { leaveUnread } from './leave-unread.js';
import { type Release, releasePart, releaseProblem, releaseRest } from './release.js';
import { responseHeaders } from './response-headers.js';
import {
  AnswerTooLargeError,
  GivenUpError,
  UpstreamAnswerError,
  type UpstreamFault,
  circuitOpen,
  isTimeout,
  lastWordsOf,
  upstreamFault,
} from './upstream-fault.js';

/**
 * An admitted request on its way to the upstream and back. Bodies stream both ways. The byte that completes the answer
 * (the terminator of a chunked body, the head of an answer without one) is held until the usage event is in the journal.
 */
export class Forward implements Sender, JournalWaiter, ClientGoneListener, HeadHolder, MeteredStream {
  bytesIn = 0;
  bytesOut = 0;
  isEnded = false;
  private readonly attempts: Attempts;
  private controller: Dispatcher.DispatchController | null = null;
  /** 0 until the upstream's head has come. */
  private status = 0;
  /** Null as long as there was none. */
  private interim: InterimAnswers | null = null;
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
    this.attempts = new Attempts(gateway, exchange, this);
  }

  start(): void {
    const { exchange, gateway } = this;
    exchange.attempts = 0;
    if (exchange.isClientGone) return this.onClientGone();
    exchange.clientGoneListener = this;
    this.retryAfterMs = this.attempts.enter();
    if (this.retryAfterMs > 0) return this.refuse(circuitOpen);
    gateway.tracer.contextOf(exchange);
    const { billableWhen } = exchange.operation!;
    const { metering } = exchange.account!;
    if (metering.hasValues || billableWhen !== null)
      exchange.cost = new CallCost(metering, billableWhen, gateway.clock);
    exchange.tellContinue();
    if (exchange.content !== null) this.bytesIn = exchange.content.receivedBytes;
    this.attempts.begin();
  }

  /** Nothing of an answer has left yet: another attempt changes nothing for the caller. */
  tryAgain(attempt: number): boolean {
    return !this.isEnded && this.attempts.tryAgain(attempt);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isEnded) controller.abort(new GivenUpError('the client is gone'));
  }

  onBodySent(chunk: Buffer): void {
    const { content, wholeBody } = this.exchange;
    if (wholeBody !== null) this.bytesIn = wholeBody.length;
    else if (content === null) this.bytesIn += chunk.length;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.isEnded) return;
    try {
      this.takeHead(controller, status, headers);
    } catch (error) {
      if (error instanceof UpstreamAnswerError) controller.abort(error);
      else this.fail(error);
    }
  }

  private takeHead(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) {
      this.interim ??= new InterimAnswers(this.exchange);
      return this.interim.take(status, headers);
    }
    const fault = answerFault(status, headers);
    if (fault !== null) return controller.abort(fault);
    const cached = this.exchange.cacheUse?.insteadOf(status, headers) ?? null;
    if (cached !== null) {
      this.serveCached(cached, status === 304 ? 'delivered' : 'cache_hit');
      if (isWithoutBody(this.exchange.request.method!, status, headers)) return;
      return leaveUnread(controller, headers, 'a kept answer stands in');
    }
    this.exchange.tap?.onHead(status, headers);
    const { cost } = this.exchange;
    if (cost !== null) {
      const { billable, countsToQuota } = this.judgeHead(status);
      cost.onHead(
        status,
        headers,
        isWithoutBody(this.exchange.request.method!, status, headers),
        billable || countsToQuota,
      );
    }
    this.held = heldAnswerOf(this.exchange, status, headers);
    if (this.held === null) this.writeHead(status, headers);
  }

  private writeHead(status: number, headers: IncomingHttpHeaders): void {
    const { exchange, gateway } = this;
    const length = headers['content-length'];
    this.remaining = length === undefined ? -1 : Number(length);
    this.isBodyless = isWithoutBody(exchange.request.method!, status, headers);
    const fields = responseHeaders(gateway, exchange, status, this.judgeHead(status), headers);
    passHead(exchange.response, status, changedFields(exchange, fields));
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
    new WebSocketTunnel(this.gateway, this.exchange, socket as UpstreamConnection, headers).start();
  }

  flushHead(): void {
    if (!this.hasWritten && !this.isEnded && !this.exchange.isClientGone) this.exchange.response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isEnded || this.isBodyless || this.exchange.isClientGone) return;
    const { cost } = this.exchange;
    if (cost !== null) {
      const left = Math.max(0, this.exchange.account!.metering.maxResponseBytes - this.bytesOut);
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
      this.lastChunk = lastWordsOf(error);
      if (this.lastChunk === null) this.exchange.breakOff();
      const release = this.lastChunk === null ? 'nothing' : 'rest';
      return this.end(isTimeout(error) ? 'upstream_timeout' : 'upstream_broke', this.status, release);
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
    try {
      this.recordPart(nowMs);
    } catch (error) {
      this.fail(error);
    }
  }

  private recordPart(nowMs: number): void {
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
    if (!this.exchange.isClientGone) guardedRelease(this.gateway, this.exchange, () => this.answer());
  }

  /** The event is in the journal: what is left of the answer may leave. */
  private answer(): void {
    switch (this.release) {
      case 'rest':
        return releaseRest(this.exchange, this.lastChunk, this.trailers);
      case 'problem':
        return releaseProblem(this.gateway, this.exchange, this.refusal!, this.judgement!, this.retryAfterMs);
      case 'part':
        return releasePart(this.exchange, this.lastChunk!);
      case 'nothing':
    }
  }

  onJournalFailed(_error: Error, segment: number | null): void {
    // What a stream has used is its meter's.
    endUnrecorded(this.gateway, this.exchange, this.judgement, this.meter === null ? segment : null);
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

  private refuse({ outcome, refusal }: UpstreamFault): void {
    this.refusal = refusal;
    this.end(outcome, refusal.status, 'problem');
  }

  private end(outcome: Outcome, status: number, release: Release, reason: string | null = null): void {
    this.isEnded = true;
    this.release = release;
    const { body } = this.attempts;
    if (body !== null) this.bytesIn = body.bytes;
    const { exchange } = this;
    if (outcome !== 'delivered') exchange.tap?.onIncomplete();
    try {
      this.record(outcome, status, reason);
    } catch (error) {
      this.fail(error);
    }
  }

  private record(outcome: Outcome, status: number, reason: string | null): void {
    const { gateway, exchange } = this;
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
    this.judgement = recordEnding(
      gateway,
      exchange,
      { ending, traffic: this, cost, upstreamMs: this.upstreamMs },
      this,
    );
  }

  /** A fault of the gateway's own, of which there is no event. */
  private fail(fault: unknown): void {
    const { gateway, exchange } = this;
    // What has ended with its row is over: that it could not be reported ends nothing.
    if (this.judgement !== null) return logFault(gateway, exchange, fault);
    this.isEnded = true;
    this.meter?.abandon();
    failRequest(gateway, exchange, fault);
    this.controller?.abort(new GivenUpError('a fault of the gateway'));
  }

  /** Until the head of the upstream's answer; null when there was none. */
  private get upstreamMs(): number | null {
    return this.status === 0 ? null : this.headAt - this.attempts.sentAt;
  }

  /** As far as the head tells. */
  private judgeHead(status: number): Judgement {
    const { account, operation, cost } = this.exchange;
    return judgeHead(status, account!.billability, operation!.route, cost !== null && cost.isSoftError);
  }

  /** The answer is longer than what is reserved for it: this is the last of it that the client gets. */
  private cut(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.bytesOut += part.length;
    this.exchange.cost!.onData(part);
    this.lastChunk = part;
    this.end('cut_at_maximum', this.status, 'part');
    controller.abort(new UpstreamAnswerError('the answer is longer than what is reserved'));
  }
}
