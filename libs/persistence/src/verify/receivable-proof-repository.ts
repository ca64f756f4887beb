import type { Transaction } from '../database/unit-of-work.js';

/** What of an organization's invoices in a currency became what, in minor units. */
export interface Receivables {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly currency: string;
  /** Σ totals of all that were issued with a number. */
  readonly issuedMinor: bigint;
  /** Σ totals of those that are void. */
  readonly withdrawnMinor: bigint;
  /** What credit notes took off what was due. */
  readonly creditedMinor: bigint;
  /** Payments, without what went on to the balance. */
  readonly paidMinor: bigint;
  /** Taken of the balance and not given back. */
  readonly balanceUsedMinor: bigint;
  /** Given up. */
  readonly writtenOffMinor: bigint;
  /** What the invoices say is due. */
  readonly openMinor: bigint;
  /** Of what is due, what was carried and waits to be collected with a later invoice. */
  readonly carriedMinor: bigint;
  /** What is left of what was issued: the same as what is due, or something is wrong. */
  readonly leftMinor: bigint;
}

/** An invoice of which the ledgers leave something else than it says. */
export interface ReceivableDifference {
  readonly invoiceId: string;
  readonly number: string;
  readonly leftMinor: bigint;
  readonly saidMinor: bigint;
}

/**
 * Each numbered invoice with what payments, credit notes and balance entries say of it, from their own rows, and with what it
 * says of itself. `said` is what is due of it by its own columns; of it is written off what is given up.
 */
const OF_INVOICES = `
  WITH paid AS (
    SELECT invoice_id, sum(amount_minor) AS amount FROM payment WHERE state = 'succeeded' GROUP BY 1
  ), credited AS (
    SELECT invoice_id, sum(reduced_minor) AS amount FROM credit_note GROUP BY 1
  ), moved AS (
    SELECT invoice_id, -sum(amount_minor) FILTER (WHERE kind IN ('applied', 'released')) AS used,
      sum(amount_minor) FILTER (WHERE kind = 'overpayment') AS kept
    FROM balance_entry WHERE invoice_id IS NOT NULL GROUP BY 1
  ), of_invoice AS (
    SELECT invoice.id, invoice.number, invoice.organization_id, invoice.currency, invoice.state,
      invoice.state = 'issued' AND invoice.carried_at IS NOT NULL AND invoice.joins_invoice_id IS NULL AS waits, invoice.total_minor AS issued,
      CASE invoice.state WHEN 'void' THEN invoice.total_minor ELSE 0 END AS withdrawn,
      coalesce(credited.amount, 0) AS credited, coalesce(paid.amount, 0) - coalesce(moved.kept, 0) AS paid,
      coalesce(moved.used, 0) AS used,
      CASE WHEN invoice.state IN ('paid', 'void') THEN 0 ELSE greatest(0, invoice.total_minor - invoice.balance_applied_minor
        - invoice.credited_minor - invoice.paid_minor) END AS said
    FROM invoice LEFT JOIN paid ON paid.invoice_id = invoice.id LEFT JOIN credited ON credited.invoice_id = invoice.id
    LEFT JOIN moved ON moved.invoice_id = invoice.id
    WHERE invoice.number IS NOT NULL
  )`;
const LEFT = 'issued - withdrawn - credited - paid - used';

