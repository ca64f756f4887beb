import type { Outcome } from '#domain';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Refusal } from '../responses/refusal.js';
import { DurationHistogram } from './duration-histogram.js';

/** What the metrics ask for when they are read. */
export interface GatewayReadings {
  snapshotNumber(): number;
  /** Seconds since the snapshot was last known to be current. */
  snapshotAgeSeconds(): number;
  openRequests(): number;
  /** Segments that the ledger has not acknowledged. */
  unacknowledgedSegments(): number;
  /** Segments that cannot be shipped because they are damaged or contradict the ledger. */
  heldSegments(): number;
  /** 1 while the journal takes events. */
  journalIsWriting(): number;
}

/** What the gateway counts. On the way of a request only plain numbers are touched; Prometheus reads them later. */
export class GatewayMetrics {
  private readonly registry = new Registry();
  /** By outcome, how many of each class of status: 2xx at 2. */
  private readonly requests = new Map<Outcome, Float64Array>();
  private readonly refusals = new Map<Refusal, number>();
  private readonly durations = new DurationHistogram(
    'tollgate_gateway_request_seconds',
    'Time from admission to the end of admitted requests.',
  );

  constructor() {
    const { requests, refusals, registry } = this;
    collectDefaultMetrics({ register: registry });
    new Counter({
      name: 'tollgate_gateway_requests_total',
      help: 'Admitted requests by how they ended and class of status.',
      labelNames: ['outcome', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [outcome, counts] of requests) {
          for (const [index, count] of counts.entries())
            if (count > 0) this.inc({ outcome, status: `${index}xx` }, count);
        }
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
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in the text format of Prometheus. */
  async text(): Promise<string> {
    return (await this.registry.metrics()) + this.durations.text();
  }

  countRequest(outcome: Outcome, status: number, durationMs: number): void {
    let counts = this.requests.get(outcome);
    if (!counts) this.requests.set(outcome, (counts = new Float64Array(6)));
    counts[Math.floor(status / 100)]! += 1;
    this.durations.observe(durationMs);
  }

  countRefusal(refusal: Refusal): void {
    this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
  }

  /** Adds the gauges that are read from other parts. */
  readFrom(readings: GatewayReadings): void {
    this.gauge('tollgate_gateway_snapshot_number', 'Last change in the snapshot.', () => readings.snapshotNumber());
    this.gauge('tollgate_gateway_snapshot_age_seconds', 'Time since the snapshot was known to be current.', () =>
      readings.snapshotAgeSeconds(),
    );
    this.gauge('tollgate_gateway_open_requests', 'Requests under way.', () => readings.openRequests());
    this.gauge('tollgate_gateway_unacknowledged_segments', 'Journal segments that the ledger does not have yet.', () =>
      readings.unacknowledgedSegments(),
    );
    this.gauge('tollgate_gateway_held_segments', 'Journal segments that need an operator.', () =>
      readings.heldSegments(),
    );
    this.gauge('tollgate_gateway_journal_writing', '1 while the journal takes events.', () =>
      readings.journalIsWriting(),
    );
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
