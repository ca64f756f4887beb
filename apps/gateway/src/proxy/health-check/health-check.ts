import type { IncomingHttpHeaders } from 'node:http';
import type { HealthCheckPolicy } from '#domain';
import type { Dispatcher } from 'undici';
import type { UpstreamEntry } from '../../snapshot/catalog.js';
import type { UpstreamDispatcher } from '../upstream-dispatcher.js';
import { AttemptTimeoutError, GivenUpError } from '../upstream-fault.js';

/** Nothing of a caller, and not the upstream's credential: a page about health is for anybody who can reach it. */
const fields = ['accept', '*/*', 'user-agent', 'tollgate-health-check'];
/** An answer is read to its end when it is short, as its connection is worth more. */
const maxReadBytes = 64 * 1024;
/** The first question after a start or a change is not long in coming, and yet not all at once. */
const maxFirstWaitMs = 2_000;

export interface HealthCheckOptions {
  readonly poolOf: (target: UpstreamEntry) => UpstreamDispatcher;
  /** Told when a target is left out from now on, or is back; `reason` is of the latest answer. */
  readonly onTurn: (target: UpstreamEntry, isHealthy: boolean, reason: string) => void;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** Asks one target again and again whether it is well. It is taken to be until it has answered otherwise often enough. */
export class HealthCheck {
  isHealthy = true;
  /** By the monotonic clock, when it is asked next. */
  private nextAt = 0;
  /** Answers in a row that say otherwise than what is known. */
  private contrary = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private target: UpstreamEntry,
    private readonly policy: HealthCheckPolicy,
    private readonly options: HealthCheckOptions,
  ) {
    this.schedule(Math.min(maxFirstWaitMs, policy.intervalSeconds * 1_000) * options.random());
  }

  /** The same place by a newer catalogue. */
  renew(target: UpstreamEntry): void {
    this.target = target;
  }

  /** Milliseconds until a request makes sense; 0 for now. */
  waitMs(nowMs: number): number {
    return this.isHealthy ? 0 : Math.max(1, this.nextAt - nowMs);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(waitMs: number): void {
    this.nextAt = performance.now() + waitMs;
    this.timer = setTimeout(() => this.ask(), waitMs).unref();
  }

  private ask(): void {
    const { path, intervalSeconds, timeoutSeconds } = this.policy;
    const timeoutMs = timeoutSeconds * 1_000;
    // A tenth sooner or later, so that gateways do not ask together.
    this.nextAt = performance.now() + intervalSeconds * 1_000 * (0.9 + this.options.random() / 5);
    const question = new Question(timeoutMs, (status, reason) => this.take(status, reason));
    const request = { path, method: 'GET', headers: [...fields], headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    this.options.poolOf(this.target).dispatch(request, question);
  }

  private take(status: number | null, reason: string): void {
    if (this.isStopped) return;
    const { healthyAfter, unhealthyAfter, expectedStatuses } = this.policy;
    const isGood = status !== null && (expectedStatuses?.includes(status) ?? Math.floor(status / 100) === 2);
    this.contrary = isGood === this.isHealthy ? 0 : this.contrary + 1;
    if (this.contrary >= (isGood ? healthyAfter : unhealthyAfter)) {
      this.isHealthy = isGood;
      this.contrary = 0;
      this.options.onTurn(this.target, isGood, reason);
    }
    this.schedule(Math.max(0, this.nextAt - performance.now()));
  }
}

/** One question, that is answered once: by a status, or by why there is none. */
class Question implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | null = null;
  private isAnswered = false;
  private bytes = 0;

  constructor(
    timeoutMs: number,
    private readonly onAnswer: (status: number | null, reason: string) => void,
  ) {
    this.timer = setTimeout(() => {
      this.answer(null, 'no answer in time');
      this.controller?.abort(new AttemptTimeoutError());
    }, timeoutMs).unref();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isAnswered) return controller.abort(new GivenUpError('it took too long to connect'));
    this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, _headers: IncomingHttpHeaders): void {
    if (status >= 200) this.answer(status, `status ${status}`);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > maxReadBytes) controller.abort(new GivenUpError('the answer is long, and its status is enough'));
  }

  onResponseEnd(): void {}

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.answer(null, error.message);
  }

  private answer(status: number | null, reason: string): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    clearTimeout(this.timer);
    this.onAnswer(status, reason);
  }
}
