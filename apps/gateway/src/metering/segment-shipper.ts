import fs from 'node:fs/promises';
import path from 'node:path';
import { faulty } from '#faults';
import {
  JournalError,
  type LeftoverSegment,
  ReusedBuffer,
  type SealedSegment,
  type SegmentContent,
  readSegmentPayloads,
  segmentPath,
} from '#journal';
import type { Logger } from '#observability';
import { SEGMENT_JOB_NAME, type SegmentJob, encodeSegmentJob, segmentContentHash } from '#queues';

/** Where segment jobs are put. */
export interface SegmentQueue {
  add(jobName: typeof SEGMENT_JOB_NAME, job: SegmentJob): Promise<unknown>;
  close(): Promise<void>;
}

interface SegmentPlace {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
}

/** Which of these segments the ledger has, and with which content. */
export type ReadAcknowledgements = (
  segments: readonly SegmentPlace[],
) => Promise<readonly (SegmentPlace & { readonly contentHash: string })[]>;

export interface SegmentShipperOptions {
  readonly gatewayId: string;
  readonly queue: SegmentQueue;
  readonly readAcknowledgements: ReadAcknowledgements;
  readonly log: Logger;
  /** Segments that are shipped and not acknowledged, at most. Default 8. */
  readonly maxInFlight?: number;
  /** After this long without an acknowledgement a segment is shipped again. Default 15 s. */
  readonly acknowledgementTimeoutMs?: number;
  /** How often the ledger is asked. Default 250 ms. */
  readonly intervalMs?: number;
  /** How often damaged segments are looked at again: an operator may have put them right. Default 5 s. */
  readonly mendedIntervalMs?: number;
}

interface Shipment {
  /** Of the header, once the file was read: the folder may have belonged to a gateway of another name. */
  gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  file: string;
  attempt: number;
  /** Known once the file was read. */
  contentHash: string | null;
  shippedAt: number | null;
  /**
   * Why it cannot be shipped: it is `damaged`, which can be put right, or `contradicted`, as the ledger has it with another
   * content. The file stays.
   */
  held: 'damaged' | 'contradicted' | null;
}

const maxAsked = 500;
const firstBackOffMs = 250;
const lastBackOffMs = 5_000;

/**
 * Ships sealed segments to the ledger and deletes each when, and only when, the ledger has acknowledged that very
 * segment with that very content. A queue or database that is away delays it and loses nothing.
 */
export class SegmentShipper {
  /** By epoch and segment, in the order of writing. */
  private readonly shipments = new Map<string, Shipment>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private backOffMs = 0;
  private pausedUntil = 0;
  private mendedSoughtAt = 0;
  private isStopped = false;
  /** One segment is read and packed at a time. */
  private readonly fileMemory = new ReusedBuffer();
  private readonly linesMemory = new ReusedBuffer();

  constructor(private readonly options: SegmentShipperOptions) {}

  /** Takes a segment; those of earlier epochs first. */
  add(segment: SealedSegment | LeftoverSegment): void {
    const { epoch, file } = segment;
    const shipment: Shipment = {
      gatewayId: this.options.gatewayId,
      epoch,
      segment: segment.segment,
      file,
      attempt: 0,
      contentHash: null,
      shippedAt: null,
      held: null,
    };
    this.shipments.set(`${epoch} ${segment.segment}`, shipment);
    if ('damage' in segment && segment.damage)
      this.hold(shipment, 'damaged', `it is damaged: ${segment.damage.message}`);
    else this.wake();
  }

  get unacknowledged(): number {
    return this.shipments.size;
  }

  get held(): number {
    return [...this.shipments.values()].filter(({ held }) => held !== null).length;
  }

  /** True while a segment of an earlier epoch is not acknowledged. */
  hasLeftovers(currentEpoch: number): boolean {
    for (const { epoch } of this.shipments.values()) return epoch < currentEpoch;
    return false;
  }

  start(): void {
    this.wake();
  }

