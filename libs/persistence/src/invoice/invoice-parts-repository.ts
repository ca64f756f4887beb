import type { CreditNote, InvoiceLineKind, InvoiceTax, Payment, TierCharge } from '#domain';
import { listCreditNotesOf } from '../credit-note/credit-note-repository.js';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';
import { listInvoiceTaxesOf } from '../tax/invoice-tax-repository.js';

/** A line of an invoice as its documents have it. */
export interface DocumentedLine {
  readonly invoiceId: string;
  readonly id: string;
  readonly position: number;
  readonly kind: InvoiceLineKind;
  readonly meter: string | null;
  readonly description: string;
  readonly periodStart: Date;
  readonly plan: { readonly slug: string; readonly title: string; readonly version: number };
  readonly quantity: string;
  readonly unroundedAmount: string;
  readonly amountMinor: bigint;
  readonly breakdown: readonly TierCharge[];
  readonly inputHash: string;
}

/** What belongs to invoices, each list in order: by invoice, then by position or age. */
export interface InvoiceParts {
  readonly lines: readonly DocumentedLine[];
  readonly payments: readonly Payment[];
  readonly creditNotes: readonly CreditNote[];
  readonly taxes: readonly (InvoiceTax & { readonly invoiceId: string })[];
}

/** Lines, taxes, payments and credit notes of some invoices. */
export async function listInvoiceParts(transaction: Transaction, invoiceIds: readonly string[]): Promise<InvoiceParts> {
  const parameters = [[...invoiceIds]];
  const lines = await transaction.query<Omit<DocumentedLine, 'amountMinor'> & { amountMinor: string }>(
    `SELECT line.invoice_id AS "invoiceId", line.id, line.position, line.kind, line.meter, line.description,
       line.period_start AS "periodStart",
       json_build_object('slug', plan.slug, 'title', plan.title, 'version', plan_version.number) AS plan,
       line.quantity, line.unrounded_amount AS "unroundedAmount", line.amount_minor AS "amountMinor", line.breakdown,
       line.input_hash AS "inputHash"
     FROM invoice_line line JOIN plan_version ON plan_version.id = line.plan_version_id
     JOIN plan ON plan.id = plan_version.plan_id
     WHERE line.invoice_id = ANY($1) ORDER BY line.invoice_id, line.position`,
    parameters,
  );
  const payments = await transaction.query<Omit<Payment, 'amountMinor'> & { amountMinor: string }>(
    `SELECT id, organization_id AS "organizationId", invoice_id AS "invoiceId", provider_payment_id AS "providerPaymentId",
       attempt, state, amount_minor AS "amountMinor", currency, failure_code AS "failureCode",
       failure_message AS "failureMessage", created_at AS "createdAt"
     FROM payment WHERE invoice_id = ANY($1) ORDER BY invoice_id, id`,
    parameters,
  );
  return {
    lines: lines.map((row) => ({
      ...row,
      quantity: trimDecimal(row.quantity),
      unroundedAmount: trimDecimal(row.unroundedAmount),
      amountMinor: BigInt(row.amountMinor),
    })),
    payments: payments.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) })),
    creditNotes: await listCreditNotesOf(transaction, invoiceIds),
    taxes: [...(await listInvoiceTaxesOf(transaction, invoiceIds)).entries()].flatMap(([invoiceId, taxes]) =>
      taxes.map((tax) => ({ ...tax, invoiceId })),
    ),
  };
}
