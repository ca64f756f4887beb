import { type BillingPeriod, type Invoice, type InvoiceLine, formatInvoiceNumber } from '#domain';
import { type Transaction, appendToOutbox, drawInvoiceSequence, insertDraftInvoice, updateInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { collectInvoiceMessage } from '../payment/payment-jobs.js';
import type { PeriodLine, RatedPeriod } from '../period/rate-period.js';

/** What an issued invoice is known by. */
export type IssuedInvoice = Pick<Invoice, 'id' | 'number' | 'totalMinor' | 'currency'>;

/**
 * Writes the invoice of a period and issues it, in the transaction that closes the period: from then on the database
 * refuses to change it. An invoice over money gets the next number and is handed to collection; one over nothing has no
 * number and is paid at once.
 */
export async function issueInvoice(
  context: ServiceContext,
  transaction: Transaction,
  period: BillingPeriod,
  rated: RatedPeriod,
): Promise<IssuedInvoice> {
  const draft = draftOf(context, period, rated);
  await insertDraftInvoice(
    transaction,
    draft,
    rated.lines.map((line) => invoiceLine(context, draft, line)),
  );
  const issuedAt = context.clock.now();
  if (draft.totalMinor === 0n) {
    await updateInvoice(transaction, draft.id, { state: 'issued', issuedAt });
    await updateInvoice(transaction, draft.id, { state: 'paid', paidAt: issuedAt });
    return draft;
  }
  const { prefix, sequence } = await drawInvoiceSequence(transaction);
  const number = formatInvoiceNumber(prefix, sequence);
  await updateInvoice(transaction, draft.id, { state: 'issued', issuedAt, number });
  await appendToOutbox(transaction, collectInvoiceMessage(context, draft), issuedAt);
  return { ...draft, number };
}

function draftOf(context: ServiceContext, period: BillingPeriod, rated: RatedPeriod): Invoice {
  return {
    id: context.ids.next(),
    organizationId: period.organizationId,
    subscriptionId: period.subscriptionId,
    periodStart: period.startsAt,
    periodEnd: period.endsAt,
    state: 'draft',
    number: null,
    currency: rated.currency,
    subtotalMinor: rated.subtotalMinor,
    taxMinor: 0n,
    totalMinor: rated.subtotalMinor,
    ratingHash: rated.ratingHash,
    generation: 1,
    attempt: 1,
    providerInvoiceId: null,
    hostedUrl: null,
    failureCode: null,
    failureMessage: null,
    failedAt: null,
    createdAt: context.clock.now(),
    issuedAt: null,
    paidAt: null,
  };
}

function invoiceLine(context: ServiceContext, invoice: Invoice, line: PeriodLine): InvoiceLine {
  return {
    id: context.ids.next(),
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    position: line.position,
    kind: line.kind,
    subscriptionId: invoice.subscriptionId,
    periodStart: line.periodStart,
    phaseId: line.phaseId,
    planVersionId: line.planVersionId,
    meter: line.meter,
    description: line.description,
    quantity: line.quantity,
    unroundedAmount: line.unroundedAmount,
    amountMinor: line.amountMinor,
    breakdown: line.breakdown,
    inputHash: line.inputHash,
  };
}
