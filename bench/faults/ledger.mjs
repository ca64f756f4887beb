import { withClient } from '../../scripts/launcher/database.mjs';

/** What the ledger bills, by request id, and what the rollups have counted by key: read past all rules of the schema. */
export function readLedger(superuserUrl) {
  return withClient(superuserUrl, async (client) => {
    const events = await client.query(
      `SELECT usage_event.id, application.name AS key FROM usage_event
         JOIN application ON application.id = usage_event.application_id WHERE billable`,
    );
    const rollups = await client.query(
      `SELECT application.name AS key, sum(event_count)::integer AS count FROM usage_rollup
         JOIN application ON application.id = usage_rollup.application_id WHERE billable GROUP BY 1`,
    );
    const quarantined = await client.query('SELECT count(*)::integer AS count FROM usage_event_quarantine');
    return {
      billed: events.rows,
      rolledUp: new Map(rollups.rows.map(({ key, count }) => [key, count])),
      quarantined: quarantined.rows[0].count,
    };
  });
}
