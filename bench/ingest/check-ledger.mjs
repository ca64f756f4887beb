/** Throws unless the ledger has so many events, all of them counted: a bench of a ledger that is wrong is worth nothing. */
export async function checkLedger(database, events) {
  const { rows } = await database.query(
    `SELECT (SELECT count(*)::integer FROM usage_event) AS stored,
       (SELECT sum(event_count)::integer FROM usage_rollup) AS rolled_up,
       (SELECT sum(event_count)::integer FROM usage_hour) AS in_hours,
       (SELECT count(*)::integer FROM usage_event_quarantine) AS kept`,
  );
  const { stored, rolled_up: rolledUp, in_hours: inHours, kept } = rows[0];
  if (stored === events && rolledUp === events && inHours === events && kept === 0) return;
  throw new Error(
    `of ${events} events ${stored} are in the ledger, ${rolledUp} in rollups, ${inHours} in hours, ${kept} kept aside`,
  );
}
