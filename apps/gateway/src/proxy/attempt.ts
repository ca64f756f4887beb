import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { leaveUnread } from './leave-unread.js';
import { type RetryRules, isRetriable } from './retry-rules.js';
import { AttemptTimeoutError, GivenUpError, NoWebSocketError } from './upstream-fault.js';
import type { UpstreamHealth } from './upstream-health.js';

/** Who wants the answer, and can want another attempt. */
export interface Attempter extends Required<
  Pick<
    Dispatcher.DispatchHandler,
    'onRequestStart' | 'onRequestUpgrade' | 'onResponseStart' | 'onResponseData' | 'onResponseEnd' | 'onResponseError'
  >
> {
  onBodySent(chunk: Buffer): void;
  /** Makes another attempt after `attempt`, if it may; false when this one must do. */
  tryAgain(attempt: number): boolean;
}

/**
 * One attempt to get an answer from an upstream with retries or a circuit breaker. What it gets it hands on, unless
 * another attempt follows; it tells the upstream's health how it went.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private readonly timer: NodeJS.Timeout;
  private isGivenUp = false;
  private hasHead = false;
  private isSettled = false;
  private failure: 'none' | 'server' | 'aborted' = 'none';

  constructor(
    private readonly attempter: Attempter,
    private readonly number: number,
    private readonly upstream: UpstreamEntry,
    private readonly retries: RetryRules | null,
    private readonly health: UpstreamHealth,
    /** Until the head of an answer. undici's own clock ticks twice a second only. */
    timeoutMs: number,
  ) {
    health.began(number > 1);
    this.timer = setTimeout(() => this.onTimeout(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isGivenUp) return controller.abort(new GivenUpError('it took too long to connect'));
    this.controller = controller;
    this.attempter.onRequestStart(controller, null);
  }

  onBodySent(chunk: Buffer): void {
    this.timer.refresh();
    this.attempter.onBodySent(chunk);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) {
      clearTimeout(this.timer);
      this.hasHead = true;
      if (status >= 500) this.failure = 'server';
      if (this.retries?.onStatus.has(status) && this.attempter.tryAgain(this.number)) {
        this.isGivenUp = true;
        return leaveUnread(controller, headers, 'another attempt follows');
      }
    }
    this.attempter.onResponseStart(controller, status, headers);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    this.settle();
    this.attempter.onRequestUpgrade(controller, status, headers, socket);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.isGivenUp) this.attempter.onResponseData(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.settle();
    if (!this.isGivenUp) this.attempter.onResponseEnd(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isGivenUp) return this.settle();
    this.isGivenUp = true;
    // An upstream that takes no WebSocket may do well otherwise. What its head has said of it stays said.
    const isAborted = error instanceof GivenUpError || error instanceof NoWebSocketError;
    if (!isAborted) this.failure = 'server';
    else if (this.failure === 'none') this.failure = 'aborted';
    this.settle();
    const { retries } = this;
    const mayRepeat = !this.hasHead && retries !== null && isRetriable(retries, error, this.controller !== null);
    if (mayRepeat && this.attempter.tryAgain(this.number)) return;
    this.attempter.onResponseError(controller, error);
  }

  /** A connection that is still being made cannot be called off; what comes of it is not waited for. */
  private onTimeout(): void {
    if (this.controller) this.controller.abort(new AttemptTimeoutError());
    else this.onResponseError(null as never, new AttemptTimeoutError());
  }

  private settle(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.health.ended(this.number > 1);
    const { circuitBreaker } = this.upstream;
    if (circuitBreaker === null) return;
    if (this.failure === 'none') this.health.succeeded();
    else if (this.failure === 'server') this.health.failed(circuitBreaker, performance.now());
    else this.health.saidNothing();
  }
}
