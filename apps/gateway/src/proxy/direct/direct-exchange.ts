import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { writeTogether } from '../../write-together.js';
import { AttemptTimeoutError } from '../upstream-fault.js';
import type { UpstreamDispatch } from '../upstream-dispatcher.js';
import type { DirectConnection } from './direct-connection.js';
import { readInterimAnswer, readPlainAnswer } from './plain-answer.js';

/** After so many interim answers the next is read by somebody who can do it at any length: each takes a look at what follows it. */
const maxHints = 16;

/** Thrown at an answer that stops in the middle for longer than it may. */
class AnswerTimeoutError extends Error {
  readonly code = 'UND_ERR_BODY_TIMEOUT';
}

/** One request and its answer on a connection, told to an undici handler. */
export class DirectExchange implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  /** Nothing more is told. */
  private isOver = false;
  private hasFailed = false;
  /** Somebody else reads the answer: all that is left to do here is to break it off. */
  private isHandedOver = false;
  keepAliveMs: number | null = null;
  /** -1 before the head of the answer. */
  private remaining = -1;
  private hints = 0;
  private connection: DirectConnection | null = null;
  private silentSinceMs = 0;
  /** There was something since the time was looked at last. */
  private wasHeard = false;

  constructor(
    readonly request: UpstreamDispatch,
    readonly handler: Dispatcher.DispatchHandler,
    /** What is sent ahead of the body. */
    private readonly head: string,
  ) {}

  /** The connection is there; false when nobody wants it any more. */
  begin(connection: DirectConnection): boolean {
    this.connection = connection;
    this.silentSinceMs = performance.now();
    try {
      this.handler.onRequestStart?.(this, null);
    } catch (error) {
      this.crash(error as Error);
    }
    return !this.isOver;
  }

  /** Gives all of it to the connection. */
  sendOn(socket: Socket): void {
    const { body } = this.request;
    if (!Buffer.isBuffer(body)) return void socket.write(this.head, 'latin1');
    writeTogether(socket, this.head, body);
    this.handler.onBodySent?.(body);
  }

  abort(reason: Error): void {
    if (this.aborted || (this.isOver && !this.isHandedOver)) return;
    this.aborted = true;
    this.reason = reason;
    this.connection?.drop(reason);
    this.fail(reason);
  }

  pause(): void {
    if (this.isOver) return;
    this.paused = true;
    this.connection!.socket.pause();
  }

  resume(): void {
    if (this.isOver || !this.paused) return;
    this.paused = false;
    this.wasHeard = true;
    this.connection!.socket.resume();
  }

  /**
   * Takes what has come of the answer and keeps nothing of it. Returns what is for somebody who knows more of HTTP: null when
   * there is nothing of that kind.
   */
  read(chunk: Buffer): Buffer | null {
    if (this.remaining !== -1) {
      this.readBody(chunk, 0);
      return null;
    }
    const at = this.skipInterim(chunk);
    // A hint says nothing of when the answer comes: the time for that goes on.
    if (this.isOver || at === chunk.length) return null;
    const rest = at === 0 ? chunk : chunk.subarray(at);
    const answer = readPlainAnswer(rest);
    if (answer === null) return rest;
    this.remaining = answer.contentLength;
    this.keepAliveMs = answer.keepAliveMs;
    this.handler.onResponseStart?.(this, answer.status, answer.headers, '');
    this.readBody(rest, answer.length);
    return null;
  }

  /** What an upstream says before its answer is told and has no consequence here, also a 100 that was not asked for (RFC 9110 §15.2). */
  private skipInterim(chunk: Buffer): number {
    let at = 0;
    while (!this.isOver && this.hints < maxHints) {
      const hint = readInterimAnswer(chunk, at);
      if (hint === null) break;
      at += hint.length;
      this.hints++;
      this.handler.onResponseStart?.(this, hint.status, hint.headers, '');
    }
    return at;
  }

  private readBody(chunk: Buffer, at: number): void {
    this.wasHeard = true;
    const end = Math.min(chunk.length, at + this.remaining);
    if (end > at && !this.isOver) {
      this.remaining -= end - at;
      this.handler.onResponseData?.(this, Buffer.from(chunk.subarray(at, end)));
    }
    if (this.isOver || this.remaining > 0) return;
    this.isOver = true;
    this.connection!.release(end === chunk.length);
    this.handler.onResponseEnd?.(this, {});
  }

  /** Breaks off what has been silent for too long: never earlier, and later by as much as lies between two looks at most. */
  checkTime(nowMs: number): void {
    if (this.wasHeard) this.silentSinceMs = nowMs;
    this.wasHeard = false;
    const { request, remaining } = this;
    const silentMs = nowMs - this.silentSinceMs;
    if (remaining === -1) {
      if (silentMs > request.headersTimeout) this.abort(new AttemptTimeoutError('no answer came in time'));
    } else if (!this.paused && silentMs > request.bodyTimeout) {
      this.abort(new AnswerTimeoutError('the answer has stopped'));
    }
  }

  handOver(): void {
    this.isOver = true;
    this.isHandedOver = true;
  }

  fail(error: Error): void {
    if (!this.isOver) this.crash(error);
  }

  /** The handler itself has failed, perhaps at the end of an answer. */
  crash(error: Error): void {
    if (this.hasFailed) return;
    this.isOver = true;
    this.hasFailed = true;
    this.handler.onResponseError?.(this, error);
  }
}
