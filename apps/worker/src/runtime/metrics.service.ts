import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the worker counts, for Prometheus. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  readonly segments = new Counter({
    name: 'tollgate_segments_total',
    help: 'Journal segments by what became of them; hash_conflict is a cause for alarm.',
    labelNames: ['status'],
    registers: [this.registry],
  });
  readonly events = new Counter({
    name: 'tollgate_usage_events_total',
    help: 'Usage events by what became of them; quarantined ones are a cause for alarm.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly keptAside = new Gauge({
    name: 'tollgate_usage_events_kept_aside',
    help: 'Usage events that are kept aside and that nobody has decided about, by reason: a cause for alarm.',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly ingestSeconds = new Histogram({
    name: 'tollgate_segment_ingest_seconds',
    help: 'Time to bring one segment into the ledger.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly failedTries = new Counter({
    name: 'tollgate_job_failed_tries_total',
    help: 'Tries of jobs that failed, by queue and by whether the job is tried again.',
    labelNames: ['queue', 'will_retry'],
    registers: [this.registry],
  });
  readonly closedPeriods = new Counter({
    name: 'tollgate_periods_closed_total',
    help: 'Billing periods closed by this process.',
    registers: [this.registry],
  });
  readonly heldPeriods = new Gauge({
    name: 'tollgate_periods_held',
    help: 'Due billing periods that could not be closed in the last round.',
    registers: [this.registry],
  });
  readonly heldInvoices = new Counter({
    name: 'tollgate_invoices_held_total',
    help: 'Invoices that the payment provider has differently: not finalized, and a cause for alarm.',
    registers: [this.registry],
  });
  readonly failedRefunds = new Counter({
    name: 'tollgate_refunds_failed_total',
    help: 'Refunds that did not reach the card, seen by a job or the poll: the money is in the balance, and somebody must act.',
    registers: [this.registry],
  });
  readonly feesRead = new Gauge({
    name: 'tollgate_provider_fees_read_timestamp_seconds',
    help: 'Until when the fees of the payment provider are in the books, since the Unix epoch; 0 until this process has read them.',
    registers: [this.registry],
  });
  readonly openDisputes = new Gauge({
    name: 'tollgate_disputes_open',
    help: 'Disputed payments that are not over, by currency and by who must act: us with evidence, the bank, or finance about a lost one.',
    labelNames: ['currency', 'waits_for'],
    registers: [this.registry],
  });
  readonly disputedAmount = new Gauge({
    name: 'tollgate_disputes_open_amount',
    help: 'What these are over, in major units of the currency, such as dollars.',
    labelNames: ['currency', 'waits_for'],
    registers: [this.registry],
  });
  readonly evidenceDue = new Gauge({
    name: 'tollgate_dispute_evidence_due_timestamp_seconds',
    help: 'When evidence for a dispute is due next, since the Unix epoch; 0 when none is.',
    registers: [this.registry],
  });
  readonly meteredReports = new Counter({
    name: 'tollgate_metered_usage_reports_total',
    help: 'Reports of usage that the payment provider rates, by what it did with them; refused ones are a cause for alarm.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly askedTaxIds = new Counter({
    name: 'tollgate_tax_ids_asked_total',
    help: 'VAT numbers that a register was asked about, by its answer; postponed ones are asked about again.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly dunningSteps = new Counter({
    name: 'tollgate_dunning_steps_total',
    help: 'Steps of dunning that this process has done.',
    labelNames: ['action'],
    registers: [this.registry],
  });
  readonly dunningFailures = new Counter({
    name: 'tollgate_dunning_failures_total',
    help: 'What dunning could not do and tries again later: a step of a case, a reminder, the end of a pause, or its clock.',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  readonly dunningFailing = new Gauge({
    name: 'tollgate_dunning_failing',
    help: 'How much of dunning has failed and was not done since; what stays is a cause for alarm.',
    registers: [this.registry],
  });
  readonly provenDays = new Counter({
    name: 'tollgate_ledger_days_proven_total',
    help: 'Days of the ledger proven by this process; one that differs is a cause for alarm.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly lastProofSeconds = new Gauge({
    name: 'tollgate_ledger_last_proof_timestamp_seconds',
    help: 'When this process has last proven a day of the ledger, since the Unix epoch; 0 for never.',
    registers: [this.registry],
  });
  readonly archivedDays = new Counter({
    name: 'tollgate_usage_days_archived_total',
    help: 'Days of the ledger moved to the archive by this process.',
    registers: [this.registry],
  });
  readonly archiveBlocked = new Gauge({
    name: 'tollgate_usage_archive_blocked',
    help: 'A day of the ledger that is due to be archived could not be in the last round: 1 for its reason, else 0.',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly webhookAttempts = new Counter({
    name: 'tollgate_webhook_attempts_total',
    help: 'Tries to send a webhook to an organization, by what became of them.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly webhookSeconds = new Histogram({
    name: 'tollgate_webhook_attempt_seconds',
    help: 'Time that a try to send a webhook took.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers: [this.registry],
  });
  readonly webhookOldestSeconds = new Gauge({
    name: 'tollgate_webhook_oldest_waiting_seconds',
    help: 'For how long the webhook waits that was due first; 0 when none is due.',
    registers: [this.registry],
  });
  readonly waitingMessages = new Gauge({
    name: 'tollgate_outbox_waiting',
    help: 'Messages that wait to be handed to the queue.',
    registers: [this.registry],
  });
  readonly oldestJobSeconds = new Gauge({
    name: 'tollgate_outbox_oldest_seconds',
    help: 'For how long the oldest job of a queue that came through the outbox is not done; 0 when all are.',
    labelNames: ['queue'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    // What an alert waits for is there from the start: the growth of a series that appears with its first count is not seen.
    this.segments.inc({ status: 'hash_conflict' }, 0);
    this.provenDays.inc({ result: 'differs' }, 0);
    this.meteredReports.inc({ result: 'refused' }, 0);
  }
}
