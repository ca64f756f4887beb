import Stripe from 'stripe';
import {
  InvalidError,
  MOST_PROVIDER_LINES,
  PaymentMismatchError,
  PaymentStateError,
  type CollectedInvoice,
  type CollectInvoiceLine,
  type CollectInvoiceRequest,
} from '#domain';
import { tellBuyer } from './buyer.js';
import { addMissingCreditNotes } from './credit-invoice.js';
import { findInvoice } from './find-invoice.js';
import { adoptDraft } from './metered-invoice.js';
import { invoiceDifferences, isSent, sumOf } from './invoice-differences.js';
import { attachPayment, payInvoice, payOutOfBand, toCollectedInvoice } from './pay-invoice.js';
import { readProviderInvoice } from './provider-invoice.js';
import { toStripeAmount } from './stripe-amount.js';

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
  const { metered } = request;
  const invoice =
    (await findInvoice(stripe, request)) ??
    (await (metered ? adoptDraft(stripe, request, metered) : createDraft(stripe, request)));
  switch (invoice.status) {
    case 'draft':
      await addMissingLines(stripe, request, invoice.id);
      if (request.buyer) await tellBuyer(stripe, request.providerCustomerId, request.buyer);
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

function checkRequest(request: CollectInvoiceRequest): void {
  const { invoiceId, lines, subtotalMinor } = request;
  if (new Set(lines.map((line) => line.lineId)).size !== lines.length) {
    throw new InvalidError('invoice_lines', `Two lines of invoice ${invoiceId} have the same id.`);
  }
  if (lines.filter(isSent).length > MOST_PROVIDER_LINES) {
    throw new InvalidError('invoice_lines', `Invoice ${invoiceId} has more than ${MOST_PROVIDER_LINES} lines.`);
  }
  if (subtotalMinor < 0n) {
    throw new InvalidError('invoice_negative', `Invoice ${invoiceId} is negative: carry it over as a credit.`);
  }
  const sum = sumOf(lines);
  if (sum !== subtotalMinor) {
    throw new PaymentMismatchError(invoiceId, null, [`the lines add up to ${sum}, not ${subtotalMinor}`]);
  }
}

async function createDraft(stripe: Stripe, request: FootedInvoiceRequest): Promise<Stripe.Invoice> {
  return stripe.invoices.create(
    {
      customer: request.providerCustomerId,
      currency: request.currency.toLowerCase(),
      collection_method: 'charge_automatically',
      auto_advance: false,
      pending_invoice_items_behavior: 'exclude',
      automatic_tax: { enabled: false },
      // Else it would inherit those of the customer.
      discounts: '',
      ...(request.number !== null && { number: request.number }),
      ...(request.footer !== null && { footer: request.footer }),
      metadata: {
        local_invoice_id: request.invoiceId,
        generation: String(request.generation),
        rating_hash: request.ratingHash,
      },
    },
    { idempotencyKey: keyOf(request, 'create') },
  );
}

async function addMissingLines(stripe: Stripe, request: CollectInvoiceRequest, draftId: string): Promise<void> {
  const present = new Set<string | undefined>();
  for await (const line of stripe.invoices.listLineItems(draftId, { limit: 100 }))
    present.add(line.metadata['line_id']);
  const rated = new Set(Object.values(request.metered?.lineIds ?? {}));
  for (const [index, line] of request.lines.entries()) {
    if (!isSent(line) || present.has(line.lineId) || rated.has(line.lineId)) continue;
    await stripe.invoiceItems.create(itemOf(request, line, draftId), {
      idempotencyKey: keyOf(request, `line:${index}`),
    });
  }
}

/** Only the amount is sent: a quantity with a unit price would have Stripe multiply, and round. */
function itemOf(
  request: CollectInvoiceRequest,
  line: CollectInvoiceLine,
  draftId: string,
): Stripe.InvoiceItemCreateParams {
  return {
    customer: request.providerCustomerId,
    invoice: draftId,
    amount: toStripeAmount(line.amountMinor, request.currency, `Line ${line.lineId}`),
    currency: request.currency.toLowerCase(),
    description: line.description,
    period: { start: toSeconds(line.periodStartMs), end: toSeconds(line.periodEndMs) },
    metadata: { line_id: line.lineId },
  };
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

async function requireEqual(stripe: Stripe, request: CollectInvoiceRequest, invoice: Stripe.Invoice): Promise<void> {
  const differences = invoiceDifferences(request, await readProviderInvoice(stripe, invoice));
  if (differences.length > 0) throw new PaymentMismatchError(request.invoiceId, invoice.id, differences);
}

function keyOf(request: CollectInvoiceRequest, step: string): string {
  return `inv:${request.invoiceId}:g${request.generation}:${step}`;
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
