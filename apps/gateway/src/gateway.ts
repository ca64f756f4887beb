import { randomFillSync, randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import { AddressRanges, UuidV7Generator } from '#domain';
import { type FolderLock, JournalWriter, type LeftoverSegment } from '#journal';
import { QuotaBook, RateWindows } from '#limits';
import { AccessLog } from './access-log/access-log.js';
import { LineWriter } from './access-log/line-writer.js';
import { createAdminServer } from './admin/admin-server.js';
import { GatewayMetrics } from './admin/gateway-metrics.js';
import { JournalDisk } from './admin/journal-disk.js';
import { type Readiness, readinessOf } from './admin/readiness.js';
import type { DecisionDoors } from './decision/decision-doors.js';
import { Decisions } from './decision/decisions.js';
import type { GatewayCore } from './gateway-core.js';
import type { GatewayOptions, StopTimes } from './gateway-options.js';
import { Housekeeping } from './housekeeping.js';
import type { KeySets } from './identity/key-sets.js';
import { SegmentShipper } from './metering/segment-shipper.js';
import { Flights } from './cache/flights.js';
import { ResponseCache } from './cache/response-cache.js';
import { Watermark } from './metering/watermark.js';
import { ConcurrencyBook } from './policies/limit-concurrency.js';
import { RateLimitBook } from './policies/rate-limit-book.js';
import { TermsBook } from './policies/subscription-terms.js';
import { TestQuotaBook } from './policies/test-quota.js';
import { HeadFlusher } from './proxy/head-flusher.js';
import { StreamWatch } from './streams/stream-watch.js';
import { defaultConnectionBounds } from './server/connection-bounds.js';
import { ConsumerDoors } from './server/consumer-doors.js';
import type { GiveConnection } from './server/http-server.js';
import { portalLinks } from './responses/money-refusal.js';
import { listen } from './server/listen.js';
import type { TcpHandle } from './server/tcp-handle.js';
import type { ControlPlane } from './snapshot/control-plane.js';
import { RandomTraceIds } from './tracing/random-trace-ids.js';
import { SpanExporter } from './tracing/span-exporter.js';
import { RefusalRecorder } from './traffic/refusal-recorder.js';
import { TrafficRecorder } from './traffic/traffic-recorder.js';
import { TrafficWriter } from './traffic/traffic-writer.js';
import { Tracer } from './tracing/tracer.js';
import type { UpstreamParts } from './upstream-parts.js';
import { type SharedStores, defaultRateStoreTimeoutMs } from './shared-stores.js';

const drainMs = 10_000;
const defaultCacheBytes = 64 * 1024 * 1024;
const defaultStop: StopTimes = { idleMs: 500, acknowledgeMs: 4_000 };
/** All of a stop; a supervisor kills after twelve seconds. */
const stopMs = 11_500;

/** A gateway that serves. */
export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** Null without HTTPS. */
  readonly tlsPort: number | null;
  /** Where other proxies ask and report; null for what is off. */
  readonly decisionPorts: Pick<DecisionDoors, 'port' | 'grpcPort' | 'syslogPort'>;
  readonly epoch: number;
  /** Reads the certificates anew. */
  reload(): Promise<void>;
  /**
   * Ends cleanly: lets requests end, ships the journal, gives leases back. Takes at most 12 s. Plain connections on which
   * nothing is under way are given to `give`, where there is one, else closed when they were idle for a while.
   */
  stop(give?: GiveConnection): Promise<void>;
  /** Goes on with a connection that another process has given. `isKept`: there was a request on it. */
  takeOver(handle: TcpHandle, isKept: boolean): void;
}

