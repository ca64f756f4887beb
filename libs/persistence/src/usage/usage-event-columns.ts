/** The columns of usage_event, in the order in which they are copied in. */
export const EVENT_COLUMNS = [
  'id',
  'seq',
  'ended_at',
  'gateway_id',
  'gateway_epoch',
  'segment',
  'mode',
  'organization_id',
  'application_id',
  'credential_id',
  'subscription_id',
  'phase_id',
  'plan_version_id',
  'period_start',
  'settles_in',
  'api_product_id',
  'api_version_id',
  'operation',
  'method',
  'status',
  'outcome',
  'reason',
  'attempts',
  'bytes_in',
  'bytes_out',
  'quantities',
  'billable',
  'counts_to_quota',
  'estimated',
  'overrun',
  'distinct_values',
] as const;

/** Part of the digest only when they say something: events from before they existed keep theirs. */
const LATER_COLUMNS: readonly string[] = ['estimated', 'overrun', 'distinct_values'];
const LEDGER_COLUMNS: readonly string[] = ['gateway_epoch', 'segment', 'settles_in'];
const TIME_COLUMNS: readonly string[] = ['ended_at', 'period_start'];

/** A time as milliseconds, with what is finer than that only if there is any. */
const milliseconds = (column: string) => `trim_scale(extract(epoch FROM ${column}) * 1000)`;

const FIELDS = EVENT_COLUMNS.filter(
  (column) => !LEDGER_COLUMNS.includes(column) && !LATER_COLUMNS.includes(column),
).map((column) => (TIME_COLUMNS.includes(column) ? milliseconds(`event.${column}`) : sqlText(`event.${column}`)));

/**
 * The digest of a stored event, as SQL over a row named `event`: the first 14 bytes of the SHA-256 of its canonical
 * text. It must say the same as `eventDigest` of #services, which a test shows.
 */
export const EVENT_DIGEST_SQL = `substring(sha256(convert_to(concat(CASE
    -- Faster, but it leaves out what is null: only test usage, which has no subscription, has any of that.
    WHEN event.subscription_id IS NOT NULL THEN concat_ws(E'\\x1f', ${FIELDS.join(', ')})
    ELSE concat(${FIELDS.join(`, E'\\x1f', `)}) END, CASE
    WHEN event.distinct_values IS NOT NULL
    THEN concat(E'\\x1f', event.estimated::text, E'\\x1f', event.overrun, E'\\x1f', event.distinct_values)
    WHEN event.estimated OR event.overrun IS NOT NULL
    THEN concat(E'\\x1f', event.estimated::text, E'\\x1f', event.overrun) END), 'UTF8')) FROM 1 FOR 14)`;

// concat writes booleans as "t" and "f".
function sqlText(column: string): string {
  return column.endsWith('.billable') || column.endsWith('.counts_to_quota') ? `${column}::text` : column;
}
