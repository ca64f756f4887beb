import type { Transaction } from '../database/unit-of-work.js';

/** A row that contradicts the ledger of balances. */
export interface BalanceDifference {
  readonly row: string;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
}

export async function countBalanceEntries(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(`SELECT count(*)::integer AS count FROM balance_entry`);
  return row!.count;
}

/** The first row that differs; null when the balances, their entries, the adjustments, the invoices and the refunds agree. */
export async function findBalanceDifference(transaction: Transaction): Promise<BalanceDifference | null> {
  for (const sql of [SUMS, INVOICES, ADJUSTMENTS, CREDIT_NOTES, CREDIT_NOTE_NUMBERS, REFUNDS, REFUNDED_PAYMENTS]) {
    const [found] = await transaction.query<BalanceDifference>(sql);
    if (found) return found;
  }
  return null;
}

const SUMS = `
  WITH summed AS (
    SELECT organization_id, seller_slug, currency, sum(amount_minor) AS amount FROM balance_entry GROUP BY 1, 2, 3
  )
  SELECT 'balance ' || organization_id || ' ' || seller_slug || ' ' || currency AS row,
    coalesce(summed.amount, 0) || ', the sum of its entries' AS expected,
    coalesce(balance.amount_minor::text, 'no balance') AS actual,
    'A balance is not the sum of its entries.' AS message
  FROM summed FULL JOIN balance USING (organization_id, seller_slug, currency)
  WHERE coalesce(summed.amount, 0) IS DISTINCT FROM balance.amount_minor
  ORDER BY 1 LIMIT 1`;

/** Each kind of entry of an invoice is what the invoice says. */
const INVOICES = `
  WITH moved AS (
    SELECT invoice_id AS id, sum(amount_minor) FILTER (WHERE kind = 'excess_credit') AS excess,
      -sum(amount_minor) FILTER (WHERE kind = 'applied') AS applied,
      sum(amount_minor) FILTER (WHERE kind = 'released') AS released,
      sum(amount_minor) FILTER (WHERE kind = 'overpayment') AS overpaid
    FROM balance_entry WHERE invoice_id IS NOT NULL GROUP BY 1
  ), told AS (
    SELECT invoice.*, CASE state WHEN 'void' THEN balance_applied_minor ELSE 0 END AS released_minor,
      CASE state WHEN 'void' THEN paid_minor
        ELSE greatest(0, paid_minor + credited_minor + balance_applied_minor - total_minor) END AS overpaid_minor
    FROM invoice
  )
  SELECT 'invoice ' || id AS row,
    'took ' || told.balance_applied_minor || ' of the balance and gave ' ||
      told.excess_credit_minor + told.excess_tax_minor || ', gave back ' || told.released_minor || ', was overpaid by ' || told.overpaid_minor AS expected,
    'took ' || coalesce(applied, 0) || ' and gave ' || coalesce(excess, 0) || ', gave back ' || coalesce(released, 0)
      || ', was overpaid by ' || coalesce(overpaid, 0) AS actual,
    'Invoice ' || coalesce(told.number, id::text) || ' and the ledger of balances contradict each other.' AS message
  FROM told LEFT JOIN moved USING (id)
  WHERE (coalesce(applied, 0), coalesce(excess, 0), coalesce(released, 0), coalesce(overpaid, 0))
    <> (told.balance_applied_minor, told.excess_credit_minor + told.excess_tax_minor, told.released_minor, told.overpaid_minor)
  ORDER BY 1 LIMIT 1`;

const ADJUSTMENTS = `
  SELECT 'adjustment ' || adjustment.id AS row,
    CASE state WHEN 'approved' THEN 'an entry of ' || adjustment.amount_minor ELSE 'no entry' END AS expected,
    coalesce('an entry of ' || entry.amount_minor, 'no entry') AS actual,
    'The ledger of balances does not have what was approved.' AS message
  FROM adjustment LEFT JOIN balance_entry entry ON entry.adjustment_id = adjustment.id
  WHERE CASE state WHEN 'approved' THEN adjustment.amount_minor END IS DISTINCT FROM entry.amount_minor
  ORDER BY 1 LIMIT 1`;