  /** Waits until everything is acknowledged, at most so long; then ships no more. False when something is left. */
  async stop(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    this.wake();
    while (this.unacknowledged > this.held && performance.now() < deadline) await this.pause(20);
    this.isStopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.running, this.pause(1_000)]);
    return this.unacknowledged === 0;
  }

  private wake(): void {
    if (this.isStopped || this.running) return;
    clearTimeout(this.timer);
    this.running = this.round().finally(() => {
      this.running = null;
      if (this.isStopped || this.shipments.size === 0) return;
      this.timer = setTimeout(() => this.wake(), Math.max(this.options.intervalMs ?? 250, this.backOffMs));
    });
  }

  private async round(): Promise<void> {
    try {
      await this.releaseMended();
      await this.takeAcknowledgements();
      if (performance.now() >= this.pausedUntil) await this.shipWaiting();
      this.backOffMs = 0;
    } catch (error) {
      this.backOffMs = Math.min(Math.max(firstBackOffMs, this.backOffMs * 2), lastBackOffMs);
      this.pausedUntil = performance.now() + this.backOffMs;
      const { message } = error as Error;
      this.options.log.warn(
        { error: message, unacknowledged: this.shipments.size },
        'usage cannot be shipped; trying again',
      );
    }
  }

  /** Ships a damaged segment after all when a whole one has taken its place. */
  private async releaseMended(): Promise<void> {
    if (performance.now() < this.mendedSoughtAt + (this.options.mendedIntervalMs ?? 5_000)) return;
    this.mendedSoughtAt = performance.now();
    for (const shipment of this.shipments.values()) {
      if (shipment.held !== 'damaged') continue;
      const sealed = segmentPath(path.dirname(shipment.file), { ...shipment, state: 'sealed' });
      const content = await readSegmentPayloads(sealed, this.fileMemory).catch(() => null);
      if (content === null || content.damage !== null) continue;
      Object.assign(shipment, { file: sealed, held: null, contentHash: null });
      const { epoch, segment } = shipment;
      this.options.log.warn({ epoch, segment, file: sealed }, 'a journal segment was put right, and is shipped');
    }
  }

  private async takeAcknowledgements(): Promise<void> {
    const asked = [...this.shipments.values()].filter(({ held }) => held === null).slice(0, maxAsked);
    if (asked.length === 0) return;
    const read = () => this.options.readAcknowledgements(asked);
    for (const acknowledgement of await faulty('acknowledgement-read', read)) {
      const key = `${acknowledgement.epoch} ${acknowledgement.segment}`;
      const shipment = this.shipments.get(key);
      if (!shipment) continue;
      const content = shipment.contentHash === null ? await this.read(shipment) : null;
      if (shipment.held !== null) continue;
      if (content) shipment.contentHash = segmentContentHash(content.payloads);
      if (shipment.contentHash !== acknowledgement.contentHash) {
        this.hold(shipment, 'contradicted', 'the ledger has it with another content');
        continue;
      }
      await faulty('segment-delete', () => fs.rm(shipment.file, { force: true }));
      this.shipments.delete(key);
    }
  }

  private async shipWaiting(): Promise<void> {
    const timeoutMs = this.options.acknowledgementTimeoutMs ?? 15_000;
    const open = [...this.shipments.values()].filter(({ held }) => held === null);
    const isInFlight = ({ shippedAt }: Shipment) => shippedAt !== null && performance.now() - shippedAt < timeoutMs;
    const room = (this.options.maxInFlight ?? 8) - open.filter(isInFlight).length;
    const next = open.filter((shipment) => !isInFlight(shipment)).slice(0, Math.max(0, room));
    for (const shipment of next) await this.ship(shipment);
  }

  private async ship(shipment: Shipment): Promise<void> {
    const content = await this.read(shipment);
    if (!content) return;
    const { payloads } = content;
    const job = await encodeSegmentJob({ ...shipment, attempt: shipment.attempt + 1, payloads }, this.linesMemory.take);
    shipment.contentHash = job.contentHash;
    await faulty('segment-enqueue', () => this.options.queue.add(SEGMENT_JOB_NAME, job));
    shipment.attempt++;
    shipment.shippedAt = performance.now();
    if (shipment.attempt > 1) {
      const { epoch, segment, attempt } = shipment;
      this.options.log.warn({ epoch, segment, attempt }, 'a segment was not acknowledged in time; shipped again');
    }
  }

  /** Null, and the shipment is held, when the file is not what was written. */
  private async read(shipment: Shipment): Promise<SegmentContent | null> {
    try {
      const content = await readSegmentPayloads(shipment.file, this.fileMemory);
      shipment.gatewayId = content.header.gatewayId;
      if (!content.damage) return content;
      this.hold(shipment, 'damaged', `it is damaged at byte ${content.damage.offset}: ${content.damage.message}`);
    } catch (error) {
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isGone && !(error instanceof JournalError)) throw error;
      this.hold(shipment, 'damaged', (error as Error).message);
    }
    return null;
  }

  private hold(shipment: Shipment, as: 'damaged' | 'contradicted', why: string): void {
    shipment.held = as;
    const { epoch, segment, file } = shipment;
    this.options.log.error({ epoch, segment, file }, `a journal segment needs an operator: ${why}. The file is kept.`);
  }

  private pause(forMs: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, forMs));
  }
}
