import type { JournalWaiter } from '#journal';
import type { PostgresMoneyLeases, PostgresQuotaLeases, QuotaBook, RateWindowStore, ReservedUnits } from '#limits';
import type { GatewayCore } from './gateway-core.js';
import type { SegmentShipper } from './metering/segment-shipper.js';
import type { UpstreamUpkeep } from './proxy/upstream-upkeep.js';
import type { TrafficWriter } from './traffic/traffic-writer.js';
import type { RateLimitBook } from './policies/rate-limit-book.js';
import type { OwnProcess } from './snapshot/own-process.js';
import { GatewayIdTakenError, type GatewayRegistration } from './snapshot/gateway-registration.js';

/** What is not written is found again at the next start. */
const unattended: JournalWaiter = { onJournalled: () => undefined, onJournalFailed: () => undefined };
const sweepMs = 60_000;
const tellMs = 5_000;

export interface HousekeepingOptions {
  readonly core: GatewayCore;
  readonly epoch: number;
  /** The last epoch that the journal's folder knew before: what it left is in that folder, or in the ledger. */
  readonly lastEpoch: number;
  /** The watermark of a gateway that the database does not know yet. */
  readonly firstWatermarkMs: number;
  readonly registration: GatewayRegistration;
  /** Null where nothing is told of the process. */
  readonly process: OwnProcess | null;
  readonly leases: readonly (PostgresQuotaLeases | PostgresMoneyLeases)[];
  readonly quotas: readonly QuotaBook[];
  /** What calls have taken that earlier epochs have admitted and not recorded. */
  readonly reservedBefore: () => readonly ReservedUnits[];
  readonly rateLimits: RateLimitBook;
  readonly rateStore: RateWindowStore;
  readonly upstreams: UpstreamUpkeep;
  readonly shipper: SegmentShipper;
  readonly traffic: TrafficWriter;
  readonly intervalMs: number;
  readonly onFatal: (error: Error) => void;
}

/** What is done once a second beside serving: heartbeat and watermark, leases that are over, counters out of use. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private areEpochsSettled = false;
  private sweptAt = 0;
  private toldAt = -Infinity;
  private telling: Promise<void> | null = null;
  private isFailing = false;
  private isStopped = false;

  constructor(private readonly options: HousekeepingOptions) {
    this.areEpochsSettled = options.lastEpoch === 0;
  }

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.round().finally(() => {
        this.running = null;
        if (!this.isStopped) this.start();
      });
    }, this.options.intervalMs);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** The last words of a clean stop, when every request has ended and every segment is sealed. */
  async end(): Promise<void> {
    const { core, quotas } = this.options;
    try {
      await this.settleEpochs();
      for (const book of quotas) await book.settleAll();
    } catch (error) {
      core.log.warn({ err: error }, 'leases were not given back; the next start settles them');
    }
    await this.beat('stopped');
    await this.options.traffic.end();
    await this.telling;
    await this.options.process?.forget().catch(() => undefined);
  }

  /** Tells the database that the gateway runs, and how far its journal is complete. */
  async beat(state: 'running' | 'stopped' = 'running'): Promise<void> {
    const { core, registration, epoch, shipper, firstWatermarkMs, onFatal } = this.options;
    const { admittedThroughMs, sealedSegment } = core.watermark.report(core.clock.nowMs());
    try {
      core.runningGateways = await registration.beat(
        epoch,
        {
          state,
          admittedThroughMs: shipper.hasLeftovers(epoch) ? null : admittedThroughMs,
          sealedSegment,
          snapshotNumber: core.snapshot.number,
        },
        firstWatermarkMs,
      );
      this.isFailing = false;
    } catch (error) {
      if (error instanceof GatewayIdTakenError) return onFatal(error);
      if (!this.isFailing) core.log.error({ err: error }, 'the heartbeat was not written');
      this.isFailing = true;
    }
  }

  /** Beside the rounds: the watermark waits for nothing that operators only look at. */
  private tellOfProcess(): void {
    if (this.telling || performance.now() - this.toldAt < tellMs) return;
    this.toldAt = performance.now();
    const { process, core } = this.options;
    this.telling = (process?.report() ?? Promise.resolve())
      .catch((error: Error) => core.log.debug({ err: error }, 'the settings were not told; trying again'))
      .finally(() => (this.telling = null));
  }

  private async round(): Promise<void> {
    const { core, quotas, rateLimits, rateStore } = this.options;
    this.options.traffic.round();
    await this.beat();
    this.tellOfProcess();
    const nowMs = core.clock.nowMs();
    try {
      await this.settleEpochs();
      for (const book of quotas) await book.settleEnded(core.watermark.oldestOpenMs(nowMs));
    } catch (error) {
      core.log.warn({ err: error }, 'leases were not settled; trying again');
    }
    if (performance.now() - this.sweptAt < sweepMs) return;
    this.sweptAt = performance.now();
    core.terms.sweep(nowMs);
    this.options.upstreams.settle();
    try {
      await core.replays.sweep();
    } catch (error) {
      core.log.warn({ err: error }, 'expired answers were not deleted; trying again');
    }
    rateLimits.sweep(nowMs);
    core.testQuotas.sweep(nowMs);
    await rateStore
      .sweep(nowMs)
      .catch((error: Error) => core.log.debug({ err: error }, 'old windows were not deleted'));
  }

  /** Once the ledger has all that earlier epochs wrote, their streams end, and their leases with what it says was used. */
  private async settleEpochs(): Promise<void> {
    const { core, registration, shipper, leases, epoch, lastEpoch } = this.options;
    if (this.areEpochsSettled || shipper.hasLeftovers(epoch)) return;
    const ends = await registration.endsOfOpenStreams(lastEpoch);
    for (const end of ends) core.journal.append(end, unattended);
    if (ends.length > 0) core.log.warn({ streams: ends.length }, 'streams of earlier starts were interrupted');
    let ended = 0;
    for (const store of leases) ended += await store.settleEpochs(lastEpoch, this.options.reservedBefore());
    this.areEpochsSettled = true;
    if (ended > 0) core.log.info({ leases: ended }, 'leases of earlier starts are settled');
  }
}
