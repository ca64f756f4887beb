import type { ProcessReport } from '#config';
import {
  type Clock,
  type EncryptionKey,
  type PurgeTarget,
  type RefusedCalls,
  TrafficSpan,
  type UuidV7Generator,
  parsePurgeTarget,
} from '#domain';
import {
  PostgresMoneyLeases,
  PostgresQuotaLeases,
  type PostgresQuotaLeasesOptions,
  PostgresReplayStore,
  PostgresWindowStore,
} from '#limits';
import type { Logger } from '#observability';
import {
  SystemClock,
  type WantedPlace,
  notifyDecisionReports,
  readAcknowledgements,
  writeRefusedCalls,
  writeTraffic,
} from '#persistence';
import { GatewayStartError } from '../gateway-start-error.js';
import type { TargetWatches } from '../discovery/target-watches.js';
import type { ReadAcknowledgements } from '../metering/segment-shipper.js';
import { SteadyClock } from '../steady-clock.js';
import { ClockComparison, maxClockDifferenceMs } from './clock-comparison.js';
import type { Catalog, CatalogOptions } from './catalog.js';
import { TranslationBook } from './translation-book.js';
import { ValidatorBook } from './validator-book.js';
import { ChangeFeed } from './change-feed.js';
import { Database } from './database.js';
import { SnapshotFile } from './disk-copy.js';
import { GatewayRegistration } from './gateway-registration.js';
import { Notifications } from './notifications.js';
import { OwnProcess } from './own-process.js';
import { Snapshot } from './snapshot.js';

const connectWithinMs = 2_000;
const defaultDatabaseWaitMs = 15_000;
const pollMs = 400;
/** A copy on disk is at most that much older than the snapshot. */
const diskCopyDelayMs = 1_000;

export interface ControlPlaneOptions {
  readonly databaseUrl: string;
  /** The journal's folder: the copy of the snapshot is beside the journal. */
  readonly folder: string;
  readonly gatewayId: string;
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly allowsUnverifiedUpstreams?: boolean;
  /** Public address of the portal. */
  readonly portalUrl: string;
  /** True when the clock may be moved forward: then it is followed. */
  readonly hasTimeMachine: boolean;
  /** Default: the machine's, ahead by what the database says. */
  readonly clock?: Clock;
  readonly log: Logger;
  /** What operators are told of the process; absent: nothing. */
  readonly report?: ProcessReport;
  /** Finds out the targets of upstreams. */
  readonly targetWatches: TargetWatches;
  /** Told of each new catalogue. */
  readonly onCatalog: (catalog: Catalog) => void;
  /** How long a start without a snapshot on disk waits for the database. Default 15 s. */
  readonly databaseWaitMs?: number;
}

/** Who is told of what comes from the control plane. */
export interface Followers {
  readonly onQuotaWanted: (place: WantedPlace) => void;
  /** Kept answers are to be forgotten: of an API version, or all for null. */
  readonly onCachePurged: (target: PurgeTarget | null) => void;
  /** Of each change: how long it took from when it was made to here. */
  readonly onChangeKnown: (delayMs: number) => void;
  /** Another gateway was told how calls ended, of which some may be of this one. */
  readonly onReportsPassedOn: (text: string) => void;
}

/**
 * All that the data plane knows of the control plane: the snapshot and what keeps it current, the clock, the gateway's
 * row, quota leases and acknowledgements. The only part of the gateway that uses the database; everything else goes on
 * while that is away.
 */