/** A gateway with its journal, its limits and its servers: `start` listens, `ship` only ships what the journal has. */
export class Gateway implements RunningGateway {
  adminPort = 0;
  private readonly core: GatewayCore;
  private readonly quotas: QuotaBook;
  private readonly rateWindows: RateWindows;
  private readonly money: QuotaBook;
  private readonly shipper: SegmentShipper;
  private readonly decisions: Decisions;
  private readonly housekeeping: Housekeeping;
  private readonly doors: ConsumerDoors;
  private readonly adminServer: Server;
  private readonly lineWriter: LineWriter;
  private readonly disk: JournalDisk;
  private readonly stopTimes: StopTimes;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly options: GatewayOptions,
    private readonly controlPlane: ControlPlane,
    keySets: KeySets,
    private readonly upstreams: UpstreamParts,
    private readonly lock: FolderLock,
    readonly epoch: number,
    lastEpoch: number,
    leftovers: readonly LeftoverSegment[],
    stores: SharedStores,
  ) {
    const { gatewayId, log, queue } = options;
    this.stopTimes = options.stop ?? defaultStop;
    const { clock, snapshot } = controlPlane;
    const ids = new UuidV7Generator(clock, randomFillSync);
    const leases = controlPlane.quotaLeases(epoch, ids);
    const watermark = new Watermark();
    this.rateWindows = new RateWindows({
      store: stores.rateWindows,
      timeoutMs: options.rateStoreTimeoutMs ?? defaultRateStoreTimeoutMs,
      clock,
      sharers: () => this.core.runningGateways,
      onAway: (isAway) =>
        log.warn(
          { isAway },
          isAway ? 'the store of rate limits does not answer' : 'the store of rate limits answers again',
        ),
    });
    const rateLimits = new RateLimitBook(this.rateWindows);
    const moneyLeases = controlPlane.moneyLeases(epoch, ids);
    this.quotas = new QuotaBook(leases, options.quotaWaitMs);
    this.money = new QuotaBook(moneyLeases, options.quotaWaitMs);
    const { readAcknowledgements } = controlPlane;
    this.shipper = new SegmentShipper({ gatewayId, queue, readAcknowledgements, log, ...options.shipper });
    for (const leftover of leftovers) this.shipper.add(leftover);
    this.lineWriter = new LineWriter(options.accessLogDescriptor);
    this.disk = new JournalDisk(options.journalFolder);
    this.core = {
      gatewayId,
      clock,
      ids,
      snapshot,
      peppers: new Map(options.peppers.map((pepper) => [pepper.id, pepper])),
      terms: new TermsBook(this.quotas, this.money, rateLimits),
      concurrency: new ConcurrencyBook(),
      testQuotas: new TestQuotaBook(this.rateWindows),
      journal: this.openJournal(watermark),
      watermark,
      upstreams: upstreams.pools,
      healthChecks: upstreams.checks,
      keySets,
      headFlusher: new HeadFlusher(),
      replays: stores.replays,
      cache: new ResponseCache(options.cacheBytes ?? defaultCacheBytes),
      flights: new Flights(),
      streams: new StreamWatch(watermark, clock, options.streams),
      metrics: new GatewayMetrics(),
      traffic: new TrafficRecorder(options.traffic),
      refusals: new RefusalRecorder(options.traffic?.maxKinds),
      accessLog: this.makeAccessLog(),
      tracer: this.makeTracer(),
      portalLinks: portalLinks(options.portalUrl),
      log,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      trustedForwarding: options.trustedForwarding ?? { proxies: AddressRanges.of([]), header: 'x-forwarded-for' },
      runningGateways: 1,
      isDraining: false,
    };
    this.decisions = new Decisions(this.core, {
      options: options.decisions,
      folder: options.journalFolder,
      epoch,
      leftovers,
      encryptionKeys: options.encryptionKeys,
      publish: controlPlane.publishReports,
    });
    this.housekeeping = new Housekeeping({
      core: this.core,
      epoch,
      lastEpoch,
      firstWatermarkMs: Math.min(clock.nowMs(), leftovers.length > 0 ? 0 : Infinity),
      registration: controlPlane.registration,
      process: controlPlane.process,
      leases: [leases, moneyLeases],
      quotas: [this.quotas, this.money],
      reservedBefore: () => this.decisions.reservedBefore,
      rateLimits,
      rateStore: stores.rateWindows,
      upstreams: upstreams.upkeep,
      shipper: this.shipper,
      traffic: new TrafficWriter({
        recorder: this.core.traffic,
        refusals: this.core.refusals,
        clock,
        write: (spans) => controlPlane.writeTraffic(epoch, spans),
        writeRefusals: (calls) => controlPlane.writeRefusedCalls(epoch, calls),
        log,
        ...options.traffic,
      }),
      intervalMs: options.heartbeatMs ?? 1_000,
      onFatal: options.onFatal,
    });
    this.doors = new ConsumerDoors(this.core, {
      ...options,
      bounds: { ...defaultConnectionBounds, ...options.bounds },
      machineMs: () => controlPlane.machineMs,
    });
    this.adminServer = createAdminServer(() => this.readiness(), this.core.metrics);
    this.reportRecovery(leftovers);
  }

  get port(): number {
    return this.doors.port;
  }

  get tlsPort(): number | null {
    return this.doors.tlsPort;
  }

  get decisionPorts(): DecisionDoors {
    return this.decisions.doors;
  }

  async start(): Promise<void> {
    const { host, adminPort } = this.options;
    this.core.metrics.readFrom({
      snapshotNumber: () => this.core.snapshot.number,
      snapshotAgeSeconds: () => this.controlPlane.snapshotAgeSeconds,
      clockDifferenceMs: () => this.controlPlane.clocks.differenceMs,
      clockLeadMs: () => this.controlPlane.clock.leadMs,
      openRequests: () => this.core.watermark.openRequests,
      openWebSockets: () => this.core.streams.openStreams,
      unacknowledgedSegments: () => this.shipper.unacknowledged,
      heldSegments: () => this.shipper.held,
      journalIsWriting: () => (this.core.journal.state === 'writing' ? 1 : 0),
      journalFiles: () => this.disk.files(this.controlPlane.machineMs),
      journalDisk: () => this.disk.reading,
      quotaLeases: () => this.quotas.leaseCount,
      decisions: () => this.decisions.book,
      droppedLogLines: () => this.lineWriter.dropped,
      lostTraffic: () => ({ ...this.core.traffic.lost, refused: this.core.refusals.lost }),
      droppedSpans: () => this.core.tracer.dropped,
      upstreamStates: () => this.upstreams.upkeep.states(),
      uncheckedTargets: () => this.upstreams.checks.unchecked,
      targetSources: () => this.upstreams.watches.all,
      rateStoreIsThere: () => (this.rateWindows.isStoreThere ? 1 : 0),
    });
    await this.decisions.restore();
    await this.disk.start();
    await this.housekeeping.beat();
    await this.upstreams.upkeep.start();
    try {
      this.adminPort = await listen(this.adminServer, host, adminPort, 'GATEWAY_ADMIN_PORT');
      await this.doors.open();
      await this.decisions.open();
    } catch (error) {
      await this.decisions.end();
      this.upstreams.upkeep.stop();
      this.adminServer.close();
      await this.rateWindows.stop();
      await this.core.replays.close();
      this.doors.close();
      await this.core.journal.close();
      this.decisions.close();
      await this.housekeeping.beat('stopped');
      await this.controlPlane.stop();
      this.lock.release();
      throw error;
    }
    this.controlPlane.follow({
      onQuotaWanted: ({ subscriptionId, meter, periodStart, phaseId, wantedBy }) => {
        // To give back what one wants oneself would only be to ask for it again.
        if (wantedBy === this.options.gatewayId) return;
        const wanted = { subscriptionId, meter, periodStartMs: periodStart.getTime(), phaseId };
        (phaseId === undefined ? this.quotas : this.money)
          .giveBack(wanted)
          .catch((error: Error) => this.core.log.warn({ err: error }, 'units were not given back'));
      },
      onCachePurged: (target) => this.core.cache.purge(target),
      onChangeKnown: (delayMs) => this.core.metrics.countChange(delayMs),
      onReportsPassedOn: (text) => this.decisions.book.takePassedOn(text),
    });
    this.shipper.start();
    this.rateWindows.start();
    this.housekeeping.start();
    this.core.streams.start();
  }

  async ship(): Promise<void> {
    await this.decisions.restore();
    await this.decisions.end();
    await this.housekeeping.beat();
    this.shipper.start();
    this.housekeeping.start();
    while (this.shipper.unacknowledged > this.shipper.held) await pause(50);
  }

  async reload(): Promise<void> {
    await this.doors.reload();
  }

  stop(give?: GiveConnection): Promise<void> {
    this.stopping ??= this.drain(give);
    return this.stopping;
  }

  takeOver(handle: TcpHandle, isKept: boolean): void {
    this.doors.takeOver(handle, isKept);
  }

  private async drain(give?: GiveConnection): Promise<void> {
    const { core, adminServer, controlPlane, options } = this;
    const startedAt = performance.now();
    core.isDraining = true;
    this.doors.drain();
    const given = give ? this.doors.giveAway(give) : null;
    this.decisions.doors.drain();
    core.streams.stop();
    this.upstreams.upkeep.stop();
    await this.letRequestsEnd(startedAt);
    if (given) await Promise.race([given, pause(drainMs - (performance.now() - startedAt))]);
    await this.decisions.end();
    await core.journal.close();
    this.decisions.close();
    await this.housekeeping.stop();
    const leftMs = stopMs - (performance.now() - startedAt);
    const isShipped = await this.shipper.stop(Math.min(this.stopTimes.acknowledgeMs, leftMs - 1_500));
    if (!isShipped)
      core.log.warn({ segments: this.shipper.unacknowledged }, 'usage is still to be shipped: the next start does it');
    await Promise.race([this.housekeeping.end(), pause(stopMs - (performance.now() - startedAt))]);
    await this.rateWindows.stop();
    await this.core.replays.close();
    core.keySets.stop();
    await core.upstreams.close();
    await core.tracer.stop();
    this.lineWriter.close();
    this.disk.stop();
    await options.queue.close().catch(() => undefined);
    this.doors.destroy();
    adminServer.close();
    adminServer.closeAllConnections();
    await controlPlane.stop();
    this.lock.release();
  }

  private async letRequestsEnd(startedAt: number): Promise<void> {
    const { idleMs, reportsMs = drainMs } = this.stopTimes;
    const { watermark } = this.core;
    const { book } = this.decisions;
    const elapsedMs = () => performance.now() - startedAt;
    const own = () => watermark.openRequests - book.openCount;
    const isBusy = () => own() > 0 || (book.openCount > 0 && elapsedMs() < reportsMs) || elapsedMs() < idleMs;
    while (isBusy() && elapsedMs() < drainMs) await pause(20);
    this.doors.endConnections();
    while (own() > 0 && elapsedMs() < drainMs + 500) await new Promise(setImmediate);
  }

  private openJournal(watermark: Watermark): JournalWriter {
    const { journalFolder, gatewayId, journalSync, log, journal } = this.options;
    return JournalWriter.open({
      folder: journalFolder,
      gatewayId,
      epoch: this.epoch,
      sync: journalSync,
      onSealed: (segment) => {
        watermark.sealed(segment.segment);
        this.shipper.add(segment);
      },
      onError: (error) => log.error({ err: error }, 'the journal cannot be written'),
      onState: (state) => log.warn({ state }, 'the journal has changed its state'),
      ...journal,
    });
  }

  private makeAccessLog(): AccessLog | null {
    const { accessLog = 'off' } = this.options;
    return accessLog === 'off' ? null : new AccessLog(this.lineWriter, accessLog === 'errors');
  }

  private makeTracer(): Tracer {
    const { traces, gatewayId, log } = this.options;
    const ids = new RandomTraceIds();
    if (!traces) return new Tracer(ids, null);
    const exporter = new SpanExporter({ endpoint: traces.endpoint, serviceInstanceId: gatewayId, log });
    return new Tracer(ids, exporter, traces.sampledShare);
  }

  private readiness(): Readiness {
    const { core, controlPlane, shipper, disk } = this;
    return readinessOf({
      isDraining: core.isDraining,
      journal: core.journal.state,
      snapshotAgeSeconds: controlPlane.snapshotAgeSeconds,
      snapshotNumber: core.snapshot.number,
      unacknowledgedSegments: shipper.unacknowledged,
      heldSegments: shipper.held,
      disk: disk.reading,
    });
  }

  private reportRecovery(leftovers: readonly LeftoverSegment[]): void {
    if (leftovers.length === 0) return;
    const cutBytes = leftovers.reduce((sum, leftover) => sum + leftover.cutBytes, 0);
    this.core.log.warn({ segments: leftovers.length, cutBytes }, 'segments of earlier starts are shipped first');
  }
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
