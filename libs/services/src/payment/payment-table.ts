import { type ExportSpan, type ExportedPayment, listPaymentPage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';

const columns: Columns<ExportedPayment> = {
  payment_id: ({ id }) => id,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  created_at: ({ createdAt }) => createdAt,
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  seller: ({ sellerSlug }) => sellerSlug,
  invoice_number: ({ invoiceNumber }) => invoiceNumber,
  invoice_id: ({ invoiceId }) => invoiceId,
  attempt: ({ attempt }) => attempt,
  amount_minor: ({ amountMinor }) => amountMinor,
  amount: ({ amountMinor, currency }) => ({ amountMinor, currency }),
  currency: ({ currency }) => currency,
  provider_payment_id: ({ providerPaymentId }) => providerPaymentId,
  failure_code: ({ failureCode }) => failureCode,
  failure_message: ({ failureMessage }) => failureMessage,
};

/** Payments, failed tries and refunds of a span, oldest first; what was refunded is below zero. */
export function paymentTable(context: ServiceContext, span: ExportSpan, pageSize = PAGE_SIZE): Table {
  return tableOf('Payments', columns, () =>
    pagesOf<ExportedPayment>(pageSize, (last, limit) =>
      context.unitOfWork.inSystem((transaction) => listPaymentPage(transaction, span, last?.id ?? null, limit)),
    ),
  );
}
