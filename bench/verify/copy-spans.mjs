// Makes a month of a ledger out of its first hours: every other such span has the same calls at the same time after its beginning,
// under ids of its own, in segments of their own, with the digests and seals that the worker would have written. The sums are
// copied, not added up: whether they are right is for `tollgate verify` to say.
import { withClient } from '../../scripts/launcher/database.mjs';
import { say } from '../stage.mjs';

const lanes = 2;
const dayMs = 86_400_000;

/** Copies the first of so many spans a day into the others, two days at a time. */
export async function copySpans({ superuserUrl, monthStartMs, days, spansADay, gatewayId }) {
  const segmentsASpan = await withClient(superuserUrl, (client) => prepareFirstSpan(client, gatewayId));
  let next = 0;
  const work = () =>
    withClient(superuserUrl, async (client) => {
      await client.query(
        `SET session_replication_role = replica; SET max_parallel_workers_per_gather = 0; SET timezone = 'UTC'`,
      );
      while (next < days) {
        const number = next++;
        await copyDay(client, { monthStartMs, number, spansADay, gatewayId, segmentsASpan });
        say(`day ${number + 1} of ${days} …`);
      }
    });
  await Promise.all(Array.from({ length: lanes }, work));
  // The first day has only one span of them so far.
  await withClient(superuserUrl, (client) =>
    client.query(`
      SET session_replication_role = replica;
      UPDATE usage_operation_day SET event_count = event_count * ${spansADay}, quantity_sum = quantity_sum * ${spansADay}
      WHERE day_at = '${dayOf(monthStartMs)}Z';
      DROP TABLE bench_call`),
  );
}

/** The calls of the first span, with what does not change from one to the next made ready. Returns how many segments it has. */
async function prepareFirstSpan(client, gatewayId) {
  const { CANONICAL_EVENT_SQL } = await import('../../dist/libs/persistence/src/usage/usage-event-columns.js');
  const milliseconds = (at) => `(extract(epoch FROM ${at}) * 1000)::bigint`;
  // Of the text that is hashed, only the first and the third field are of a span.
  await client.query(
    `CREATE UNLOGGED TABLE bench_call AS
     SELECT event.*, ${milliseconds('uuid_extract_timestamp(event.id)')} AS admitted_ms, ${milliseconds('event.ended_at')} AS ended_ms,
       substr(replace(event.id::text, '-', ''), 13) AS id_tail,
       regexp_replace(${CANONICAL_EVENT_SQL}, E'^[^\\x1f]*\\x1f[^\\x1f]*\\x1f[^\\x1f]*', '') AS canonical_rest
     FROM usage_event AS event WHERE gateway_id = $1 ORDER BY segment, id, seq`,
    [gatewayId],
  );
  const { rows } = await client.query('SELECT max(segment)::integer AS segments FROM bench_call');
  return rows[0].segments;
}

async function copyDay(client, { monthStartMs, number, spansADay, gatewayId, segmentsASpan }) {
  const day = dayOf(monthStartMs + number * dayMs);
  const spanMs = dayMs / spansADay;
  const firstSpan = [new Date(monthStartMs), new Date(monthStartMs + spanMs)];
  const firstOffset = number * spansADay;
  const offsets = Array.from({ length: spansADay }, (_, index) => firstOffset + index).filter((offset) => offset > 0);
  const spans = offsets.map((offset) => {
    const shiftMs = offset * spanMs;
    const newId = (ms, tail) => `(lpad(to_hex(${ms} + ${shiftMs}), 12, '0') || ${tail})::uuid`;
    return { firstSpan, shiftMs, newId, later: `interval '${shiftMs} ms'`, firstSegment: offset * segmentsASpan };
  });
  await client.query('BEGIN');
  await fillPartition(client, { day, spans });
  await client.query('COMMIT');
  for (const span of spans) {
    await copyManifests(client, { ...span, gatewayId, segmentsASpan });
    await copySums(client, 'usage_rollup', 'bucket_at', span);
    await copySums(client, 'usage_hour', 'hour_at', span);
  }
  if (number > 0) await copyOperationDays(client, { monthStartMs, number, spansADay });
  // As the autovacuum leaves partitions of days that have ended.
  await client.query(`VACUUM (FREEZE, ANALYZE) ${partitionOf(day)}`);
}

