import type { Invoice, InvoiceState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** An invoice with the names that people know it by. */
export interface ListedInvoice extends Invoice {
  readonly organization: { readonly id: string; readonly name: string };
  readonly product: { readonly id: string; readonly slug: string; readonly title: string };
  /** A bank has not decided about a payment of it. */
  readonly isDisputed: boolean;
  /** The invoice that it is, or was, collected with; null for one that was not carried, and while it waits for one. */
  readonly collectedWith: InvoiceReplacement | null;
  /** The void invoice in whose place it was made. */
  readonly replaces: InvoiceReplacement | null;
  /** The invoice that was made in the place of this void one. */
  readonly replacedBy: InvoiceReplacement | null;
}

/** Another invoice by its name; one in review has no number yet. */
export interface InvoiceReplacement {
  readonly id: string;
  readonly number: string | null;
}

/** Which invoices: every condition that is given must hold. */
export interface InvoiceFilter {
  /** As this organization sees them: those that are issued. */
  readonly organizationId?: string | undefined;
  /** Of this organization as finance sees them, those in review too. */
  readonly payerId?: string | undefined;
  readonly invoiceId?: string | undefined;
  readonly state?: InvoiceState | undefined;
  /** Issued at this instant or later. */
  readonly from?: Date | undefined;
  /** Issued before this instant. */
  readonly to?: Date | undefined;
  /** A part of the number or of the payer's name, in any case, or the whole id. */
  readonly search?: string | undefined;
}

export interface InvoicePage {
  readonly limit: number;
  /** Only invoices older than the one with this id. */
  readonly before?: string | undefined;
  /** Given, the page has the oldest first: those newer than the one with this id, all when it is null. */
  readonly after?: string | null | undefined;
}

/** The conditions of a filter over `invoice` and its `organization`, with the parameters $1 to $7. */
export const INVOICE_FILTER = `($1::uuid IS NULL OR (invoice.organization_id = $1 AND invoice.issued_at IS NOT NULL))
       AND ($2::uuid IS NULL OR invoice.id = $2)
       AND ($3::text IS NULL OR invoice.state = $3)
       AND ($4::timestamptz IS NULL OR invoice.issued_at >= $4)
       AND ($5::timestamptz IS NULL OR invoice.issued_at < $5)
       AND ($6::uuid IS NULL OR invoice.organization_id = $6)
       AND ($7::text IS NULL OR strpos(lower(invoice.number), lower($7)) > 0
            OR strpos(lower(organization.name), lower($7)) > 0 OR invoice.id::text = lower($7))`;

export function invoiceFilterParameters(filter: InvoiceFilter): unknown[] {
  return [
    filter.organizationId ?? null,
    filter.invoiceId ?? null,
    filter.state ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.payerId ?? null,
    filter.search ?? null,
  ];
}

/** One page of invoices, newest first unless it goes on after one. */
export async function listInvoicePage(
  transaction: Transaction,
  filter: InvoiceFilter,
  { limit, before, after }: InvoicePage,
): Promise<ListedInvoice[]> {
  const rows = await transaction.query<InvoiceRow>(
    `SELECT invoice.id, invoice.organization_id AS "organizationId", invoice.subscription_id AS "subscriptionId",
            invoice.period_start AS "periodStart", invoice.period_end AS "periodEnd", invoice.kind, invoice.state, invoice.number,
            invoice.seller_slug AS "sellerSlug", invoice.seller, invoice.buyer, invoice.tax_treatment AS "taxTreatment",
            invoice.currency, invoice.subtotal_minor AS "subtotalMinor", invoice.tax_minor AS "taxMinor",
            invoice.total_minor AS "totalMinor", invoice.excess_credit_minor AS "excessCreditMinor",
            invoice.excess_tax_minor AS "excessTaxMinor",
            invoice.balance_applied_minor AS "balanceAppliedMinor", invoice.credited_minor AS "creditedMinor",
            invoice.paid_minor AS "paidMinor", invoice.charged_back_minor AS "chargedBackMinor", invoice.void_reason AS "voidReason",
            invoice.asked_at AS "askedAt", invoice.carried_at AS "carriedAt", invoice.joins_invoice_id AS "joinsInvoiceId",
            invoice.joined_minor AS "joinedMinor", invoice.carried_in_minor AS "carriedInMinor",
            invoice.replaces_invoice_id AS "replacesInvoiceId", invoice.rating_hash AS "ratingHash", invoice.generation,
            invoice.attempt, invoice.provider_invoice_id AS "providerInvoiceId", invoice.hosted_url AS "hostedUrl",
            invoice.hosted_pdf_url AS "hostedPdfUrl",
            invoice.failure_code AS "failureCode", invoice.failure_message AS "failureMessage",
            invoice.failed_at AS "failedAt", invoice.payment_method AS "paymentMethod", invoice.net_days AS "netDays",
            invoice.due_at AS "dueAt", invoice.past_due_since AS "pastDueSince", invoice.created_at AS "createdAt",
            invoice.review_ends_at AS "reviewEndsAt", invoice.issued_at AS "issuedAt", invoice.paid_at AS "paidAt",
            json_build_object('id', organization.id, 'name', organization.name) AS organization,
            json_build_object('id', product.id, 'slug', product.slug, 'title', product.title) AS product,
            EXISTS (SELECT FROM dispute WHERE invoice_id = invoice.id AND closed_at IS NULL) AS "isDisputed",
            (SELECT json_build_object('id', other.id, 'number', other.number) FROM invoice other
             WHERE other.id = invoice.joins_invoice_id) AS "collectedWith",
            (SELECT json_build_object('id', other.id, 'number', other.number) FROM invoice other
             WHERE other.id = invoice.replaces_invoice_id) AS replaces,
            (SELECT json_build_object('id', other.id, 'number', other.number) FROM invoice other
             WHERE other.replaces_invoice_id = invoice.id AND ($1::uuid IS NULL OR other.issued_at IS NOT NULL)) AS "replacedBy"
     FROM invoice
     JOIN organization ON organization.id = invoice.organization_id
     JOIN subscription ON subscription.id = invoice.subscription_id
     JOIN api_product product ON product.id = subscription.api_product_id
     WHERE ${INVOICE_FILTER} AND ($8::uuid IS NULL OR invoice.id < $8)
       AND ($9::uuid IS NULL OR invoice.id > $9)
     ORDER BY invoice.id ${after === undefined ? 'DESC' : 'ASC'} LIMIT $10`,
    [...invoiceFilterParameters(filter), before ?? null, after ?? null, limit],
  );
  return rows.map(toListedInvoice);
}

type MinorColumn =
  | 'subtotalMinor'
  | 'taxMinor'
  | 'totalMinor'
  | 'excessCreditMinor'
  | 'excessTaxMinor'
  | 'balanceAppliedMinor'
  | 'creditedMinor'
  | 'paidMinor'
  | 'chargedBackMinor'
  | 'carriedInMinor';
type InvoiceRow = Omit<ListedInvoice, MinorColumn | 'joinedMinor'> &
  Readonly<Record<MinorColumn, string>> & { readonly joinedMinor: string | null };

function toListedInvoice(row: InvoiceRow): ListedInvoice {
  return {
    ...row,
    subtotalMinor: BigInt(row.subtotalMinor),
    taxMinor: BigInt(row.taxMinor),
    totalMinor: BigInt(row.totalMinor),
    excessCreditMinor: BigInt(row.excessCreditMinor),
    excessTaxMinor: BigInt(row.excessTaxMinor),
    balanceAppliedMinor: BigInt(row.balanceAppliedMinor),
    creditedMinor: BigInt(row.creditedMinor),
    paidMinor: BigInt(row.paidMinor),
    chargedBackMinor: BigInt(row.chargedBackMinor),
    carriedInMinor: BigInt(row.carriedInMinor),
    joinedMinor: row.joinedMinor === null ? null : BigInt(row.joinedMinor),
  };
}
