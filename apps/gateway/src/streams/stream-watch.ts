import type { Clock } from '#domain';
import type { OpenRequest, Watermark } from '../metering/watermark.js';

export interface StreamTimes {
  /** A stream writes a row at least this often. */
  readonly checkpointMs: number;
  /** How often streams are looked at: so late are a revoked key and a checkpoint noticed. */
  readonly reviewMs: number;
}

export const defaultStreamTimes: StreamTimes = { checkpointMs: 55_000, reviewMs: 400 };

/** A stream that goes on without requests, so that somebody must look whether it still may. */
export interface WatchedStream {
  review(nowMs: number): void;
  /** The gateway stops. */
  stop(): void;
}

/** Looks after all that stays open: asks for checkpoints, and ends what may not go on. Costs short requests nothing. */
export class StreamWatch {
  private readonly streams = new Set<WatchedStream>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly watermark: Watermark,
    private readonly clock: Clock,
    private readonly times: StreamTimes = defaultStreamTimes,
  ) {}

  get openStreams(): number {
    return this.streams.size;
  }

  add(stream: WatchedStream): void {
    this.streams.add(stream);
  }

  remove(stream: WatchedStream): void {
    this.streams.delete(stream);
  }

  start(): void {
    this.timer = setInterval(this.review, this.times.reviewMs);
  }

  /** Ends every stream, and looks after none any more. */
  stop(): void {
    clearInterval(this.timer);
    for (const stream of this.streams) stream.stop();
  }

  private readonly review = (): void => {
    const nowMs = this.clock.nowMs();
    for (const stream of this.streams) stream.review(nowMs);
    const overdue: OpenRequest[] = [];
    for (const open of this.watermark.openedBefore(nowMs - this.times.checkpointMs)) overdue.push(open);
    for (const open of overdue) open.onOverdue?.(nowMs);
  };
}
