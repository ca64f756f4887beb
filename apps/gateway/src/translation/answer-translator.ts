import type { IncomingHttpHeaders } from 'node:http';
import { MalformedAnswerError, OversizedAnswerError } from '#translation';
import type { Dispatcher } from 'undici';
import { AnswerTooLargeError, UpstreamAnswerError } from '../proxy/upstream-fault.js';

/**
 * Stands between an upstream of another protocol and whoever takes its answer: a handler to the one, a controller to the other. What
 * the taker gives up is given up at the upstream; what is wrong with the upstream's answer ends the call.
 */
export abstract class AnswerTranslator implements Dispatcher.DispatchHandler, Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  protected isOver = false;
  /** Null before the request has begun, and once its answer has ended. */
  protected upstream: Dispatcher.DispatchController | null = null;

  constructor(protected readonly taker: Dispatcher.DispatchHandler) {}

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.upstream = controller;
    this.onBegun();
    this.taker.onRequestStart?.(this, context);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.isOver) return;
    if (status < 200) this.taker.onResponseStart?.(this, status, headers);
    else this.step(() => this.onHead(status, headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.isOver) this.step(() => this.onData(chunk));
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.upstream = null;
    if (!this.isOver) this.step(() => this.onEnd(trailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.upstream = null;
    this.fail(error);
  }

  /** Of the taker: nothing more is wanted. */
  abort(reason: Error): void {
    if (this.isOver) return;
    this.aborted = true;
    this.reason = reason;
    this.fail(reason);
  }

  pause(): void {
    this.paused = true;
    this.upstream?.pause();
  }

  resume(): void {
    this.paused = false;
    if (!this.isOver) this.upstream?.resume();
  }

  /** Again where an answer that is unusual is read anew. */
  protected onBegun(): void {}
  /** A final head; data and end follow. */
  protected abstract onHead(status: number, headers: IncomingHttpHeaders): void;
  protected abstract onData(chunk: Buffer): void;
  protected abstract onEnd(trailers: IncomingHttpHeaders): void;
  /** Once, however the call ends. */
  protected onOver(): void {}

  /** Tells the taker of a whole answer. */
  protected give(status: number, headers: IncomingHttpHeaders, body: Buffer): void {
    this.taker.onResponseStart?.(this, status, { ...headers, 'content-length': String(body.length) });
    if (!this.isOver && body.length > 0) this.taker.onResponseData?.(this, body);
    this.complete({});
  }

  /** The taker has had all of the answer. */
  protected complete(trailers: IncomingHttpHeaders): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onOver();
    this.taker.onResponseEnd?.(this, trailers);
  }

  protected fail(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onOver();
    this.upstream?.abort(error);
    this.taker.onResponseError?.(this, error);
  }

  /** Faults of the answer are the upstream's; others are ours, and the dispatcher's to tell. */
  protected step(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof MalformedAnswerError) this.fail(new UpstreamAnswerError(error.message, { cause: error }));
      else if (error instanceof OversizedAnswerError) this.fail(new AnswerTooLargeError(error.message));
      else throw error;
    }
  }
}
