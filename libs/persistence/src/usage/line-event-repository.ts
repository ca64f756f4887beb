import { uuidV7TimeMs } from '#domain';
import { trimDecimal } from '../database/columns.js';
import { queryPlanned } from '../database/planned-query.js';
import type { Transaction } from '../database/unit-of-work.js';
import { EVENTS_OF, type EventSource } from './archived-events.js';
import type { MeterEvents } from './event-value-repository.js';
import { type IdSpan, findUsageSpan } from './usage-span.js';

const PAGE = 5_000;

/** A call behind a line of an invoice; the rows of a stream are one. */
export interface LineEvent {
  readonly requestId: string;
  readonly admittedAt: Date;
  readonly keyId: string;
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  /** Units of the meter, exact. */
  readonly quantity: string;
  /** Of its rows: how many, the highest, and the last. */
  readonly rowCount: number;
  readonly highest: string;
  readonly last: string;
}

type PageRow = Omit<LineEvent, 'admittedAt'>;

/** The billable live events of one meter that one bill settles, in the order of admission; page by page. */
export async function* listLineEvents(
  transaction: Transaction,
  asked: MeterEvents,
  source: EventSource,
): AsyncGenerator<LineEvent, void, undefined> {
  const span = await findUsageSpan(transaction, [asked]);
  let after: string | null = null;
  while (span !== null) {
    const page: LineEvent[] = await readPage(transaction, asked, span, source, { after, before: null, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.requestId;
  }
}

/** One page of them: at most `limit` after the call with the id `after`, or from the first on, and only before one when `before` is given. */
export async function listLineEventPage(
  transaction: Transaction,
  asked: MeterEvents,
  source: EventSource,
  page: { readonly after: string | null; readonly before?: string | null; readonly limit: number },
): Promise<LineEvent[]> {
  const span = await findUsageSpan(transaction, [asked]);
  return span === null ? [] : readPage(transaction, asked, span, source, { before: null, ...page });
}

async function readPage(
  transaction: Transaction,
  { subscriptionId, phaseId, meter, periodStart, settlesIn }: MeterEvents,
  span: IdSpan,
  source: EventSource,
  { after, before, limit }: { readonly after: string | null; readonly before: string | null; readonly limit: number },
): Promise<LineEvent[]> {
  const sql = `SELECT event.*, coalesce(credential.key_id, '') AS "keyId" FROM (
       SELECT id AS "requestId", min(credential_id::text)::uuid AS credential_id, min(operation) AS operation,
         min(method) AS method, (array_agg(status ORDER BY seq DESC))[1] AS status,
         sum((quantities ->> $4)::numeric)::text AS quantity, count(*)::integer AS "rowCount",
         max((quantities ->> $4)::numeric)::text AS highest,
         (array_agg(quantities ->> $4 ORDER BY seq DESC))[1] AS last
       FROM ${EVENTS_OF[source]} AS event
       WHERE subscription_id = $1 AND period_start = $2 AND phase_id = $3 AND quantities ? $4 AND settles_in = $5
         AND billable AND mode = 'live' AND id >= $6 AND id < $7 AND ($8::uuid IS NULL OR id > $8)
         AND ($9::uuid IS NULL OR id < $9)
       GROUP BY id ORDER BY id LIMIT $10) AS event
     LEFT JOIN credential ON credential.id = event.credential_id ORDER BY "requestId"`;
  const parameters = [
    subscriptionId,
    periodStart,
    phaseId,
    meter,
    settlesIn,
    span.from,
    span.below,
    after,
    before,
    limit,
  ];
  const page = await (source === 'ledger'
    ? queryPlanned<PageRow>(transaction, { name: 'line-event-page', sql, parameters })
    : transaction.query<PageRow>(sql, parameters));
  return page.map(({ quantity, highest, last, ...event }) => ({
    ...event,
    admittedAt: new Date(uuidV7TimeMs(event.requestId)),
    quantity: trimDecimal(quantity),
    highest: trimDecimal(highest),
    last: trimDecimal(last),
  }));
}

/** How many values these events name that no bill before has counted. */
export async function countNewValues(
  transaction: Transaction,
  asked: MeterEvents,
  source: EventSource,
): Promise<string> {
  const { subscriptionId, phaseId, meter, periodStart, settlesIn } = asked;
  const span = await findUsageSpan(transaction, [asked]);
  const [row] = await transaction.query<{ count: string }>(
    `SELECT count(*)::text AS count FROM (
       SELECT DISTINCT decode(distinct_values ->> $4, 'hex') AS value_hash FROM ${EVENTS_OF[source]} AS event
       WHERE subscription_id = $1 AND period_start = $2 AND phase_id = $3 AND distinct_values ? $4 AND settles_in = $5
         AND billable AND mode = 'live' AND id >= $6 AND id < $7) AS named
     WHERE NOT EXISTS (
       SELECT FROM usage_distinct_value AS value
       WHERE value.subscription_id = $1 AND value.period_start = $2 AND value.phase_id = $3 AND value.meter = $4
         AND value.settles_in < $5 AND value.billable AND value.value_hash = named.value_hash)`,
    [subscriptionId, periodStart, phaseId, meter, settlesIn, span?.from ?? null, span?.below ?? null],
  );
  return row!.count;
}
