// Makes a month of a ledger out of its first day: every other day has the same calls at the same time of day, under ids of its
// own, in segments of their own, with the digests and seals that the worker would have written. The sums are copied, not
// added up: whether they are right is for `tollgate verify` to say.
import { withClient } from '../../scripts/launcher/database.mjs';
import { say } from '../stage.mjs';

const lanes = 2;
const dayMs = 86_400_000;

/** Copies the first day of the month into the others, two at a time. */
export async function copyDays({ superuserUrl, monthStartMs, days, gatewayId }) {
  const segmentsADay = await withClient(superuserUrl, (client) => prepareFirstDay(client, gatewayId));
  let next = 1;
  const work = () =>
    withClient(superuserUrl, async (client) => {
      await client.query(
        `SET session_replication_role = replica; SET max_parallel_workers_per_gather = 0; SET timezone = 'UTC'`,
      );
      while (next < days) {
        const offset = next++;
        await copyDay(client, { offset, day: dayOf(monthStartMs + offset * dayMs), gatewayId, segmentsADay });
        say(`day ${offset + 1} of ${days} …`);
      }
    });
  await Promise.all(Array.from({ length: lanes }, work));
  await withClient(superuserUrl, (client) => client.query('DROP TABLE bench_call'));
}

/** The calls of the first day, with what does not change from day to day made ready. Returns how many segments it has. */
async function prepareFirstDay(client, gatewayId) {
  const { EVENT_DIGEST_SQL } = await import('../../dist/libs/persistence/src/usage/usage-event-columns.js');
  const canonical = /^substring\(sha256\(convert_to\((.*), 'UTF8'\)\) FROM 1 FOR 14\)$/s.exec(EVENT_DIGEST_SQL)[1];
  const milliseconds = (at) => `(extract(epoch FROM ${at}) * 1000)::bigint`;
  // Of the text that is hashed, only the first and the third field are of a day.
  await client.query(
    `CREATE UNLOGGED TABLE bench_call AS
     SELECT event.*, ${milliseconds('uuid_extract_timestamp(event.id)')} AS admitted_ms, ${milliseconds('event.ended_at')} AS ended_ms,
       substr(replace(event.id::text, '-', ''), 13) AS id_tail,
       regexp_replace(${canonical}, E'^[^\\x1f]*\\x1f[^\\x1f]*\\x1f[^\\x1f]*', '') AS canonical_rest
     FROM usage_event AS event WHERE gateway_id = $1 ORDER BY segment, id, seq`,
    [gatewayId],
  );
  const { rows } = await client.query('SELECT max(segment)::integer AS segments FROM bench_call');
  return rows[0].segments;
}

async function copyDay(client, { offset, day, gatewayId, segmentsADay }) {
  const shiftMs = offset * dayMs;
  const later = `interval '${offset} days'`;
  const newId = (ms, tail) => `(lpad(to_hex(${ms} + ${shiftMs}), 12, '0') || ${tail})::uuid`;
  const ofCall = newId('admitted_ms', 'id_tail');
  await client.query('BEGIN');
  await fillPartition(client, { day, later, id: ofCall, segment: `segment + ${offset * segmentsADay}` });
  await client.query('COMMIT');
  await client.query(
    `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt,
       acknowledged_at)
     SELECT gateway_id, epoch, number, event_count, quantity_sums, content_hash, copied.digests,
       sha256(convert_to(format(E'["%s",%s,%s,%s,[["requests","%s"]],"%s"]\\n', gateway_id, epoch, number, event_count,
         quantity_sums->>'requests', encode(content_hash, 'hex')), 'UTF8') || copied.digests), attempt, acknowledged_at
     FROM (
       SELECT segment, segment + ${offset * segmentsADay} AS number,
         string_agg(uuid_send(id) || substring(int4send(seq) FROM 3) || substring(sha256(convert_to(
           id::text || E'\\x1f' || seq || E'\\x1f' || (ended_ms + ${shiftMs}) || canonical_rest, 'UTF8')) FROM 1 FOR 14), ''::bytea
           ORDER BY id, seq) AS digests
       FROM (SELECT segment, ${ofCall} AS id, seq, ended_ms, canonical_rest FROM bench_call) AS call GROUP BY segment
     ) AS copied JOIN segment_manifest AS manifest USING (segment)
     WHERE manifest.gateway_id = $1 AND manifest.segment <= ${segmentsADay}`,
    [gatewayId],
  );
  await copySums(client, 'usage_rollup', 'bucket_at', day, offset, newId);
  await copySums(client, 'usage_hour', 'hour_at', day, offset, newId);
  await copySums(client, 'usage_operation_day', 'day_at', day, offset, newId);
  // As the autovacuum leaves partitions of days that have ended.
  await client.query(`VACUUM (FREEZE, ANALYZE) ${partitionOf(day)}`);
}

/** Made apart, filled, indexed and then attached, as the owner of the tables. */
async function fillPartition(client, { day, later, id, segment }) {
  const name = partitionOf(day);
  const { rows: columns } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'usage_event'::regclass AND attnum > 0 AND NOT attisdropped
     ORDER BY attnum`,
  );
  const copied = { id, segment, ended_at: `ended_at + ${later}` };
  await client.query('SET LOCAL ROLE tollgate_owner');
  await client.query(`CREATE TABLE ${name} (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await client.query('RESET ROLE');
  await client.query(
    `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')})
     SELECT ${columns.map((column) => copied[column.name] ?? column.name).join(', ')} FROM bench_call`,
  );
  const { rows: indexes } = await client.query(
    `SELECT relname AS name, pg_get_indexdef(indexrelid) AS definition, indisprimary AS "isPrimary"
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = 'usage_event'::regclass`,
  );
  for (const { name: index, definition, isPrimary } of indexes) {
    await client.query(
      isPrimary
        ? `ALTER TABLE ${name} ADD PRIMARY KEY (id, seq)`
        : definition.replace(/INDEX \S+ ON ONLY \S+/, `INDEX ${name}_${index.slice('usage_event_'.length)} ON ${name}`),
    );
  }
  await client.query(
    `SELECT open_usage_event_partition('${name}');
     ALTER TABLE usage_event ATTACH PARTITION ${name}
       FOR VALUES FROM ('${await lowestId(client, day, 0)}') TO ('${await lowestId(client, day, 1)}')`,
  );
}

async function lowestId(client, day, offset) {
  const { rows } = await client.query(
    `SELECT lowest_uuid_v7(($1::date + $2::integer)::timestamp AT TIME ZONE 'UTC') AS id`,
    [day, offset],
  );
  return rows[0].id;
}

/** Rows of the first day of a table of sums, so many days later. */
async function copySums(client, table, at, day, offset, newId) {
  const { rows: columns } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  const lastMs = '(extract(epoch FROM uuid_extract_timestamp(last_event_id)) * 1000)::bigint';
  const copied = {
    [at]: `${at} + interval '${offset} days'`,
    last_event_id: newId(lastMs, `substr(replace(last_event_id::text, '-', ''), 13)`),
  };
  await client.query(
    `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')})
     SELECT ${columns.map(({ name }) => copied[name] ?? name).join(', ')} FROM ${table}
     WHERE ${at} >= $1::date - $2::integer AND ${at} < $1::date - $2::integer + 1`,
    [day, offset],
  );
}

function partitionOf(day) {
  return `usage_event_${day.replaceAll('-', '')}`;
}

function dayOf(ms) {
  return new Date(ms).toISOString().slice(0, 10);
}
