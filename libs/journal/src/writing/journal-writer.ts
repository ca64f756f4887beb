import type { UsageEvent } from '#domain';
import { faulty, faultySync } from '#faults';
import { JournalError } from '../journal-error.js';
import { RecordBatch } from './record-batch.js';
import { type SealedSegment, SegmentWriter } from './segment-writer.js';

const defaultSyncIntervalMs = 50;
const defaultMaxSegmentBytes = 1024 * 1024;
const defaultMaxSegmentAgeMs = 1_000;
const defaultRetryMs = 1_000;
const preallocateBytes = 128 * 1024;

/** Told once what became of an appended event. What it throws reaches `onError`, and harms no other waiter. */
export interface JournalWaiter {
  /** The event is in the file of that segment; in strict mode also on the disk. Follows a turn of the event loop or later. */
  onJournalled(segment: number): void;
  /**
   * The event is not known to be in the journal as it should be: what depends on it must not happen. `segment` is the one whose file it
   * was written into before the disk refused to sync it, as it will most likely be counted all the same; null when it is in none.
   */
  onJournalFailed(error: Error, segment: number | null): void;
}

/** `writing`, or `failed` while the disk takes nothing (it tries again by itself), or `closed` for good. */
export type JournalState = 'writing' | 'failed' | 'closed';

export interface JournalWriterOptions {
  readonly folder: string;
  readonly gatewayId: string;
  readonly epoch: number;
  /** `interval`: a power cut loses at most the last interval. `strict`: it loses nothing that was journalled. */
  readonly sync: 'interval' | 'strict';
  readonly syncIntervalMs?: number;
  /** A segment is sealed when it is at least this long, and when its first event is this old. */
  readonly maxSegmentBytes?: number;
  readonly maxSegmentAgeMs?: number;
  /** How long it waits before it tries a disk again that has refused a write. */
  readonly retryMs?: number;
  /** In the order of the segments, each once, after every waiter of the segment was told. */
  readonly onSealed?: (segment: SealedSegment) => void;
  /** Errors that no caller sees, such as a failed sync, or a waiter that throws; and every change of state. */
  readonly onError?: (error: Error) => void;
  readonly onState?: (state: JournalState) => void;
}

/**
 * Appends usage events to the segments of one epoch. Events of one turn of the event loop are written with one write;
 * their waiters are told afterwards. Segment numbers begin at 1 and have no gaps.
 */
export class JournalWriter {
  private currentState: JournalState = 'writing';
  private segment: SegmentWriter | null = null;
  private lastSegment = 0;
  private readonly batch = new RecordBatch();
  private waiters: JournalWaiter[] = [];
  private isFlushScheduled = false;
  private unsynced: { readonly segment: SegmentWriter; readonly waiters: readonly JournalWaiter[] }[] = [];
  private syncing: Promise<void> | null = null;
  private sealing: Promise<void> = Promise.resolve();
  private syncTimer: NodeJS.Timeout | undefined;
  private ageTimer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;

  private constructor(private readonly options: JournalWriterOptions) {}

  /** A writer for an epoch that was never written in before; the folder must exist and be locked by the caller. */
  static open(options: JournalWriterOptions): JournalWriter {
    return new JournalWriter(options);
  }

  get state(): JournalState {
    return this.currentState;
  }

  /** The number of the newest segment, 0 before the first. */
  get newestSegment(): number {
    return this.lastSegment;
  }

  /** Takes an event; the waiter is told once, never before this call has returned. */
  append(event: UsageEvent, waiter: JournalWaiter): void {
    if (this.currentState !== 'writing') {
      const error = new JournalError('journal_unavailable', `The journal takes no events: it is ${this.currentState}.`);
      setImmediate(() => this.tell([waiter], (one) => one.onJournalFailed(error, null)));
      return;
    }
    this.batch.add(event);
    this.waiters.push(waiter);
    if (this.isFlushScheduled) return;
    this.isFlushScheduled = true;
    setImmediate(this.flush);
  }

  /** Writes what waits, seals the last segment and returns when all are sealed. Nothing can be appended afterwards. */
  async close(): Promise<void> {
    if (this.currentState === 'closed') return this.sealing;
    this.flush();
    this.setState('closed');
    clearTimeout(this.retryTimer);
    await this.syncing;
    this.sealCurrent();
    await this.sealing;
  }

