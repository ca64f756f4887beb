import type { Transaction } from '../database/unit-of-work.js';

/** What tells one counted value from another; the order in which every writer inserts them, so that they wait instead of deadlocking. */
const KEY = 'subscription_id, period_start, meter, value_hash, phase_id, billable';

/**
 * An insert of the values that the events of `source` name, each once for a subscription, phase, period and meter; those
 * that are there stay as they are; a trigger counts the others. `source` is a table of usage events; `condition` is of the caller.
 */
export function insertDistinctValuesSql(source: string, condition = 'true'): string {
  return `INSERT INTO usage_distinct_value (organization_id, subscription_id, phase_id, period_start, settles_in, meter,
        billable, value_hash, event_id, event_seq)
      SELECT DISTINCT ON (${KEY}) organization_id, subscription_id, phase_id, period_start, settles_in, meter, billable,
        value_hash, id, seq
      FROM (
        SELECT event.*, named.key AS meter, decode(named.value, 'hex') AS value_hash
        FROM ${source} AS event, jsonb_each_text(event.distinct_values) AS named
        WHERE event.subscription_id IS NOT NULL AND ${condition}
      ) AS named
      ORDER BY ${KEY}, settles_in, id, seq
      ON CONFLICT DO NOTHING`;
}

/** Adds the values of the staged events, all of which must be new in the ledger. */
export async function addStagedDistinctValues(transaction: Transaction): Promise<void> {
  await transaction.query(insertDistinctValuesSql('pg_temp.usage_staging'));
}
