import type { Transaction } from '../database/unit-of-work.js';
import type { BalanceDifference } from './balance-proof-repository.js';

export async function countCreditEntries(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT ((SELECT count(*) FROM credit_grant) + (SELECT count(*) FROM credit_entry))::integer AS count`,
  );
  return row!.count;
}

/** The first row that differs; null when grants, their entries and the credit lines of invoices agree. */
export async function findCreditDifference(transaction: Transaction): Promise<BalanceDifference | null> {
  for (const sql of [SUMS, LINES, VOIDS, RETURNS, EXPIRIES, PROPOSALS, PURCHASES]) {
    const [found] = await transaction.query<BalanceDifference>(sql);
    if (found) return found;
  }
  return null;
}

/** Grants − burns + returns − expiries = remaining, at each entry on the way too. */
const SUMS = `
  WITH running AS (
    SELECT grant_row.id, entry.number, entry.remaining_minor AS said,
      grant_row.amount_minor + sum(entry.amount_minor) OVER (PARTITION BY grant_row.id ORDER BY entry.number) AS left_then
    FROM credit_entry entry JOIN credit_grant grant_row ON grant_row.id = entry.grant_id
    UNION ALL
    SELECT grant_row.id, 2147483647, grant_row.remaining_minor,
      grant_row.amount_minor + (SELECT coalesce(sum(amount_minor), 0) FROM credit_entry WHERE grant_id = grant_row.id)
    FROM credit_grant grant_row
  )
  SELECT 'credit_grant ' || id AS row, left_then || ' left, the grant with its entries' AS expected,
    said || ' left' AS actual, 'What is left of a grant of credits is not what its entries leave.' AS message
  FROM running WHERE said <> left_then OR left_then < 0 ORDER BY id, number LIMIT 1`;

/** What an invoice has burned of a grant, and returned to it, is what its lines say. Entries without a date are those of void invoices. */
const LINES = `
  WITH line AS (
    SELECT invoice_id, credit_grant_id AS grant_id, amount_minor > 0 AS is_return, sum(amount_minor) AS amount FROM invoice_line
    WHERE kind = 'prepaid_credit' GROUP BY 1, 2, 3
  ), entry AS (
    SELECT invoice_id, grant_id, kind = 'returned' AS is_return, sum(amount_minor) AS amount FROM credit_entry
    WHERE kind IN ('burned', 'returned') AND created_at IS NOT NULL GROUP BY 1, 2, 3
  )
  SELECT 'invoice ' || invoice_id || ', credit_grant ' || grant_id AS row,
    coalesce(entry.amount::text, 'nothing') || CASE WHEN is_return THEN ' returned to the grant' ELSE ' burned of the grant' END AS expected,
    'a line of ' || coalesce(line.amount::text, 'nothing') AS actual,
    'The credit lines of an invoice are not what it burned and returned.' AS message
  FROM line FULL JOIN entry USING (invoice_id, grant_id, is_return) WHERE line.amount IS DISTINCT FROM entry.amount ORDER BY 1 LIMIT 1`;

/** What a void invoice burned came back, and what it returned was taken back; of no other. */
const VOIDS = `
  SELECT 'invoice ' || invoice.id || ', credit_grant ' || moved.grant_id AS row, CASE invoice.state WHEN 'void' THEN moved.burned ELSE 0 END || ' given back' AS expected,
    moved.returned || ' given back' AS actual, 'Credits come back of void invoices only, and all of them.' AS message
  FROM (SELECT invoice_id, grant_id, -coalesce(sum(amount_minor) FILTER (WHERE created_at IS NOT NULL), 0) AS burned,
          coalesce(sum(amount_minor) FILTER (WHERE created_at IS NULL), 0) AS returned
        FROM credit_entry WHERE invoice_id IS NOT NULL GROUP BY 1, 2) moved
  JOIN invoice ON invoice.id = moved.invoice_id
  WHERE moved.returned <> CASE invoice.state WHEN 'void' THEN moved.burned ELSE 0 END ORDER BY 1 LIMIT 1`;

/** No more was returned to a grant than invoices of the subscription had burned of it. */
const RETURNS = `
  SELECT 'credit_grant ' || entry.grant_id || ', subscription ' || invoice.subscription_id AS row,
    'no more returned than the ' || coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0) || ' that were burned' AS expected,
    sum(amount_minor) FILTER (WHERE amount_minor > 0) || ' returned' AS actual,
    'More credits came back to a grant than were burned of it.' AS message
  FROM credit_entry entry JOIN invoice ON invoice.id = entry.invoice_id
  GROUP BY entry.grant_id, invoice.subscription_id HAVING sum(amount_minor) > 0 ORDER BY 1 LIMIT 1`;

const EXPIRIES = `
  SELECT 'credit_grant ' || id AS row, 'nothing expired before ' || coalesce(expires_at::text, 'ever') AS expected,
    'expired at ' || created_at AS actual, 'Credits expired too early.' AS message
  FROM credit_entry entry JOIN credit_grant grant_row ON grant_row.id = entry.grant_id
  WHERE entry.kind = 'expired' AND (expires_at IS NULL OR created_at < expires_at) ORDER BY id LIMIT 1`;

/** What was approved was granted, and nothing else was given away. */
const PROPOSALS = `
  SELECT 'credit_proposal ' || id AS row,
    CASE state WHEN 'approved' THEN 'a grant of ' || proposal.amount_minor ELSE 'no grant' END AS expected,
    coalesce('a grant of ' || given.amount_minor, 'no grant') AS actual,
    'The grants of credits are not what was approved.' AS message
  FROM credit_proposal proposal
  FULL JOIN (SELECT id, amount_minor FROM credit_grant WHERE source <> 'purchased') given USING (id)
  WHERE CASE state WHEN 'approved' THEN proposal.amount_minor END IS DISTINCT FROM given.amount_minor ORDER BY id LIMIT 1`;

/** What was bought was granted when its invoice was paid, for the price that its line says, and nothing else was. */
const PURCHASES = `
  SELECT 'credit_purchase ' || coalesce(purchase.id, bought.id) AS row,
    CASE invoice.state WHEN 'paid' THEN 'a grant of ' || purchase.credited_minor ELSE 'no grant' END
      || ' and a line of ' || purchase.price_minor AS expected,
    coalesce('a grant of ' || bought.amount_minor, 'no grant') || ' and a line of ' || coalesce(line.amount::text, 'nothing') AS actual,
    'The grants of credits are not what was bought and paid.' AS message
  FROM credit_purchase purchase JOIN invoice ON invoice.id = purchase.invoice_id
  LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount FROM invoice_line WHERE invoice_id = invoice.id AND kind = 'credit_purchase') line
    ON true
  FULL JOIN (SELECT id, amount_minor FROM credit_grant WHERE source = 'purchased') bought ON bought.id = purchase.id
  WHERE CASE invoice.state WHEN 'paid' THEN purchase.credited_minor END IS DISTINCT FROM bought.amount_minor
    OR line.amount IS DISTINCT FROM purchase.price_minor
    OR purchase.is_settled <> (invoice.state IN ('paid', 'void'))
  ORDER BY 1 LIMIT 1`;
