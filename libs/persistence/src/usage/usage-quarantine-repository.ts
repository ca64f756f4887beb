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

/** Which events that are kept aside are meant; what is left out leaves them all in. */
export interface QuarantineFilter {
  readonly reasons?: readonly string[] | undefined;
  readonly gatewayId?: string | undefined;
}

/** An event that is kept aside, and where it came from. */
export interface KeptEvent extends QuarantineEntry, SegmentKey {
  readonly keptAt: Date;
}

/** Events of one gateway that wait for one reason. */
export interface QuarantineGroup {
  readonly gatewayId: string;
  readonly reason: string;
  readonly count: number;
  readonly firstKeptAt: Date;
  readonly lastKeptAt: Date;
}

const WAITING = `FROM usage_event_quarantine AS kept
  WHERE NOT EXISTS (SELECT FROM usage_quarantine_decision AS decided WHERE decided.quarantine_id = kept.id)
    AND ($1::text[] IS NULL OR kept.reason = ANY ($1)) AND ($2::text IS NULL OR kept.gateway_id = $2)`;

/** The events that nobody has decided about, counted by gateway and reason. */
export async function countQuarantined(transaction: Transaction, filter: QuarantineFilter): Promise<QuarantineGroup[]> {
  return transaction.query(
    `SELECT kept.gateway_id AS "gatewayId", kept.reason, count(*)::integer AS count,
       min(kept.created_at) AS "firstKeptAt", max(kept.created_at) AS "lastKeptAt"
     ${WAITING} GROUP BY 1, 2 ORDER BY 1, 2`,
    [filter.reasons ?? null, filter.gatewayId ?? null],
  );
}

/** Events that nobody has decided about, in the order in which they were kept, after the one of that id. */
export async function listQuarantined(
  transaction: Transaction,
  filter: QuarantineFilter,
  { afterId, limit }: { readonly afterId: string | null; readonly limit: number },
): Promise<KeptEvent[]> {
  const rows = await transaction.query<Omit<KeptEvent, 'epoch' | 'segment'> & { epoch: string; segment: string }>(
    `SELECT kept.id, kept.event_id AS "eventId", kept.seq, kept.reason, kept.event, kept.gateway_id AS "gatewayId",
       kept.gateway_epoch AS epoch, kept.segment, kept.created_at AS "keptAt"
     ${WAITING} AND ($3::uuid IS NULL OR kept.id > $3) ORDER BY kept.id LIMIT $4`,
    [filter.reasons ?? null, filter.gatewayId ?? null, afterId, limit],
  );
  return rows.map((row) => ({ ...row, epoch: Number(row.epoch), segment: Number(row.segment) }));
}

/** Those of these events that nobody has decided about. Whoever else decides waits until this transaction ends. */
export async function lockUndecided(transaction: Transaction, entries: readonly KeptEvent[]): Promise<KeptEvent[]> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('quarantine/decisions', 0))`);
  const decided = await transaction.query<{ id: string }>(
    'SELECT quarantine_id AS id FROM usage_quarantine_decision WHERE quarantine_id = ANY ($1::uuid[])',
    [entries.map(({ id }) => id)],
  );
  const ids = new Set(decided.map(({ id }) => id));
  return entries.filter(({ id }) => !ids.has(id));
}

/** Notes what was decided about events that are kept aside. Each can be decided about once. */
export async function insertQuarantineDecisions(
  transaction: Transaction,
  entries: readonly KeptEvent[],
  decision: 'counted' | 'dismissed',
  decidedAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO usage_quarantine_decision (quarantine_id, decision, decided_at) SELECT unnest($1::uuid[]), $2, $3`,
    [entries.map(({ id }) => id), decision, decidedAt],
  );
}
