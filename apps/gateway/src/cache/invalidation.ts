import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerTap } from '../proxy/answer-tap.js';
import type { ResponseCache } from './response-cache.js';

/** Forgets what is kept for an address once an unsafe call to it has not failed (RFC 9111 §4.4). */
export class Invalidation implements AnswerTap {
  constructor(
    private readonly cache: ResponseCache,
    private readonly addresses: (headers: IncomingHttpHeaders) => readonly string[],
    /** Who else sees the answer. */
    private readonly next: AnswerTap | null,
  ) {}

  onHead(status: number, headers: IncomingHttpHeaders): void {
    if (status < 400) for (const address of this.addresses(headers)) this.cache.invalidate(address);
    this.next?.onHead(status, headers);
  }

  onData(chunk: Buffer): void {
    this.next?.onData(chunk);
  }

  onComplete(): void {
    this.next?.onComplete();
  }

  onIncomplete(): void {
    this.next?.onIncomplete();
  }
}
