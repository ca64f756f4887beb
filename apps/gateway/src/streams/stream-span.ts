import type { JournalWaiter } from '#journal';
import type { Watermark, OpenRequest } from '../metering/watermark.js';

/** A stream between two rows: what the watermark must not pass, as the row that will tell of it is not written yet. */
export class StreamSpan implements OpenRequest {
  previous: OpenRequest | null = null;
  next: OpenRequest | null = null;

  constructor(
    /** When it began. */
    readonly admittedMs: number,
    private readonly onLong: (nowMs: number) => void,
  ) {}

  onOverdue(nowMs: number): void {
    this.onLong(nowMs);
  }
}

/** Takes a span out of the watermark once its row is in the journal, and tells whoever waits for the row. */
export class SpanWaiter implements JournalWaiter {
  constructor(
    private readonly watermark: Watermark,
    private readonly span: OpenRequest,
    private readonly waiter: JournalWaiter,
  ) {}

  onJournalled(segment: number): void {
    this.watermark.journalled(this.span, segment);
    this.waiter.onJournalled(segment);
  }

  onJournalFailed(error: Error, segment: number | null): void {
    if (segment === null) this.watermark.leave(this.span);
    else this.watermark.journalled(this.span, segment);
    this.waiter.onJournalFailed(error, segment);
  }
}
