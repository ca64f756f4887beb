/**
 * Weighs what callers got against what is billed, by key and by request id: delivered ≤ billed ≤ delivered + ambiguous.
 * `calls` as the load saw them, `served` the request ids by call as the upstream saw them, `billed` the rows of the ledger
 * as `{ id, key }`, `rolledUp` the counts of the rollups by key.
 */
export function weigh({ calls, served, billed, rolledUp }) {
  const keys = [...new Set([...calls.map(({ key }) => key), ...billed.map(({ key }) => key)])];
  const rows = keys.map((key) =>
    weighKey(
      calls.filter((call) => call.key === key),
      served,
      billed.filter((row) => row.key === key).map(({ id }) => id),
      rolledUp.get(key) ?? 0,
    ),
  );
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  const total = Object.fromEntries(
    ['delivered', 'billed', 'ambiguous', 'ambiguousBilled', 'lost', 'double', 'phantom'].map((field) => [
      field,
      sum(field),
    ]),
  );
  return {
    ...total,
    holds: rows.every(({ holds }) => holds),
    byKey: Object.fromEntries(keys.map((key, at) => [key, rows[at]])),
  };
}

function weighKey(calls, served, billedIds, rolledUp) {
  const delivered = new Set(calls.filter(({ outcome }) => outcome === 'delivered').map(({ id }) => id));
  const broken = calls.filter(({ outcome }) => outcome === 'broken');
  const ambiguous = new Map(broken.flatMap(({ name }) => (served.get(name) ?? []).map((id) => [id, name])));
  const billed = new Set(billedIds);
  const lost = [...delivered].filter((id) => !billed.has(id)).length;
  const billedCalls = [...billed].flatMap((id) => ambiguous.get(id) ?? []);
  // A row twice, a row counted twice, and one call that is billed under two ids.
  const double =
    billedIds.length -
    billed.size +
    Math.max(0, rolledUp - billed.size) +
    billedCalls.length -
    new Set(billedCalls).size;
  const phantom = [...billed].filter((id) => !delivered.has(id) && !ambiguous.has(id)).length;
  const missingInRollup = Math.max(0, billed.size - rolledUp);
  const inBounds = delivered.size <= billed.size && billed.size <= delivered.size + ambiguous.size;
  return {
    delivered: delivered.size,
    billed: billed.size,
    ambiguous: ambiguous.size,
    ambiguousBilled: billedCalls.length,
    lost: lost + missingInRollup,
    double,
    phantom,
    holds: inBounds && lost + missingInRollup + double + phantom === 0,
  };
}
