import type { Outcome } from '#domain';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Completion } from '../reporting/completion.js';
import type { SettledUsage } from '../metering/settle-usage.js';
import type { Refusal } from '../responses/refusal.js';
import type { ApiVersionEntry } from '../snapshot/catalog.js';
import type { LostTraffic } from '../traffic/traffic-recorder.js';
import { DurationHistogram } from './duration-histogram.js';
import { SubsetMetrics } from './subset-metrics.js';
import { type UpstreamReadings, registerUpstreamMetrics } from './upstream-metrics.js';

/** What the metrics ask for when they are read. */
export interface GatewayReadings extends UpstreamReadings {
  snapshotNumber(): number;
  /** Seconds since the snapshot was last known to be current. */
  snapshotAgeSeconds(): number;
  /** How far the machine's clock was ahead of the database's when they were compared last; null before. */
  clockDifferenceMs(): number | null;
  /** How far the gateway's own clock is ahead of the machine's, which was set back. */
  clockLeadMs(): number;
  openRequests(): number;
  /** WebSocket connections. */
  openWebSockets(): number;
  /** Segments that the ledger has not acknowledged. */
  unacknowledgedSegments(): number;
  /** Segments that cannot be shipped because they are damaged or contradict the ledger. */
  heldSegments(): number;
  /** 1 while the journal takes events. */
  journalIsWriting(): number;
  /** 1 while the store of shared rate limits answers. */
  rateStoreIsThere(): number;
  journalFiles(): Promise<{ readonly bytes: number; readonly oldestSeconds: number }>;
  /** Null when it is not known. */
  journalDisk(): { readonly usedShare: number; readonly freeBytes: number } | null;
  quotaLeases(): number;
  /** Of calls that other proxies pass on. */
  decisions(): DecisionReadings;
  droppedLogLines(): number;
  droppedSpans(): number;
  lostTraffic(): LostTraffic & { readonly refused: number };
}

/** What is known of calls that other proxies pass on. */
export interface DecisionReadings {
  /** Admitted, and not reported yet. */
  readonly openCount: number;
  readonly counts: {
    readonly reports: Readonly<Record<string, number>>;
    readonly unreported: number;
    readonly lost: number;
  };
}

/** Requests of API versions beyond so many are counted together. */
const maxVersions = 1_000;

interface VersionCounts {
  readonly labels: { readonly api_version: string; readonly base_path: string };
  /** By outcome, how many of each class of status: 2xx at 2. */
  readonly byOutcome: Map<Outcome, Float64Array>;
}

/** What the gateway counts. On the way of a request only plain numbers are touched; Prometheus reads them later. */
export class GatewayMetrics {
  private readonly registry = new Registry();
  private readonly requests = new Map<string, VersionCounts>();
  private readonly refusals = new Map<Refusal, number>();
  private readonly messages = { in: 0, out: 0 };
  /** Of upstreams that have some. */
  readonly subsets = new SubsetMetrics();
  private reportedViolations = 0;
  private plainRequests = 0;
  private handedOver = 0;
  private overruns = 0;
  private estimates = 0;
  private readonly durations = new DurationHistogram(
    'tollgate_gateway_request_seconds',
    'Time from the head of admitted requests to the end of their record.',
  );
  private readonly upstreamDurations = new DurationHistogram(
    'tollgate_gateway_upstream_seconds',
    'Time from sending a request to the head of the answer of the upstream.',
  );
  private readonly changeDelays = new DurationHistogram(
    'tollgate_snapshot_change_delay_seconds',
    'Time from a change in the control plane, such as a revoked key, until this gateway goes by it.',
  );

