import type { InvoiceState } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';
import type { ExportSpan } from '../payment/payment-export-repository.js';

/** Usage that came after its period was closed, and what bills it. */
export interface LateUsage {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly subscriptionId: string;
  readonly productSlug: string;
  readonly planSlug: string;
  readonly meter: string;
  /** The period that it belongs to. */
  readonly periodStart: Date;
  readonly periodEnd: Date;
  /** The units that came late; exact decimal. */
  readonly quantity: string;
  /** The period whose invoice has it. */
  readonly settledPeriodStart: Date;
  readonly settledPeriodEnd: Date;
  /** Null for what is not on an invoice yet. */
  readonly billed: {
    readonly invoiceId: string;
    readonly number: string | null;
    readonly state: InvoiceState;
    readonly amountMinor: bigint;
    readonly currency: string;
    readonly issuedAt: Date | null;
    readonly position: number;
  } | null;
}

/** One page of the lines that bill late usage, of invoices that were made in a span, in the order in which these were made. */
export async function listBilledLateUsagePage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: LateUsage | null,
  limit: number,
): Promise<LateUsage[]> {
  type Row = Omit<LateUsage, 'billed'> & {
    billed: Omit<NonNullable<LateUsage['billed']>, 'amountMinor' | 'issuedAt'>;
    amount: string;
    issuedAt: Date | null;
  };
  const rows = await transaction.query<Row>(
    `SELECT organization.id AS "organizationId", organization.name AS "organizationName",
       invoice.subscription_id AS "subscriptionId", product.slug AS "productSlug", plan.slug AS "planSlug", line.meter,
       line.period_start AS "periodStart", period.ends_at AS "periodEnd", line.quantity,
       invoice.period_start AS "settledPeriodStart", invoice.period_end AS "settledPeriodEnd",
       json_build_object('invoiceId', invoice.id, 'number', invoice.number, 'state', invoice.state,
         'currency', invoice.currency, 'position', line.position) AS billed,
       line.amount_minor AS amount, invoice.issued_at AS "issuedAt"
     FROM invoice_line line JOIN invoice ON invoice.id = line.invoice_id
     JOIN billing_period period ON period.subscription_id = line.subscription_id AND period.starts_at = line.period_start
     JOIN organization ON organization.id = invoice.organization_id
     JOIN plan_version ON plan_version.id = line.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
     JOIN api_product product ON product.id = plan.api_product_id
     WHERE line.kind = 'late_usage' AND ($1::timestamptz IS NULL OR invoice.created_at >= $1)
       AND ($2::timestamptz IS NULL OR invoice.created_at < $2)
       AND ($3::uuid IS NULL OR (line.invoice_id, line.position) > ($3, $4::integer))
     ORDER BY line.invoice_id, line.position LIMIT $5`,
    [from, to, after?.billed?.invoiceId ?? null, after?.billed?.position ?? null, limit],
  );
  return rows.map(({ amount, issuedAt, billed, ...row }) => ({
    ...row,
    quantity: trimDecimal(row.quantity),
    billed: { ...billed, amountMinor: BigInt(amount), issuedAt },
  }));
}

/** Late usage of these subscriptions that waits for a period to close, by subscription, period and meter. */
export function listWaitingLateUsage(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<LateUsage[]> {
  return transaction.query<LateUsage>(
    `SELECT organization.id AS "organizationId", organization.name AS "organizationName", late.*,
       product.slug AS "productSlug", plan.slug AS "planSlug", period.ends_at AS "periodEnd", NULL AS billed
     FROM (
       SELECT waiting.subscription_id AS "subscriptionId", rollup.plan_version_id, rollup.meter,
         rollup.period_start AS "periodStart", waiting.starts_at AS "settledPeriodStart",
         waiting.ends_at AS "settledPeriodEnd", trim_scale(sum(rollup.quantity_sum))::text AS quantity
       FROM billing_period waiting JOIN usage_rollup rollup ON rollup.subscription_id = waiting.subscription_id
         AND rollup.settles_in = waiting.starts_at
       WHERE waiting.subscription_id = ANY($1) AND waiting.state <> 'closed'
         AND rollup.period_start <> waiting.starts_at AND rollup.billable
       GROUP BY 1, 2, 3, 4, 5, 6
     ) late
     JOIN billing_period period ON period.subscription_id = late."subscriptionId" AND period.starts_at = late."periodStart"
     JOIN subscription ON subscription.id = late."subscriptionId"
     JOIN organization ON organization.id = subscription.organization_id
     JOIN plan_version ON plan_version.id = late.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
     JOIN api_product product ON product.id = plan.api_product_id
     ORDER BY late."subscriptionId", late."periodStart", late.meter, plan.slug`,
    [[...subscriptionIds]],
  );
}
