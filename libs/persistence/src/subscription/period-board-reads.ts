import type { BoardState, InvoiceState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { ListedPeriod } from './billing-period-repository.js';

/** How many periods stand somewhere, and what their invoices come to; null and 0 for periods without invoices. */
export interface BoardCount {
  readonly state: BoardState;
  readonly count: number;
  readonly currency: string | null;
  readonly totalMinor: bigint;
}

/** Ends from `from` on and before `to`. */
export interface EndSpan {
  readonly from: Date;
  readonly to: Date;
}

/** Which invoices stand at a state of the board, as a condition that the indexes of the board know. */
const INVOICES_AT: Readonly<Record<'review' | 'issued' | 'past_due' | 'settled', string>> = {
  review: `invoice.state IN ('draft', 'review')`,
  issued: `invoice.state IN ('locked', 'issued')`,
  past_due: `invoice.state = 'past_due'`,
  settled: `invoice.state NOT IN ('draft', 'review', 'locked', 'issued', 'past_due')`,
};
/** Where an invoice puts its period. */
const INVOICE_BOARD_STATE = `CASE ${Object.entries(INVOICES_AT)
  .map(([state, condition]) => `WHEN ${condition} THEN '${state}'`)
  .join(' ')} END`;
const UNDER_WAY = `invoice.state IN ('draft', 'review', 'locked', 'issued', 'past_due')`;

/**
 * The board at an instant: of the periods that end in a span, or, without one, of all that are not done. Reads indexes of
 * periods and invoices alone, and looks at states once a group and not once a row.
 */
export async function countBoard(
  transaction: Transaction,
  { at, span }: { readonly at: Date; readonly span: EndSpan | null },
): Promise<BoardCount[]> {
  const [from, to] = [span?.from ?? '-infinity', span?.to ?? 'infinity'];
  const rows = await transaction.query<Omit<BoardCount, 'totalMinor'> & { readonly totalMinor: string }>(
    `SELECT CASE WHEN state = 'incomplete' THEN 'held' WHEN ends_at > $1 THEN 'open' ELSE 'grace' END AS state,
            count(*)::integer AS count, NULL AS currency, '0' AS "totalMinor"
     FROM billing_period WHERE state <> 'closed' AND ends_at >= $2 AND ends_at < $3 GROUP BY 1
     UNION ALL
     SELECT ${INVOICE_BOARD_STATE}, sum(count)::integer, currency, sum(total)::text
     FROM (SELECT invoice.state, invoice.currency, count(*) AS count, sum(invoice.total_minor) AS total FROM invoice
           WHERE kind = 'period' AND ${span ? 'invoice.period_end >= $2 AND invoice.period_end < $3' : UNDER_WAY}
           GROUP BY 1, 2) AS invoice GROUP BY 1, 3`,
    [at, from, to],
  );
  const counts = rows.map((row) => ({ ...row, totalMinor: BigInt(row.totalMinor) }));
  if (!span) return counts;
  const [closed] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM billing_period WHERE state = 'closed' AND ends_at >= $1 AND ends_at < $2`,
    [span.from, span.to],
  );
  const billed = counts.filter(({ currency }) => currency !== null).reduce((sum, { count }) => sum + count, 0);
  const unbilled = closed!.count - billed;
  return unbilled > 0 ? [...counts, { state: 'unbilled', count: unbilled, currency: null, totalMinor: 0n }] : counts;
}

/** Why periods are held, the most of them first; ten reasons at most. */
export function countHoldReasons(
  transaction: Transaction,
  span: EndSpan | null,
): Promise<{ readonly reason: string; readonly count: number }[]> {
  return transaction.query(
    `SELECT coalesce(held_reason, '') AS reason, count(*)::integer AS count FROM billing_period
     WHERE state = 'incomplete' AND ends_at >= $1 AND ends_at < $2 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`,
    [span?.from ?? '-infinity', span?.to ?? 'infinity'],
  );
}

/** A period on the board with its invoice, when it has one. */
export interface BoardPeriod extends ListedPeriod {
  readonly invoice: {
    readonly id: string;
    readonly number: string | null;
    readonly state: InvoiceState;
    readonly currency: string;
    readonly totalMinor: bigint;
  } | null;
}

/** Where a walk over the board stands: the end of a period, and its subscription or its invoice. */
export interface BoardCursor {
  readonly endsAt: Date;
  readonly id: string;
}

export interface BoardPageQuery {
  readonly state: BoardState;
  readonly at: Date;
  readonly span: EndSpan | null;
  readonly after: BoardCursor | null;
  readonly limit: number;
}

const PERIOD = `period.subscription_id AS "subscriptionId", period.organization_id AS "organizationId",
  period.starts_at AS "startsAt", period.ends_at AS "endsAt", period.state, period.closed_at AS "closedAt",
  period.held_reason AS "heldReason", json_build_object('id', organization.id, 'name', organization.name) AS organization,
  json_build_object('id', product.id, 'slug', product.slug, 'title', product.title) AS product`;
const NAMES = `JOIN organization ON organization.id = period.organization_id
  JOIN subscription ON subscription.id = period.subscription_id
  JOIN api_product product ON product.id = subscription.api_product_id`;

type Row = Omit<BoardPeriod, 'invoice'> & {
  readonly invoice: (Omit<NonNullable<BoardPeriod['invoice']>, 'totalMinor'> & { readonly totalMinor: string }) | null;
  readonly cursorId: string;
};

/**
 * One page of the periods at a state of the board, each with the cursor after it: those that have not been closed by the
 * end that comes first, others by the end that came last. Reads no more rows than the page has, but for unbilled ones.
 */
export async function listBoardPage(
  transaction: Transaction,
  query: BoardPageQuery,
): Promise<{ readonly period: BoardPeriod; readonly cursor: BoardCursor }[]> {
  const rows = await (isInvoiceState(query.state) ? pageByInvoice : pageByPeriod)(transaction, query);
  return rows.map(({ cursorId, invoice, ...period }) => ({
    period: { ...period, invoice: invoice && { ...invoice, totalMinor: BigInt(invoice.totalMinor) } },
    cursor: { endsAt: period.endsAt, id: cursorId },
  }));
}

function isInvoiceState(state: BoardState): state is keyof typeof INVOICES_AT {
  return Object.hasOwn(INVOICES_AT, state);
}

function pageByInvoice(transaction: Transaction, { state, span, after, limit }: BoardPageQuery): Promise<Row[]> {
  return transaction.query<Row>(
    `SELECT ${PERIOD}, json_build_object('id', invoice.id, 'number', invoice.number, 'state', invoice.state,
              'currency', invoice.currency, 'totalMinor', invoice.total_minor::text) AS invoice, invoice.id AS "cursorId"
     FROM (SELECT * FROM invoice WHERE kind = 'period' AND ${INVOICES_AT[state as keyof typeof INVOICES_AT]}
             AND period_end >= $1 AND period_end < $2 AND ($3::timestamptz IS NULL OR (period_end, id) < ($3, $4::uuid))
           ORDER BY period_end DESC, id DESC LIMIT $5) AS invoice
     JOIN billing_period AS period ON period.subscription_id = invoice.subscription_id AND period.starts_at = invoice.period_start
     ${NAMES}
     ORDER BY invoice.period_end DESC, invoice.id DESC`,
    [span?.from ?? '-infinity', span?.to ?? 'infinity', after?.endsAt ?? null, after?.id ?? null, limit],
  );
}

const PERIODS_AT: Readonly<Record<'open' | 'grace' | 'held' | 'unbilled', string>> = {
  open: `state = 'open' AND ends_at > $6`,
  grace: `state = 'open' AND ends_at <= $6`,
  held: `state = 'incomplete' AND $6::timestamptz IS NOT NULL`,
  unbilled: `state = 'closed' AND $6::timestamptz IS NOT NULL AND NOT EXISTS (
    SELECT FROM invoice WHERE invoice.subscription_id = billing_period.subscription_id AND period_start = starts_at
      AND kind = 'period')`,
};

function pageByPeriod(transaction: Transaction, { state, at, span, after, limit }: BoardPageQuery): Promise<Row[]> {
  const [beyond, order] = state === 'unbilled' ? ['<', 'DESC'] : ['>', 'ASC'];
  return transaction.query<Row>(
    `SELECT ${PERIOD}, NULL AS invoice, period.subscription_id AS "cursorId"
     FROM (SELECT * FROM billing_period WHERE ${PERIODS_AT[state as keyof typeof PERIODS_AT]}
             AND ends_at >= $1 AND ends_at < $2
             AND ($3::timestamptz IS NULL OR (ends_at, subscription_id) ${beyond} ($3, $4::uuid))
           ORDER BY ends_at ${order}, subscription_id ${order} LIMIT $5) AS period
     ${NAMES}
     ORDER BY period.ends_at ${order}, period.subscription_id ${order}`,
    [span?.from ?? '-infinity', span?.to ?? 'infinity', after?.endsAt ?? null, after?.id ?? null, limit, at],
  );
}