/** How many invoices have a number. */
export async function countNumberedInvoices(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM invoice WHERE number IS NOT NULL`,
  );
  return row!.count;
}

/** The first invoice of which something else is left than it says; null when there is none. */
export async function findReceivableDifference(transaction: Transaction): Promise<ReceivableDifference | null> {
  const [row] = await transaction.query<Record<'id' | 'number' | 'left' | 'said', string>>(
    `${OF_INVOICES} SELECT id, number, ${LEFT} AS left, said FROM of_invoice WHERE ${LEFT} <> said ORDER BY id LIMIT 1`,
  );
  return row
    ? { invoiceId: row.id, number: row.number, leftMinor: BigInt(row.left), saidMinor: BigInt(row.said) }
    : null;
}

/** A row of the list of receivables, as what comes after it is asked for. */
export interface ReceivablesPlace extends Pick<Receivables, 'organizationId' | 'currency' | 'openMinor'> {
  /** What is left of what was issued is what is due. */
  readonly agrees: boolean;
}

/**
 * Receivables by organization and currency, where something is open or does not add up: what does not first, then the most
 * open. At most `limit`, those after a place of the list when one is given.
 */
export async function listReceivables(
  transaction: Transaction,
  { after, limit }: { readonly after: ReceivablesPlace | null; readonly limit: number },
): Promise<Receivables[]> {
  type Row = Pick<Receivables, 'organizationId' | 'organizationName' | 'currency'> &
    Record<'issued' | 'withdrawn' | 'credited' | 'paid' | 'used' | 'written' | 'open' | 'carried' | 'left', string>;
  const rows = await transaction.query<Row>(
    `${OF_INVOICES}, summed AS (
       SELECT organization_id, currency, sum(issued) AS issued, sum(withdrawn) AS withdrawn, sum(credited) AS credited,
         sum(paid) AS paid, sum(used) AS used, sum(said) FILTER (WHERE state = 'uncollectible') AS written,
         sum(said) FILTER (WHERE state <> 'uncollectible') AS open, sum(said) FILTER (WHERE waits) AS carried
       FROM of_invoice GROUP BY 1, 2
     )
     SELECT organization.id AS "organizationId", organization.name AS "organizationName", currency, issued,
       withdrawn, credited, paid, used, written, open, carried, "left" FROM (
       SELECT organization_id, currency, issued, withdrawn, credited, paid, used, coalesce(written, 0) AS written,
         coalesce(open, 0) AS open, coalesce(carried, 0) AS carried, ${LEFT} - coalesce(written, 0) AS "left"
       FROM summed
     ) listed JOIN organization ON organization.id = listed.organization_id
     WHERE (open <> 0 OR written <> 0 OR "left" <> open)
       AND ($2::boolean IS NULL OR ("left" = open, -open, organization.id, currency) > ($2, -$3::numeric, $4::uuid, $5))
     ORDER BY "left" = open, -open, organization.id, currency LIMIT $1`,
    [
      limit,
      after?.agrees ?? null,
      after?.openMinor.toString() ?? null,
      after?.organizationId ?? null,
      after?.currency ?? null,
    ],
  );
  return rows.map(({ issued, withdrawn, credited, paid, used, written, open, carried, left, ...names }) => ({
    ...names,
    issuedMinor: BigInt(issued),
    withdrawnMinor: BigInt(withdrawn),
    creditedMinor: BigInt(credited),
    paidMinor: BigInt(paid),
    balanceUsedMinor: BigInt(used),
    writtenOffMinor: BigInt(written),
    openMinor: BigInt(open),
    carriedMinor: BigInt(carried),
    leftMinor: BigInt(left),
  }));
}

/** An invoice of which what joined it and what it asks for on behalf of others are not the same. */
export interface CarryDifference {
  readonly invoiceId: string;
  readonly number: string;
  /** What it asks for on behalf of others. */
  readonly carriedInMinor: bigint;
  /** What those say that joined it. */
  readonly joinedMinor: bigint;
}

/**
 * The first invoice into which something else was carried than joined it; null when there is none. Nothing is joined to one that is
 * void or was paid without them; where a card has paid it, nothing that joined it is open.
 */
export async function findCarryDifference(transaction: Transaction): Promise<CarryDifference | null> {
  const [row] = await transaction.query<Record<'id' | 'number' | 'carried' | 'joined', string>>(
    `WITH joined AS (
       SELECT joins_invoice_id AS id, sum(joined_minor) AS amount, count(*) FILTER (WHERE state = 'issued') AS open,
         bool_or(joined_minor > total_minor - balance_applied_minor) AS beyond
       FROM invoice WHERE joins_invoice_id IS NOT NULL GROUP BY 1
     )
     SELECT invoice.id, invoice.number, invoice.carried_in_minor AS carried, coalesce(joined.amount, 0) AS joined
     FROM invoice LEFT JOIN joined ON joined.id = invoice.id
     WHERE (invoice.carried_in_minor > 0 OR joined.id IS NOT NULL) AND NOT CASE
       WHEN joined.id IS NULL THEN invoice.state IN ('void', 'paid')
       ELSE NOT joined.beyond AND joined.amount = invoice.carried_in_minor AND invoice.state <> 'void'
         AND (joined.open = 0 OR NOT EXISTS (SELECT FROM payment WHERE invoice_id = invoice.id AND method = 'card' AND payment.state = 'succeeded'))
     END ORDER BY invoice.id LIMIT 1`,
  );
  if (!row) return null;
  const { id, number, carried, joined } = row;
  return { invoiceId: id, number, carriedInMinor: BigInt(carried), joinedMinor: BigInt(joined) };
}
