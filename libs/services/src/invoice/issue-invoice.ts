import { type BillingPeriod, type Invoice, type InvoiceLine, type Seller, formatInvoiceNumber } from '#domain';
import {
  type Transaction,
  appendToOutbox,
  drawInvoiceSequence,
  findSellerOfSubscription,
  insertDraftInvoice,
  readReviewHours,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { collectInvoiceMessage } from '../payment/payment-jobs.js';
import type { PeriodLine, RatedPeriod } from '../period/rate-period.js';

const HOUR_MS = 3_600_000;

/** What an issued invoice is known by; one in review has no number yet. */
export type IssuedInvoice = Pick<Invoice, 'id' | 'number' | 'totalMinor' | 'currency'>;

/**
 * Writes the invoice of a period, in the transaction that closes the period: from then on the database refuses to change
 * its lines and amounts. It is issued at once, or waits in review where its organization's invoices are looked at first.
 */
export async function makeInvoice(
  context: ServiceContext,
  transaction: Transaction,
  period: BillingPeriod,
  rated: RatedPeriod,
): Promise<IssuedInvoice> {
  const draft = draftOf(context, period, rated, await findSellerOfSubscription(transaction, period.subscriptionId));
  await insertDraftInvoice(
    transaction,
    draft,
    rated.lines.map((line) => invoiceLine(context, draft, line)),
  );
  const reviewHours = (await readReviewHours(transaction, draft.organizationId)) ?? 0;
  if (reviewHours > 0) {
    const reviewEndsAt = new Date(context.clock.nowMs() + reviewHours * HOUR_MS);
    await updateInvoice(transaction, draft.id, { state: 'review', reviewEndsAt });
    return draft;
  }
  await updateInvoice(transaction, draft.id, { state: 'locked' });
  return issueLocked(context, transaction, draft);
}

/**
 * Issues an invoice that is locked. One over money gets the next number and is handed to collection; one over nothing has
 * no number and is paid at once.
 */
export async function issueLocked(
  context: ServiceContext,
  transaction: Transaction,
  draft: Invoice,
): Promise<IssuedInvoice> {
  if (draft.totalMinor === 0n) {
    const issuedAt = context.clock.now();
    await updateInvoice(transaction, draft.id, { state: 'issued', issuedAt });
    await updateInvoice(transaction, draft.id, { state: 'paid', paidAt: issuedAt });
    return draft;
  }
  const { prefix, sequence } = await drawInvoiceSequence(transaction, draft.sellerSlug);
  const number = formatInvoiceNumber(prefix, sequence);
  // Only now: whoever waited for others to draw theirs must not have a later number with an earlier date.
  const issuedAt = context.clock.now();
  await updateInvoice(transaction, draft.id, { state: 'issued', issuedAt, number });
  await appendToOutbox(transaction, collectInvoiceMessage(context, draft), issuedAt);
  return { ...draft, number };
}

function draftOf(
  context: ServiceContext,
  period: BillingPeriod,
  rated: RatedPeriod,
  { slug, name, addressLines, taxId, country }: Seller,
): Invoice {
  return {
    id: context.ids.next(),
    organizationId: period.organizationId,
    subscriptionId: period.subscriptionId,
    periodStart: period.startsAt,
    periodEnd: period.endsAt,
    state: 'draft',
    sellerSlug: slug,
    seller: { name, addressLines, taxId, country },
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
    reviewEndsAt: null,
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
