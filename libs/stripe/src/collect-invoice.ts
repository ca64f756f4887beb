import Stripe from 'stripe';
import { PaymentStateError, type CollectedInvoice, type CollectInvoiceRequest } from '#domain';
import { tellBuyer } from './buyer.js';
import { addMissingCreditNotes } from './credit-invoice.js';
import { findInvoice } from './find-invoice.js';
import { type DraftRequest, addMissingLines, checkRequest, createDraft, requireEqual } from './draft-invoice.js';
import { adoptDraft } from './metered-invoice.js';
import { attachPayment, payInvoice, payOutOfBand, toCollectedInvoice } from './pay-invoice.js';

/** An invoice with what is said below it. */
export interface FootedInvoiceRequest extends CollectInvoiceRequest {
  readonly footer: string | null;
}

/**
 * Draft, lines, comparison, finalization, credit notes, payment. The draft of usage that Stripe has rated is its own, and gets
 * the other lines. Each step first looks at what Stripe has, and each create carries a
 * key made of the invoice and its generation: so the whole may stop anywhere and be called again, even long after
 * Stripe has forgotten the keys. `auto_advance` stays off: only this finalizes and charges.
 */
export async function collectInvoice(stripe: Stripe, request: FootedInvoiceRequest): Promise<CollectedInvoice> {
  checkRequest(request);
  try {
    return await collect(stripe, request);
  } catch (error) {
    // Another call would be refused too: a person must see to it.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if (error.code !== 'amount_too_large' && error.param !== 'currency') throw error;
    throw new PaymentStateError(`Stripe does not collect invoice ${request.invoiceId}: ${error.message}`);
  }
}

async function collect(stripe: Stripe, request: FootedInvoiceRequest): Promise<CollectedInvoice> {
  const { metered } = request;
  const wanted = draftOf(request);
  const invoice =
    (await findInvoice(stripe, request)) ??
    (await (metered ? adoptDraft(stripe, request, metered) : createDraft(stripe, wanted)));
  switch (invoice.status) {
    case 'draft':
      await addMissingLines(stripe, { ...request, isTaxed: wanted.isTaxed }, invoice.id);
      if (request.buyer) await tellBuyer(stripe, request.providerCustomerId, request.buyer);
      if (wanted.isTaxed) await nameDraft(stripe, request, invoice.id);
      return settle(stripe, request, await finalize(stripe, request, invoice.id));
    case 'open':
    case 'uncollectible':
    case 'paid':
      await requireEqual(stripe, request, invoice);
      return settle(stripe, request, invoice);
    default:
      throw new PaymentStateError(
        `Stripe's invoice ${invoice.id} of invoice ${request.invoiceId} is ${invoice.status}; it can only be replaced.`,
      );
  }
}

async function settle(
  stripe: Stripe,
  request: CollectInvoiceRequest,
  finalized: Stripe.Invoice,
): Promise<CollectedInvoice> {
  const invoice = await addMissingCreditNotes(stripe, request, finalized);
  if (invoice.status === 'paid') return toCollectedInvoice(stripe, invoice.id);
  const { settlement = 'charge' } = request;
  if (typeof settlement === 'object') return attachPayment(stripe, invoice.id, settlement.paymentId);
  switch (settlement) {
    case 'charge':
      return payInvoice(stripe, request, invoice);
    case 'wait':
      return toCollectedInvoice(stripe, invoice.id);
    case 'out_of_band':
      return payOutOfBand(stripe, invoice.id);
  }
}

/** One whose tax Stripe computes was made, or could have been, before it was issued: it gets its number last. */
function draftOf(request: FootedInvoiceRequest): DraftRequest {
  const isTaxed = request.computedTaxMinor !== undefined;
  return isTaxed ? { ...request, isTaxed, number: null, footer: null } : { ...request, isTaxed };
}

/** The tax is computed anew with it, for the buyer as it is known by now. */
async function nameDraft(stripe: Stripe, { number, footer }: FootedInvoiceRequest, draftId: string): Promise<void> {
  await stripe.invoices.update(draftId, {
    automatic_tax: { enabled: true },
    ...(number !== null && { number }),
    ...(footer !== null && { footer }),
  });
}

/** Without a key of our own: Stripe would replay a failure for a day, and a second finalization does nothing anyway. */
async function finalize(stripe: Stripe, request: CollectInvoiceRequest, draftId: string): Promise<Stripe.Invoice> {
  await requireEqual(stripe, request, await stripe.invoices.retrieve(draftId));
  let finalized: Stripe.Invoice;
  try {
    finalized = await stripe.invoices.finalizeInvoice(draftId, { auto_advance: false });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // A parallel call may have finalized it first.
    finalized = await stripe.invoices.retrieve(draftId);
    if (finalized.status === 'draft') throw error;
  }
  await requireEqual(stripe, request, finalized);
  return finalized;
}