export class ControlPlane {
  readonly snapshot: Snapshot;
  readonly clock: SteadyClock;
  readonly registration: GatewayRegistration;
  /** Null where nothing is told of the process. */
  readonly process: OwnProcess | null;
  private readonly systemClock = new SystemClock();
  private readonly database: Database;
  private readonly feed: ChangeFeed;
  private readonly file: SnapshotFile;
  /** How the machine's clock stands to the database's. */
  readonly clocks: ClockComparison;
  private notifications: Notifications | null = null;
  private onChangeKnown: (delayMs: number) => void = () => undefined;
  private onCachePurged: (target: PurgeTarget | null) => void = () => undefined;
  private currentAt = -Infinity;
  private pulling: Promise<void> | null = null;
  private isPullWanted = false;
  private isFailing = false;
  private pollTimer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | null = null;
  private writtenNumber = -1;
  private writeTimer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: ControlPlaneOptions) {
    const { log } = options;
    this.clock = new SteadyClock(options.clock ?? this.systemClock);
    const catalogOptions: CatalogOptions = {
      encryptionKeys: options.encryptionKeys,
      clock: this.clock,
      portalUrl: options.portalUrl,
      allowsUnverifiedUpstreams: options.allowsUnverifiedUpstreams ?? false,
      validators: new ValidatorBook(),
      targetWatches: options.targetWatches,
      translations: new TranslationBook(),
      onFault: (version, error) =>
        log.error({ apiVersion: version.id, err: error }, 'an API version is not served: its upstream cannot be used'),
    };
    this.snapshot = new Snapshot(catalogOptions, options.onCatalog);
    this.database = new Database(options.databaseUrl);
    const { unitOfWork } = this.database;
    this.registration = new GatewayRegistration(unitOfWork, options.gatewayId, this.clock);
    this.process = options.report ? new OwnProcess(unitOfWork, options.gatewayId, options.report, this.clock) : null;
    this.clocks = new ClockComparison(unitOfWork, () => this.systemClock.machineMs(), log);
    this.file = new SnapshotFile(options.folder);
    this.feed = new ChangeFeed({
      unitOfWork,
      snapshot: this.snapshot,
      onGap: (number) => {
        log.error({ snapshotNumber: number }, 'the change log has a gap; everything is read anew');
        this.onCachePurged(null);
      },
      onApplied: (changes) => {
        const nowMs = this.clock.nowMs();
        for (const { noun, nounId, createdAtMs } of changes) {
          if (noun === 'response_cache') this.onCachePurged(parsePurgeTarget(nounId));
          this.onChangeKnown(Math.max(0, nowMs - createdAtMs));
        }
      },
    });
  }

  /**
   * Loads the snapshot: from the database, or from disk while that is away.
   * @throws GatewayStartError `clock_differs`, or `snapshot_missing` when there is neither.
   */
  async load(): Promise<void> {
    const copy = await this.file.read();
    const waitMs = this.options.databaseWaitMs ?? defaultDatabaseWaitMs;
    const isConnected = await this.database.connect(copy ? Math.min(connectWithinMs, waitMs) : waitMs);
    if (isConnected) {
      await this.requireSameClock();
      if (!this.options.clock) await this.systemClock.refresh(this.database.unitOfWork.dataSource);
      await this.feed.load();
      this.markCurrent();
      this.scheduleDiskCopy();
      return;
    }
    const { log } = this.options;
    if (!copy) {
      throw new GatewayStartError(
        'snapshot_missing',
        'The database does not answer, and there is no snapshot on disk from an earlier start. Check DATABASE_URL.',
      );
    }
    this.systemClock.setOffset(copy.clockOffsetMs);
    await this.snapshot.replace(copy.number, copy.parts());
    log.error(
      { snapshotNumber: copy.number },
      'the database does not answer: serving from the snapshot on disk, clock not compared',
    );
  }

  /** True when the database could be asked since the start. */
  get isConnected(): boolean {
    return this.database.isConnected;
  }

  /** Keeps the snapshot current from now on. */
  follow({ onQuotaWanted, onCachePurged, onChangeKnown, onReportsPassedOn }: Followers): void {
    this.onCachePurged = onCachePurged;
    this.onChangeKnown = onChangeKnown;
    const onChange = (): void => this.pull();
    this.notifications = new Notifications(this.options.databaseUrl, { onChange, onQuotaWanted, onReportsPassedOn });
    this.notifications.start();
    this.pull();
    this.database.whenConnected(() => this.clocks.start());
    if (!this.options.hasTimeMachine || this.options.clock) return;
    this.database.whenConnected(
      () => void this.systemClock.follow(this.database.unitOfWork.dataSource).catch(() => undefined),
    );
  }

  /** Seconds since the snapshot was last known to be current; Infinity when it came from disk. */
  get snapshotAgeSeconds(): number {
    return (performance.now() - this.currentAt) / 1000;
  }

  /** The machine's own clock, which stamps its files. */
  get machineMs(): number {
    return this.systemClock.machineMs();
  }

  quotaLeases(epoch: number, ids: UuidV7Generator): PostgresQuotaLeases {
    return new PostgresQuotaLeases(this.leaseOptions(epoch, ids));
  }

  moneyLeases(epoch: number, ids: UuidV7Generator): PostgresMoneyLeases {
    return new PostgresMoneyLeases(this.leaseOptions(epoch, ids));
  }

  private leaseOptions(epoch: number, ids: UuidV7Generator): PostgresQuotaLeasesOptions {
    const { gatewayId } = this.options;
    return { unitOfWork: this.database.unitOfWork, clock: this.clock, ids, gatewayId, epoch };
  }

  /** The answers of calls with an Idempotency-Key. */
  replays(): PostgresReplayStore {
    return new PostgresReplayStore(this.database.unitOfWork, this.clock);
  }

  /**
   * Short windows in Postgres, over connections of their own: they may wait for no other query. `tried` waits for the first of
   * them, but not for a database that is away.
   */
  openRateWindows(timeoutMs: number): { rateWindows: PostgresWindowStore; tried: () => Promise<unknown> } {
    const options = { processName: 'gateway-limits', poolSize: 4, queryTimeoutMs: timeoutMs, hasEntities: false };
    const database = new Database(this.options.databaseUrl, options);
    void database.connect(0);
    return {
      rateWindows: new PostgresWindowStore(database.unitOfWork, () => database.stop()),
      tried: () => database.connect(this.isConnected ? connectWithinMs : 0),
    };
  }

  readonly readAcknowledgements: ReadAcknowledgements = (segments) =>
    this.database.unitOfWork.inSystem((transaction) => readAcknowledgements(transaction, segments));

  /** Tells all gateways of reports that came to this one. */
  readonly publishReports = (text: string): Promise<void> =>
    this.database.unitOfWork.inSystem((transaction) => notifyDecisionReports(transaction, text));

  /** What this gateway has counted since a start. */
  writeTraffic(epoch: number, spans: readonly TrafficSpan[]): Promise<void> {
    const source = { gatewayId: this.options.gatewayId, epoch };
    return this.database.unitOfWork.inSystem((transaction) => writeTraffic(transaction, source, spans));
  }

  /** What this gateway has refused since a start. */
  writeRefusedCalls(epoch: number, calls: readonly RefusedCalls[]): Promise<void> {
    const source = { gatewayId: this.options.gatewayId, epoch };
    return this.database.unitOfWork.inSystem((transaction) => writeRefusedCalls(transaction, source, calls));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.pollTimer);
    clearTimeout(this.writeTimer);
    this.systemClock.stop();
    this.clocks.stop();
    await this.notifications?.stop();
    await this.pulling;
    await this.writing;
    await this.database.stop();
  }

  private async requireSameClock(): Promise<void> {
    if (await this.clocks.compare()) return;
    throw new GatewayStartError(
      'clock_differs',
      `This machine's clock is ${this.clocks.differenceMs} ms off the database's; at most ${maxClockDifferenceMs} ms are safe. Synchronise both.`,
    );
  }

  /** One pull at a time; whoever asks meanwhile gets another one right after. */
  private pull(): void {
    if (this.isStopped) return;
    this.isPullWanted = true;
    this.pulling ??= this.pullWhileWanted().finally(() => {
      this.pulling = null;
      if (this.isStopped) return;
      clearTimeout(this.pollTimer);
      this.pollTimer = setTimeout(() => this.pull(), pollMs);
    });
  }

  private async pullWhileWanted(): Promise<void> {
    while (this.isPullWanted && !this.isStopped) {
      this.isPullWanted = false;
      try {
        if (await this.feed.pull()) this.scheduleDiskCopy();
        this.markCurrent();
      } catch (error) {
        if (!this.isFailing)
          this.options.log.error({ err: error }, 'the control plane does not answer; serving by what is known');
        this.isFailing = true;
      }
    }
  }

  private markCurrent(): void {
    if (this.isFailing)
      this.options.log.info({ snapshotNumber: this.snapshot.number }, 'the snapshot is current again');
    this.isFailing = false;
    this.currentAt = performance.now();
  }

  private scheduleDiskCopy(): void {
    this.writeTimer ??= setTimeout(() => {
      this.writing = this.writeDiskCopy().finally(() => {
        this.writing = null;
        this.writeTimer = undefined;
        if (this.writtenNumber !== this.snapshot.number && !this.isStopped) this.scheduleDiskCopy();
      });
    }, diskCopyDelayMs);
  }

  private async writeDiskCopy(): Promise<void> {
    const { number } = this.snapshot;
    try {
      await this.file.write(this.snapshot, this.clock.nowMs() - this.systemClock.machineMs());
      this.writtenNumber = number;
    } catch (error) {
      this.writtenNumber = this.snapshot.number;
      this.options.log.error({ err: error }, 'the snapshot cannot be kept on disk');
    }
  }
}
