import type { Transaction } from '../database/unit-of-work.js';
import { LEDGER_AND_ARCHIVE } from '../usage/archived-events.js';
import type { EventIdRange } from './event-proof-repository.js';

/** A value of which the events and what is counted say something else. */
export interface DistinctValueDifference {
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly meter: string;
  readonly phaseId: string;
  readonly billable: boolean;
  /** In hex. */
  readonly valueHash: string;
  /** The event that names it, or is said to; with its number. */
  readonly event: string;
  /** Where the event settles; null when it does not name the value. */
  readonly namedIn: Date | null;
  /** Where the value is counted; null when it is not. */
  readonly countedIn: Date | null;
}

const KEY = 'subscription_id, period_start, meter, phase_id, billable, value_hash';

/**
 * Compares the values that the events of the range name with those that are counted: each is counted, in no later period
 * than the event settles in, and each that an event of the range is said to have brought is named by it. Returns the first
 * differences, at most `limit`, and how many namings were looked at.
 */
export async function findDistinctValueDifferences(
  transaction: Transaction,
  { fromId, toId }: EventIdRange,
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly DistinctValueDifference[] }> {
  const rows = await transaction.query<DistinctValueDifference & { readonly compared: string }>(
    `WITH named AS (
       SELECT event.id, event.seq, subscription_id, period_start, each.key AS meter, phase_id, billable,
         decode(each.value, 'hex') AS value_hash, settles_in
       FROM ${LEDGER_AND_ARCHIVE} AS event, jsonb_each_text(event.distinct_values) AS each
       WHERE event.id >= $1 AND event.id < $2 AND subscription_id IS NOT NULL AND distinct_values IS NOT NULL
     ), differing AS (
       SELECT ${KEY}, named.id, named.seq, named.settles_in AS named_in, counted.settles_in AS counted_in
       FROM named LEFT JOIN usage_distinct_value AS counted USING (${KEY})
       WHERE counted.settles_in IS NULL OR counted.settles_in > named.settles_in
       UNION ALL
       SELECT ${KEY}, event_id, event_seq, NULL, counted.settles_in
       FROM usage_distinct_value AS counted
       WHERE event_id >= $1 AND event_id < $2 AND (event_id, event_seq, ${KEY}, settles_in) NOT IN
         (SELECT id, seq, ${KEY}, settles_in FROM named)
     )
     SELECT (SELECT count(*) FROM named) AS compared, subscription_id AS "subscriptionId", period_start AS "periodStart",
       meter, phase_id AS "phaseId", billable, encode(value_hash, 'hex') AS "valueHash", id || '/' || seq AS event,
       named_in AS "namedIn", counted_in AS "countedIn"
     FROM (SELECT) AS one LEFT JOIN (SELECT * FROM differing ORDER BY ${KEY}, id, seq LIMIT $3) AS first_ones ON true`,
    [fromId, toId, limit],
  );
  const differences = rows.filter(({ subscriptionId }) => subscriptionId !== null);
  return { compared: Number(rows[0]!.compared), differences };
}