  constructor() {
    const { requests, refusals, messages, registry } = this;
    collectDefaultMetrics({ register: registry });
    new Counter({
      name: 'tollgate_gateway_requests_total',
      help: 'Admitted requests by API version, how they ended, and class of status.',
      labelNames: ['api_version', 'base_path', 'outcome', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, byOutcome } of requests.values()) {
          for (const [outcome, counts] of byOutcome) {
            for (const [index, count] of counts.entries())
              if (count > 0) this.inc({ ...labels, outcome, status: `${index}xx` }, count);
          }
        }
      },
    });
    const reportedViolations = () => this.reportedViolations;
    new Counter({
      name: 'tollgate_gateway_reported_violations_total',
      help: 'Requests that passed and would be refused if their validation were enforced.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(reportedViolations());
      },
    });
    new Counter({
      name: 'tollgate_gateway_refusals_total',
      help: 'Refused requests by public code and internal reason.',
      labelNames: ['code', 'reason', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [{ code, reason, status }, count] of refusals) this.inc({ code, reason, status }, count);
      },
    });
    new Counter({
      name: 'tollgate_gateway_websocket_messages_total',
      help: 'Messages of WebSocket connections from clients (in) and to them (out).',
      labelNames: ['direction'],
      registers: [registry],
      collect() {
        this.reset();
        this.inc({ direction: 'in' }, messages.in);
        this.inc({ direction: 'out' }, messages.out);
      },
    });
    this.counter(
      'tollgate_gateway_lane_requests_total',
      'Plain requests that were read without the HTTP server of Node.',
      () => this.plainRequests,
    );
    this.counter(
      'tollgate_gateway_lane_handovers_total',
      'Connections that the HTTP server of Node has got, as something on them was not plain.',
      () => this.handedOver,
    );
    this.counter(
      'tollgate_gateway_overruns_total',
      'Calls that cost more than their declared maximum: what is above it is not billed.',
      () => this.overruns,
    );
    this.counter(
      'tollgate_gateway_estimates_total',
      'Calls billed at their declared maximum because the answer did not say what they cost.',
      () => this.estimates,
    );
  }

  /** Messages of WebSocket connections: from clients, and to them. */
  countMessages(received: number, sent: number): void {
    this.messages.in += received;
    this.messages.out += sent;
  }

  countPlainRequest(): void {
    this.plainRequests++;
  }

  countHandedOver(): void {
    this.handedOver++;
  }

  /** A request passed that does not fit its document, as that is only to be reported. */
  countReportedViolation(): void {
    this.reportedViolations++;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in the text format of Prometheus. */
  async text(): Promise<string> {
    const histograms = [this.durations, this.upstreamDurations, this.changeDelays];
    const text = (await this.registry.metrics()) + histograms.map((histogram) => histogram.text()).join('');
    return text + this.subsets.text();
  }

  countRequest(
    version: ApiVersionEntry,
    { outcome, status }: Completion,
    totalMs: number,
    upstreamMs: number | null,
  ): void {
    const { byOutcome } = this.requests.get(version.id) ?? this.countsFor(version);
    let counts = byOutcome.get(outcome);
    if (!counts) byOutcome.set(outcome, (counts = new Float64Array(6)));
    counts[Math.floor(status / 100)]! += 1;
    this.durations.observe(totalMs);
    if (upstreamMs !== null) this.upstreamDurations.observe(upstreamMs);
  }

  countChange(delayMs: number): void {
    this.changeDelays.observe(delayMs);
  }

  countRefusal(refusal: Refusal): void {
    this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
  }

  countSettled({ overrun, isEstimated }: SettledUsage): void {
    if (overrun !== null) this.overruns++;
    if (isEstimated) this.estimates++;
  }

  /** Adds what is read from other parts when somebody asks. */
  readFrom(readings: GatewayReadings): void {
    this.readDecisions(() => readings.decisions());
    registerUpstreamMetrics(this.registry, readings);
    this.gauge('tollgate_gateway_snapshot_number', 'Last change in the snapshot.', () => readings.snapshotNumber());
    this.gauge('tollgate_gateway_snapshot_age_seconds', 'Time since the snapshot was known to be current.', () =>
      readings.snapshotAgeSeconds(),
    );
    this.gauge(
      'tollgate_gateway_clock_difference_seconds',
      'How far the clock of the machine is ahead of the database’s.',
      () => (readings.clockDifferenceMs() ?? NaN) / 1_000,
    );
    this.gauge(
      'tollgate_gateway_clock_lead_seconds',
      'How far the gateway is ahead of the clock of the machine, which was set back.',
      () => readings.clockLeadMs() / 1_000,
    );
    this.gauge('tollgate_gateway_open_requests', 'Requests under way.', () => readings.openRequests());
    this.gauge('tollgate_gateway_open_websockets', 'WebSocket connections that are open.', () =>
      readings.openWebSockets(),
    );
    this.gauge('tollgate_gateway_unacknowledged_segments', 'Journal segments that the ledger does not have yet.', () =>
      readings.unacknowledgedSegments(),
    );
    this.gauge('tollgate_gateway_held_segments', 'Journal segments that need an operator.', () =>
      readings.heldSegments(),
    );
    this.gauge('tollgate_gateway_rate_store_up', '1 while the store of shared rate limits answers.', () =>
      readings.rateStoreIsThere(),
    );
    this.gauge('tollgate_gateway_journal_writing', '1 while the journal takes events.', () =>
      readings.journalIsWriting(),
    );
    this.gauge(
      'tollgate_gateway_journal_bytes',
      'Size of the journal that the ledger does not have yet.',
      async () => (await readings.journalFiles()).bytes,
    );
    this.gauge(
      'tollgate_gateway_journal_lag_seconds',
      'Age of the oldest segment that the ledger does not have yet.',
      async () => (await readings.journalFiles()).oldestSeconds,
    );
    this.gauge(
      'tollgate_gateway_journal_disk_used_ratio',
      'Used share of the disk that the journal is on.',
      () => readings.journalDisk()?.usedShare ?? NaN,
    );
    this.gauge(
      'tollgate_gateway_journal_disk_free_bytes',
      'Free space on the disk that the journal is on.',
      () => readings.journalDisk()?.freeBytes ?? NaN,
    );
    this.gauge('tollgate_gateway_quota_leases', 'Leases of quota units that this gateway holds.', () =>
      readings.quotaLeases(),
    );
    this.gauge('tollgate_gateway_dropped_log_lines', 'Access log lines that nobody took in time.', () =>
      readings.droppedLogLines(),
    );
    new Counter({
      name: 'tollgate_gateway_lost_traffic_total',
      help: 'Calls that are missing in the publishers’ traffic (never in the ledger): of more kinds than are told apart, or not written in time.',
      labelNames: ['reason'],
      registers: [this.registry],
      collect() {
        const { crowdedOut, unwritten, refused } = readings.lostTraffic();
        this.reset();
        this.inc({ reason: 'crowded_out' }, crowdedOut);
        this.inc({ reason: 'unwritten' }, unwritten);
        this.inc({ reason: 'refused_crowded_out' }, refused);
      },
    });
    this.gauge('tollgate_gateway_dropped_spans', 'Spans that the collector did not take.', () =>
      readings.droppedSpans(),
    );
  }

  private readDecisions(read: () => DecisionReadings): void {
    this.gauge(
      'tollgate_gateway_open_decisions',
      'Calls admitted for other proxies without a report yet.',
      () => read().openCount,
    );
    this.counter(
      'tollgate_gateway_unreported_calls_total',
      'Calls admitted for other proxies that were recorded without a report: many are a cause for alarm.',
      () => read().counts.unreported,
    );
    this.counter(
      'tollgate_gateway_lost_reports_total',
      'Reports about calls of other gateways that these could not be told of.',
      () => read().counts.lost,
    );
    new Counter({
      name: 'tollgate_gateway_call_reports_total',
      help: 'Reports of other proxies by what became of them.',
      labelNames: ['verdict'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [verdict, count] of Object.entries(read().counts.reports)) this.inc({ verdict }, count);
      },
    });
  }

  private countsFor({ id, basePath }: ApiVersionEntry): VersionCounts {
    const isRoom = this.requests.size < maxVersions;
    const key = isRoom ? id : 'other';
    const known = this.requests.get(key);
    if (known) return known;
    const labels = { api_version: key, base_path: isRoom ? basePath : 'other' };
    const counts: VersionCounts = { labels, byOutcome: new Map() };
    this.requests.set(key, counts);
    return counts;
  }

  private counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  private gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }
}
