import type { UsageEvent } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { SegmentKey } from './usage-ingest.js';

/** An event that cannot be counted and must not be lost. */
export interface QuarantineEntry {
  readonly id: string;
  readonly eventId: string;
  readonly seq: number;
  readonly reason: string;
  /** The event, or the text that was sent in place of one. */
  readonly event: UsageEvent | string;
}

/** Keeps the events aside, for operators. */
export async function insertQuarantinedEvents(
  transaction: Transaction,
  { gatewayId, epoch, segment }: SegmentKey,
  entries: readonly QuarantineEntry[],
  createdAt: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await transaction.query(
    `INSERT INTO usage_event_quarantine (id, event_id, seq, reason, gateway_id, gateway_epoch, segment, event, created_at)
     SELECT entry.id, entry.event_id, entry.seq, entry.reason, $6, $7, $8, entry.event::jsonb, $9
     FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[]) AS entry (id, event_id, seq, reason, event)`,
    [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.eventId),
      entries.map((entry) => entry.seq),
      entries.map((entry) => entry.reason),
      entries.map((entry) => JSON.stringify(entry.event)),
      gatewayId,
      epoch,
      segment,
      createdAt,
    ],
  );
}

/** The events of a segment that are kept aside for `reason`; whoever else asks waits until this transaction ends. */
export async function lockQuarantinedEvents(
  transaction: Transaction,
  { gatewayId, epoch, segment }: SegmentKey,
  reason: string,
): Promise<{ eventId: string; seq: number; event: UsageEvent | string }[]> {
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `quarantine/${gatewayId}/${epoch}/${segment}`,
  ]);
  return transaction.query(
    `SELECT event_id AS "eventId", seq, event FROM usage_event_quarantine
     WHERE gateway_id = $1 AND gateway_epoch = $2 AND segment = $3 AND reason = $4`,
    [gatewayId, epoch, segment, reason],
  );
}
