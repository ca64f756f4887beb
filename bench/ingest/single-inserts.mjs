// The design without segments: each event in a transaction of its own, ledger row and rollup row.
import pg from 'pg';

/** Inserts the events one after the other on four connections, and returns how long that took. */
export async function singleInserts(databaseUrl, events) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const startedAt = performance.now();
  try {
    await Promise.all(
      [0, 1, 2, 3].map((lane) =>
        insertAll(
          pool,
          events.filter((_, index) => index % 4 === lane),
        ),
      ),
    );
    return { seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await pool.end();
  }
}

async function insertAll(pool, events) {
  const client = await pool.connect();
  try {
    await client.query(`SELECT set_config('tollgate.scope', 'system', false)`);
    for (const event of events) await insert(client, event);
  } finally {
    client.release();
  }
}

async function insert(client, event) {
  const caller = [
    event.organizationId,
    event.applicationId,
    event.credentialId,
    event.subscriptionId,
    event.phaseId,
    event.planVersionId,
    new Date(event.periodStartMs),
    event.apiProductId,
    event.apiVersionId,
    event.operation,
  ];
  await client.query('BEGIN');
  await client.query({
    name: 'event',
    text: `INSERT INTO usage_event (id, seq, ended_at, gateway_id, gateway_epoch, segment, mode, organization_id, application_id,
        credential_id, subscription_id, phase_id, plan_version_id, period_start, settles_in, api_product_id, api_version_id,
        operation, method, status, outcome, reason, attempts, bytes_in, bytes_out, quantities, billable, counts_to_quota)
      VALUES ($1, 0, $2, 'bench', 1, 1, 'live', $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, 'GET', $13, 'delivered', $14, 1,
        0, $15, '{"requests": "1"}', $16, $16) ON CONFLICT DO NOTHING`,
    values: [
      event.id,
      new Date(event.endedAtMs),
      ...caller,
      event.status,
      event.reason,
      event.bytesOut,
      event.billable,
    ],
  });
  await client.query({
    name: 'rollup',
    text: `INSERT INTO usage_rollup (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id, mode,
        period_start, settles_in, api_product_id, api_version_id, operation, meter, bucket_at, status_class, billable,
        counts_to_quota, event_count, quantity_sum)
      VALUES ($1, $2, $3, $4, $5, $6, 'live', $7, $7, $8, $9, $10, 'requests', date_bin('15 minutes', $11, 'epoch'), $12, $13, $13,
        1, 1)
      ON CONFLICT ON CONSTRAINT usage_rollup_key DO UPDATE SET event_count = usage_rollup.event_count + 1,
        quantity_sum = usage_rollup.quantity_sum + 1`,
    values: [...caller, new Date(event.endedAtMs), Math.floor(event.status / 100), event.billable],
  });
  await client.query('COMMIT');
}
