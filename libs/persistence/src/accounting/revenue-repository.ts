import type { Account } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { ExportSpan } from '../payment/payment-export-repository.js';
import { cutOfLines } from './cut-of-lines.js';

/** What a month has on a revenue account of a plan, in minor units of one currency; below zero for what lowers revenue. */
export interface RevenueSum {
  /** "2026-02". */
  readonly month: string;
  /** "product/plan"; null for what is of none. */
  readonly plan: string | null;
  readonly currency: string;
  readonly account: Account;
  readonly amountMinor: bigint;
}

/** In SQL: whole milliseconds since the Unix epoch. */
const MS = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)`;

/**
 * Revenue of a span by month, plan, currency and account: what the revenue accounts of its journal entries add up to, without making
 * them. The rules are those of `invoiceEntries` and `earnedByMonth`, in SQL; a test holds both against each other.
 */
export async function sumRevenue(transaction: Transaction, { from, to }: ExportSpan): Promise<RevenueSum[]> {
  const rows = await transaction.query<Omit<RevenueSum, 'amountMinor'> & { readonly amount: string }>(
    `WITH billed AS (
       SELECT invoice.id, invoice.issued_at, invoice.currency, voided.at AS voided_at
       FROM invoice LEFT JOIN LATERAL (
         SELECT min(created_at) AS at FROM audit_log WHERE noun = 'invoice' AND action = 'void' AND noun_id = invoice.id::text
       ) voided ON true
       WHERE invoice.issued_at IS NOT NULL AND ($2::timestamptz IS NULL OR invoice.issued_at < $2)
         AND ($1::timestamptz IS NULL OR invoice.issued_at >= $1 OR voided.at >= $1
           OR EXISTS (SELECT FROM invoice_line WHERE invoice_id = invoice.id AND service_end > $1))
     ), line AS (
       -- As the books have them: lines of one kind, plan and span together.
       SELECT invoice_line.invoice_id, invoice_line.kind, product.slug || '/' || plan.slug AS plan, sum(invoice_line.amount_minor) AS amount,
         service_start, service_end, coalesce(credit_grant.source <> 'purchased', false) AS is_promotional,
         coalesce(sum(given.cut), 0) AS cut,
         max(CASE WHEN invoice_line.kind = 'credit_purchase' THEN purchase.credited_minor - purchase.price_minor END) AS bonus
       FROM billed JOIN invoice_line ON invoice_line.invoice_id = billed.id
       LEFT JOIN ${cutOfLines('billed')} given ON given.id = invoice_line.id
       LEFT JOIN credit_grant ON credit_grant.id = invoice_line.credit_grant_id
       LEFT JOIN credit_purchase purchase ON purchase.invoice_id = invoice_line.invoice_id
       JOIN plan_version ON plan_version.id = invoice_line.plan_version_id
       JOIN plan ON plan.id = plan_version.plan_id JOIN api_product product ON product.id = plan.api_product_id
       GROUP BY invoice_line.invoice_id, invoice_line.kind, product.slug, plan.slug, service_start, service_end, is_promotional
     ), earning AS (
       SELECT invoice_id, kind, plan, amount, service_start, service_end, is_promotional, true AS is_of_lines FROM line
       UNION ALL
       SELECT invoice_id, kind, plan, -bonus, NULL, NULL, true, true FROM line WHERE bonus <> 0
       UNION ALL
       -- What a line gives back beyond what the invoice charges is in the balance, and stays there when that is void.
       SELECT invoice_id, kind, plan, -cut, service_start, service_end, is_promotional, false FROM line WHERE cut <> 0
     ), of_account AS (
       SELECT earning.*, billed.issued_at, billed.voided_at, billed.currency, CASE
           WHEN is_promotional THEN 'promotional_credits'
           WHEN kind IN ('fixed_fee', 'fixed_fee_credit') THEN 'fixed_fee_revenue'
           WHEN kind = 'setup_fee' THEN 'setup_fee_revenue'
           WHEN kind IN ('usage', 'late_usage') THEN 'usage_revenue'
           WHEN kind = 'minimum_commitment' THEN 'minimum_commitment_revenue'
           WHEN kind = 'discount' THEN 'discounts'
         END AS account
       FROM earning JOIN billed ON billed.id = earning.invoice_id
     ), part AS (
       SELECT plan, currency, account, issued_at, voided_at, is_of_lines, issued_at AS earned_at, amount
       FROM of_account WHERE account IS NOT NULL AND (service_start IS NULL OR service_end <= service_start)
       UNION ALL
       -- By the end of each month, cut towards zero; a part is what that is beyond the month before.
       SELECT plan, currency, account, issued_at, voided_at, is_of_lines, month.until - interval '1 millisecond',
         div(amount * ${MS('month.until - service_start')}, ${MS('service_end - service_start')})
           - div(amount * ${MS('month.begin - service_start')}, ${MS('service_end - service_start')})
       FROM of_account CROSS JOIN LATERAL (
         SELECT greatest(service_start, first) AS begin, least(service_end, (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC') AS until
         FROM (
           SELECT generate_series(date_trunc('month', service_start AT TIME ZONE 'UTC'), service_end AT TIME ZONE 'UTC' - interval '1 millisecond',
             interval '1 month') AT TIME ZONE 'UTC' AS first
         ) months
       ) month
       WHERE account IS NOT NULL AND service_end > service_start
     ), posted AS (
       SELECT plan, currency, account, amount, greatest(earned_at, issued_at) AS at FROM part
       WHERE NOT is_of_lines OR voided_at IS NULL OR earned_at <= issued_at OR earned_at < voided_at
       UNION ALL
       SELECT plan, currency, account, -amount, voided_at FROM part
       WHERE is_of_lines AND voided_at IS NOT NULL AND (earned_at <= issued_at OR earned_at < voided_at)
       UNION ALL
       SELECT product.slug || '/' || plan.slug, note.currency, 'credit_notes', -credited.amount_minor, note.issued_at
       FROM credit_note note JOIN credit_note_line credited ON credited.credit_note_id = note.id
       JOIN invoice_line ON invoice_line.id = credited.invoice_line_id
       JOIN plan_version ON plan_version.id = invoice_line.plan_version_id
       JOIN plan ON plan.id = plan_version.plan_id JOIN api_product product ON product.id = plan.api_product_id
       UNION ALL
       SELECT NULL, credit_grant.currency, 'expired_credit_revenue', abs(entry.amount_minor), entry.created_at
       FROM credit_entry entry JOIN credit_grant ON credit_grant.id = entry.grant_id
       WHERE entry.kind = 'expired' AND credit_grant.source = 'purchased'
     )
     SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, plan, currency, account, sum(amount) AS amount FROM posted
     WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
     GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0`,
    [from, to],
  );
  return rows.map(({ amount, ...row }) => ({ ...row, amountMinor: BigInt(amount) }));
}
