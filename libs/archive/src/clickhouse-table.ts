const FEW_TEXTS = 'LowCardinality(String)';
const FEW_TEXTS_OR_NONE = 'LowCardinality(Nullable(String))';
const NUMBER = 'UInt64 CODEC(T64, ZSTD(1))';

/**
 * The types of what ClickHouse is to read fast or to keep small; others are nullable texts. Every value must come out as the
 * text that went in, as a day is compared with the ledger byte for byte: so ids and times stay texts.
 */
const TYPES: Readonly<Record<string, string>> = {
  organization_id: FEW_TEXTS,
  id: 'String CODEC(ZSTD(1))',
  seq: 'UInt32 CODEC(T64, ZSTD(1))',
  ended_at: 'String CODEC(ZSTD(1))',
  gateway_id: FEW_TEXTS,
  gateway_epoch: NUMBER,
  segment: NUMBER,
  mode: FEW_TEXTS,
  application_id: FEW_TEXTS,
  credential_id: FEW_TEXTS,
  subscription_id: FEW_TEXTS_OR_NONE,
  phase_id: FEW_TEXTS_OR_NONE,
  plan_version_id: FEW_TEXTS_OR_NONE,
  period_start: FEW_TEXTS_OR_NONE,
  settles_in: FEW_TEXTS_OR_NONE,
  api_product_id: FEW_TEXTS,
  api_version_id: FEW_TEXTS,
  operation: FEW_TEXTS,
  method: FEW_TEXTS,
  status: NUMBER,
  outcome: FEW_TEXTS,
  reason: FEW_TEXTS,
  attempts: NUMBER,
  bytes_in: NUMBER,
  bytes_out: NUMBER,
  quantities: FEW_TEXTS,
  billable: FEW_TEXTS,
  counts_to_quota: FEW_TEXTS,
  estimated: FEW_TEXTS,
};
const OTHERS = 'Nullable(String) CODEC(ZSTD(1))';

/** For people who look into the table: when a request was admitted and ended. They take no room. */
const ALIASES = [
  `admitted_at DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(
    toInt64(reinterpretAsUInt64(reverse(unhex(concat('0000', replaceAll(substring(id, 1, 13), '-', '')))))), 'UTC')`,
  `ended DateTime64(3, 'UTC') ALIAS parseDateTime64BestEffort(ended_at, 3, 'UTC')`,
];

/**
 * The table of usage, unless there is one. What is inserted, and what it is merged into, is flushed to the disk before that is
 * said to be done, as Postgres lets go of it then.
 */
export function createTableSql(columns: readonly string[]): string {
  return `CREATE TABLE IF NOT EXISTS usage_event (
    day Date, content ${FEW_TEXTS}, ${columns.map(definition).join(', ')}, ${ALIASES.join(', ')}
  ) ENGINE = ReplacingMergeTree PARTITION BY day ORDER BY (organization_id, id, seq, content)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1`;
}

/** Adds those of the columns that the table does not have. */
export function addColumnsSql(columns: readonly string[]): string {
  return `ALTER TABLE usage_event ${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${definition(column)}`).join(', ')}`;
}

function definition(column: string): string {
  if (!/^[a-z_]+$/.test(column)) throw new RangeError(`${column} is no name of a column`);
  return `${column} ${TYPES[column] ?? OTHERS}`;
}
