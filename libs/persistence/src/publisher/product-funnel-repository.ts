import type { Transaction } from '../database/unit-of-work.js';

/** How far the organizations have come that signed up within a span: how many of them have ever done each. */
export interface ProductFunnel {
  readonly signedUp: number;
  /** Have, or had, a subscription to the product. */
  readonly subscribed: number;
  /** Have called it with a live key. */
  readonly called: number;
  /** Have paid an invoice with something of it. */
  readonly paid: number;
}

/** From signing up to paying for a product, of the organizations that signed up from one instant to before another. */
export async function countProductFunnel(
  transaction: Transaction,
  { apiProductId, from, to }: { readonly apiProductId: string; readonly from: Date; readonly to: Date },
): Promise<ProductFunnel> {
  const [row] = await transaction.query<ProductFunnel>(
    `WITH cohort AS (
       SELECT id FROM organization WHERE created_at >= $2 AND created_at < $3
     ), bought AS (
       SELECT subscription.id, subscription.organization_id
       FROM subscription JOIN cohort ON cohort.id = organization_id WHERE api_product_id = $1
     )
     SELECT (SELECT count(*) FROM cohort)::int AS "signedUp",
            (SELECT count(DISTINCT organization_id) FROM bought)::int AS subscribed,
            (SELECT count(*) FROM (SELECT DISTINCT organization_id FROM bought) AS buyer WHERE EXISTS (
               SELECT FROM usage_operation_day AS used
               WHERE used.organization_id = buyer.organization_id AND used.api_product_id = $1 AND used.mode = 'live'))::int AS called,
            (SELECT count(DISTINCT bought.organization_id) FROM bought
               JOIN invoice_line ON invoice_line.subscription_id = bought.id
               JOIN invoice ON invoice.id = invoice_line.invoice_id
             WHERE invoice.state = 'paid' AND invoice.total_minor > 0 AND invoice_line.amount_minor > 0)::int AS paid`,
    [apiProductId, from, to],
  );
  return row!;
}