  private readonly flush = (): void => {
    this.isFlushScheduled = false;
    if (this.waiters.length === 0) return;
    const waiters = this.waiters;
    this.waiters = [];
    let segment: SegmentWriter;
    try {
      segment = this.writeBatch();
    } catch (error) {
      this.batch.clear();
      this.fail(error as Error);
      this.tell(waiters, (waiter) => waiter.onJournalFailed(error as Error, null));
      return;
    }
    this.batch.clear();
    if (this.options.sync === 'strict') {
      this.unsynced.push({ segment, waiters });
      this.syncStrictly();
    } else {
      this.syncTimer ??= setTimeout(this.syncByInterval, this.options.syncIntervalMs ?? defaultSyncIntervalMs);
      this.tell(waiters, (waiter) => waiter.onJournalled(segment.identity.segment));
    }
    if (segment.dataLength >= (this.options.maxSegmentBytes ?? defaultMaxSegmentBytes)) this.sealCurrent();
  };

  private writeBatch(): SegmentWriter {
    const segment = this.segment ?? this.beginSegment(this.options.sync === 'strict');
    faultySync('journal-write', () => segment.write(this.batch.bytes(), this.batch.eventCount));
    return segment;
  }

  private beginSegment(isPreallocated: boolean): SegmentWriter {
    const { folder, gatewayId, epoch } = this.options;
    this.segment = SegmentWriter.create({
      folder,
      gatewayId,
      epoch,
      segment: this.lastSegment + 1,
      preallocateBytes: isPreallocated ? preallocateBytes : 0,
    });
    this.lastSegment++;
    this.ageTimer = setTimeout(this.sealCurrent, this.options.maxSegmentAgeMs ?? defaultMaxSegmentAgeMs);
    return this.segment;
  }

  private readonly sealCurrent = (): void => {
    const segment = this.segment;
    if (!segment) return;
    this.segment = null;
    clearTimeout(this.ageTimer);
    clearTimeout(this.syncTimer);
    this.syncTimer = undefined;
    this.sealing = Promise.all([this.sealing, this.syncing]).then(() => this.sealUntilDone(segment));
  };

  private async sealUntilDone(segment: SegmentWriter): Promise<void> {
    for (;;) {
      try {
        const sealed = await faulty('seal', () => segment.seal());
        this.options.onSealed?.(sealed);
        return;
      } catch (error) {
        this.options.onError?.(error as Error);
        if (this.currentState === 'closed') return;
        await new Promise((resolve) => setTimeout(resolve, this.options.retryMs ?? defaultRetryMs));
      }
    }
  }

  private readonly syncByInterval = (): void => {
    this.syncTimer = undefined;
    this.segment?.sync().catch((error: Error) => this.fail(error));
  };

  /** One sync at a time; what is written meanwhile waits for the next. */
  private syncStrictly(): void {
    this.syncing ??= this.syncUntilNoneWait().finally(() => {
      this.syncing = null;
      if (this.unsynced.length > 0) this.syncStrictly();
    });
  }

  private async syncUntilNoneWait(): Promise<void> {
    while (this.unsynced.length > 0) {
      const batches = this.unsynced;
      this.unsynced = [];
      try {
        for (const segment of new Set(batches.map((batch) => batch.segment))) await segment.sync();
      } catch (error) {
        this.fail(error as Error);
        for (const { segment, waiters } of batches)
          this.tell(waiters, (waiter) => waiter.onJournalFailed(error as Error, segment.identity.segment));
        continue;
      }
      for (const { segment, waiters } of batches)
        this.tell(waiters, (waiter) => waiter.onJournalled(segment.identity.segment));
    }
  }

  /** One that throws keeps nobody from being told: what it throws is an error like the others. */
  private tell(waiters: readonly JournalWaiter[], say: (waiter: JournalWaiter) => void): void {
    for (const waiter of waiters) {
      try {
        say(waiter);
      } catch (error) {
        this.options.onError?.(error as Error);
      }
    }
  }

  /** After a refused write or sync nothing is trusted: the segment ends where it was whole, a new one must be possible. */
  private fail(error: Error): void {
    this.options.onError?.(error);
    if (this.currentState !== 'writing') return;
    this.sealCurrent();
    this.setState('failed');
    this.retryTimer = setTimeout(this.retry, this.options.retryMs ?? defaultRetryMs);
  }

  /** Space taken in advance proves that the disk has some again. */
  private readonly retry = (): void => {
    try {
      this.beginSegment(true);
      this.setState('writing');
    } catch (error) {
      this.options.onError?.(error as Error);
      this.retryTimer = setTimeout(this.retry, this.options.retryMs ?? defaultRetryMs);
    }
  };

  private setState(state: JournalState): void {
    this.currentState = state;
    this.options.onState?.(state);
  }
}
