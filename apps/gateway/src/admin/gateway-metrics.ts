import type { Outcome } from '#domain';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Refusal } from '../responses/refusal.js';

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
  readonly registry = new Registry();
  private readonly requests = new Map<string, number>();
  private readonly refusals = new Map<Refusal, number>();
  private readonly seconds = new Histogram({
    name: 'tollgate_gateway_request_seconds',
    help: 'Time from admission to the end of admitted requests.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });

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
        for (const [key, count] of requests) {
          const [outcome = '', status = ''] = key.split(' ');
          this.inc({ outcome, status }, count);
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

  countRequest(outcome: Outcome, status: number, durationMs: number): void {
    const key = `${outcome} ${Math.floor(status / 100)}xx`;
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
    this.seconds.observe(durationMs / 1000);
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