const CREDIT_NOTES = `
  SELECT 'credit_note ' || note.id AS row,
    'lines of ' || note.subtotal_minor || ', taxes of ' || note.tax_minor || ', an entry of '
      || note.total_minor - note.reduced_minor - note.refunded_minor || ', a refund of ' || note.refunded_minor || ', with others at most ' || invoice.total_minor AS expected,
    'lines of ' || lines.amount || ', taxes of ' || taxes.amount || ', an entry of ' || entries.amount || ', a refund of ' || refunds.amount || ', with others '
      || of_invoice.amount AS actual,
    'Credit note ' || note.number || ' contradicts itself, its invoice or the ledger of balances.' AS message
  FROM credit_note note JOIN invoice ON invoice.id = note.invoice_id,
    LATERAL (SELECT coalesce(sum(amount_minor), 0) AS amount FROM credit_note_line WHERE credit_note_id = note.id) lines,
    LATERAL (SELECT coalesce(sum(tax_minor), 0) AS amount FROM credit_note_tax WHERE credit_note_id = note.id) taxes,
    LATERAL (SELECT coalesce(sum(amount_minor), 0) AS amount FROM balance_entry WHERE credit_note_id = note.id) entries,
    LATERAL (SELECT coalesce(sum(amount_minor), 0) AS amount FROM refund WHERE credit_note_id = note.id) refunds,
    LATERAL (SELECT sum(total_minor) AS amount FROM credit_note WHERE invoice_id = note.invoice_id) of_invoice
  WHERE (lines.amount, taxes.amount, entries.amount, refunds.amount)
      <> (note.subtotal_minor, note.tax_minor, note.total_minor - note.reduced_minor - note.refunded_minor, note.refunded_minor)
    OR of_invoice.amount > invoice.total_minor
  ORDER BY note.id LIMIT 1`;

/** As many as were drawn, up to the last: with unique numbers there is no gap then. */
const CREDIT_NOTE_NUMBERS = `
  SELECT 'seller ' || slug || ' last_credit_note_sequence' AS row,
    count(note.id) || ' credit notes, numbered up to ' || count(note.id) AS expected,
    'numbered up to ' || coalesce(max(substring(note.number FROM '[0-9]+$')::bigint), 0) || ', drawn up to '
      || last_credit_note_sequence AS actual,
    'The series of numbers of credit notes has a gap.' AS message
  FROM seller LEFT JOIN credit_note note ON note.seller_slug = slug GROUP BY slug
  HAVING count(note.id) <> last_credit_note_sequence
    OR count(note.id) <> coalesce(max(substring(note.number FROM '[0-9]+$')::bigint), 0)
  ORDER BY slug LIMIT 1`;

/** What failed is in the balance; each is the amount that two people agreed to. */
const REFUNDS = `
  SELECT 'refund ' || refund.id AS row,
    'an approved proposal of ' || refund.amount_minor || CASE refund.state WHEN 'failed' THEN ', an entry of ' || refund.amount_minor
      ELSE ', no entry' END AS expected,
    coalesce(proposal.state, 'no') || ' proposal of ' || coalesce(proposal.amount_minor, 0)
      || coalesce(', an entry of ' || entry.amount_minor, ', no entry') AS actual,
    'A refund contradicts its proposal or the ledger of balances.' AS message
  FROM refund LEFT JOIN refund_proposal proposal ON proposal.id = refund.proposal_id
    LEFT JOIN balance_entry entry ON entry.refund_id = refund.id
  WHERE proposal.state IS DISTINCT FROM 'approved' OR proposal.amount_minor <> refund.amount_minor
    OR CASE refund.state WHEN 'failed' THEN refund.amount_minor END IS DISTINCT FROM entry.amount_minor
  ORDER BY refund.id LIMIT 1`;

/** No payment gives back more than was paid by it. */
const REFUNDED_PAYMENTS = `
  SELECT 'payment ' || payment.id AS row, 'refunds of at most ' || payment.amount_minor AS expected,
    'refunds of ' || sum(refund.amount_minor) AS actual, 'More was given back than was paid.' AS message
  FROM refund JOIN payment ON payment.id = refund.payment_id WHERE refund.state <> 'failed'
  GROUP BY payment.id, payment.amount_minor, payment.method, payment.state
  HAVING sum(refund.amount_minor) > payment.amount_minor OR (payment.method, payment.state) <> ('card', 'succeeded')
  ORDER BY payment.id LIMIT 1`;
