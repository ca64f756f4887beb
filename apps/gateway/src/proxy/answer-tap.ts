import type { IncomingHttpHeaders } from 'node:http';

/** Sees the upstream's answer to a request as it passes, to keep it. */
export interface AnswerTap {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  onData(chunk: Buffer): void;
  /** The request and its answer have passed whole. */
  onComplete(): void;
  /** The answer never came, or broke off. */
  onIncomplete(): void;
}
