import type { IncomingHttpHeaders } from 'node:http';
import type { IdempotencyPolicy } from '#domain';
import type { ReplayClaim, ReplayStore } from '#limits';
import type { Logger } from '#observability';
import type { AnswerTap } from '../proxy/answer-tap.js';
import { AnswerBuffer } from '../stored/answer-buffer.js';
import { storableHeaders } from '../stored/stored-answer.js';
import { NOT_KEPT, encodeAnswer } from './answer-record.js';

const TOO_MANY_REQUESTS = 429;

/**
 * Keeps the answer of a call that has claimed its key. Nothing is kept of a call that failed at the upstream, broke off or
 * was refused: it may be made again.
 */
export class ReplayRecorder implements AnswerTap {
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private isSettled = false;
  private readonly buffer: AnswerBuffer;

  constructor(
    private readonly store: ReplayStore,
    private readonly claim: ReplayClaim,
    private readonly policy: IdempotencyPolicy,
    private readonly log: Logger,
  ) {
    this.buffer = new AnswerBuffer(policy.maxBodyBytes);
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = storableHeaders(headers);
  }

  onData(chunk: Buffer): void {
    this.buffer.add(chunk);
  }

  onComplete(): void {
    const { status, headers, buffer, policy } = this;
    if (status >= 500 || status === TOO_MANY_REQUESTS) return this.onIncomplete();
    const answer = buffer.isTooLong ? NOT_KEPT : encodeAnswer({ status, headers, body: buffer.body() });
    this.settle(this.store.complete(this.claim, answer, policy.keepSeconds * 1000));
  }

  onIncomplete(): void {
    if (!this.isSettled) this.settle(this.store.abandon(this.claim));
  }

  private settle(done: Promise<void>): void {
    this.isSettled = true;
    done.catch((error: Error) => this.log.warn({ error: error.message }, 'an answer was not kept for its replay'));
  }
}