async function copyManifests(client, { shiftMs, newId, firstSegment, gatewayId, segmentsASpan }) {
  const ofCall = newId('admitted_ms', 'id_tail');
  await client.query(
    `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt,
       acknowledged_at)
     SELECT gateway_id, epoch, number, event_count, quantity_sums, content_hash, copied.digests,
       sha256(convert_to(format(E'["%s",%s,%s,%s,[["requests","%s"]],"%s"]\\n', gateway_id, epoch, number, event_count,
         quantity_sums->>'requests', encode(content_hash, 'hex')), 'UTF8') || copied.digests), attempt, acknowledged_at
     FROM (
       SELECT segment, segment + ${firstSegment} AS number,
         string_agg(uuid_send(id) || substring(int4send(seq) FROM 3) || substring(sha256(convert_to(
           id::text || E'\\x1f' || seq || E'\\x1f' || (ended_ms + ${shiftMs}) || canonical_rest, 'UTF8')) FROM 1 FOR 14), ''::bytea
           ORDER BY id, seq) AS digests
       FROM (SELECT segment, ${ofCall} AS id, seq, ended_ms, canonical_rest FROM bench_call) AS call GROUP BY segment
     ) AS copied JOIN segment_manifest AS manifest USING (segment)
     WHERE manifest.gateway_id = $1 AND manifest.segment <= ${segmentsASpan}`,
    [gatewayId],
  );
}

/** One that is there already is added to; else it is made apart, filled, indexed and then attached, as the owner of the tables. */
async function fillPartition(client, { day, spans }) {
  const name = partitionOf(day);
  const columns = await columnsOf(client, 'usage_event');
  const { rows: known } = await client.query('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [name]);
  if (!known[0].isThere) {
    await client.query('SET LOCAL ROLE tollgate_owner');
    await client.query(`CREATE TABLE ${name} (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    await client.query('RESET ROLE');
  }
  for (const { newId, later, firstSegment } of spans) {
    const copied = {
      id: newId('admitted_ms', 'id_tail'),
      segment: `segment + ${firstSegment}`,
      ended_at: `ended_at + ${later}`,
    };
    await client.query(
      `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${columns.map((column) => copied[column] ?? column).join(', ')} FROM bench_call`,
    );
  }
  if (known[0].isThere) return;
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

/** Rows of the first span of a table of sums, so much later. */
async function copySums(client, table, at, { firstSpan, newId, later }) {
  const columns = await columnsOf(client, table);
  const lastMs = '(extract(epoch FROM uuid_extract_timestamp(last_event_id)) * 1000)::bigint';
  const copied = {
    [at]: `${at} + ${later}`,
    last_event_id: newId(lastMs, `substr(replace(last_event_id::text, '-', ''), 13)`),
  };
  await client.query(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => copied[name] ?? name).join(', ')} FROM ${table}
     WHERE ${at} >= $1 AND ${at} < $2`,
    firstSpan,
  );
}

/** Those of a day, of all its spans together, out of those of the only span that the first day has. */
async function copyOperationDays(client, { monthStartMs, number, spansADay }) {
  const columns = await columnsOf(client, 'usage_operation_day');
  const copied = {
    day_at: `day_at + interval '${number} days'`,
    event_count: `event_count * ${spansADay}`,
    quantity_sum: `quantity_sum * ${spansADay}`,
  };
  await client.query(
    `INSERT INTO usage_operation_day (${columns.join(', ')}) SELECT ${columns.map((name) => copied[name] ?? name).join(', ')}
     FROM usage_operation_day WHERE day_at = $1`,
    [new Date(monthStartMs)],
  );
}

async function columnsOf(client, table) {
  const { rows } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

function partitionOf(day) {
  return `usage_event_${day.replaceAll('-', '')}`;
}

function dayOf(ms) {
  return new Date(ms).toISOString().slice(0, 10);
}
