import type { InvoiceLineKind, InvoiceState, PaymentTerms, TaxCategory } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';
import { INVOICE_FILTER, type InvoiceFilter, invoiceFilterParameters } from './listed-invoice-repository.js';

/** One invoice line with everything that a row of an export says. */
export interface ExportedInvoiceLine {
  readonly invoiceId: string;
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly currency: string;
  readonly issuedAt: Date | null;
  readonly paidAt: Date | null;
  readonly paymentMethod: PaymentTerms['method'];
  readonly dueAt: Date | null;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sellerName: string;
  /** How its invoice is taxed; null on one of before taxes. */
  readonly taxCategory: TaxCategory | null;
  /** All taxes of its invoice together; null on one of before taxes. */
  readonly taxPercent: string | null;
  readonly purchaseOrderNumber: string | null;
  readonly subscriptionId: string;
  readonly productSlug: string;
  readonly planSlug: string;
  readonly planVersionNumber: number;
  /** The period whose usage the line charges. */
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly lineId: string;
  readonly position: number;
  readonly kind: InvoiceLineKind;
  readonly meter: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly amountMinor: bigint;
}

/** The last line of a page, where the next one goes on. */
export type InvoiceLineCursor = Pick<ExportedInvoiceLine, 'invoiceId' | 'position'>;

/** One page of invoice lines: invoices in the order they were made, their lines in order, after the cursor. */
export async function listInvoiceLinePage(
  transaction: Transaction,
  filter: InvoiceFilter,
  after: InvoiceLineCursor | null,
  limit: number,
): Promise<ExportedInvoiceLine[]> {
  const rows = await transaction.query<Omit<ExportedInvoiceLine, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT invoice.id AS "invoiceId", invoice.number, invoice.state, invoice.currency,
            invoice.issued_at AS "issuedAt", invoice.paid_at AS "paidAt",
            invoice.payment_method AS "paymentMethod", invoice.due_at AS "dueAt",
            organization.id AS "organizationId", organization.name AS "organizationName", invoice.seller->>'name' AS "sellerName",
            invoice.tax_treatment->>'category' AS "taxCategory", invoice.buyer->>'purchaseOrderNumber' AS "purchaseOrderNumber",
            (SELECT sum(percent) FROM invoice_tax WHERE invoice_id = invoice.id) AS "taxPercent",
            invoice.subscription_id AS "subscriptionId", product.slug AS "productSlug",
            plan.slug AS "planSlug", plan_version.number AS "planVersionNumber",
            line.period_start AS "periodStart", period.ends_at AS "periodEnd",
            line.id AS "lineId", line.position, line.kind, line.meter, line.description, line.quantity, line.amount_minor AS "amountMinor"
     FROM invoice
     JOIN invoice_line line ON line.invoice_id = invoice.id
     JOIN billing_period period ON period.subscription_id = line.subscription_id AND period.starts_at = line.period_start
     JOIN organization ON organization.id = invoice.organization_id
     JOIN subscription ON subscription.id = invoice.subscription_id
     JOIN api_product product ON product.id = subscription.api_product_id
     JOIN plan_version ON plan_version.id = line.plan_version_id
     JOIN plan ON plan.id = plan_version.plan_id
     WHERE ${INVOICE_FILTER} AND invoice.issued_at IS NOT NULL
       AND ($8::uuid IS NULL OR (invoice.id >= $8 AND (line.invoice_id, line.position) > ($8, $9::integer)))
     ORDER BY line.invoice_id, line.position LIMIT $10`,
    [...invoiceFilterParameters(filter), after?.invoiceId ?? null, after?.position ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    quantity: trimDecimal(row.quantity),
    taxPercent: row.taxPercent === null ? null : trimDecimal(row.taxPercent),
    amountMinor: BigInt(row.amountMinor),
  }));
}

/** What the plan and the meters of an invoice's lines are called, for a printed invoice. */
export interface InvoiceNames {
  readonly plans: readonly { readonly planVersionId: string; readonly title: string; readonly versionNumber: number }[];
  readonly meters: readonly { readonly slug: string; readonly title: string; readonly unit: string }[];
}

export async function findInvoiceNames(transaction: Transaction, invoiceId: string): Promise<InvoiceNames> {
  const plans = await transaction.query<InvoiceNames['plans'][number]>(
    `SELECT DISTINCT plan_version.id AS "planVersionId", plan.title, plan_version.number AS "versionNumber"
     FROM invoice_line line
     JOIN plan_version ON plan_version.id = line.plan_version_id
     JOIN plan ON plan.id = plan_version.plan_id
     WHERE line.invoice_id = $1 ORDER BY plan.title, plan_version.number`,
    [invoiceId],
  );
  const meters = await transaction.query<InvoiceNames['meters'][number]>(
    `SELECT meter.slug, meter.title, meter.unit
     FROM invoice JOIN subscription ON subscription.id = invoice.subscription_id
     JOIN meter ON meter.api_product_id = subscription.api_product_id
     WHERE invoice.id = $1 ORDER BY meter.slug`,
    [invoiceId],
  );
  return { plans, meters };
}
