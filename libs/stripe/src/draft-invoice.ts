import type Stripe from 'stripe';
import {
  InvalidError,
  MOST_PROVIDER_LINES,
  PaymentMismatchError,
  type CollectInvoiceLine,
  type CollectInvoiceRequest,
  type ComputeTaxRequest,
} from '#domain';
import { createOnce } from './create-once.js';
import { findInvoice } from './find-invoice.js';
import { type CheckedInvoice, invoiceDifferences, isSent, sumOf } from './invoice-differences.js';
import { readProviderInvoice } from './provider-invoice.js';
import { toStripeAmount } from './stripe-amount.js';

/** Stripe's code of what no tax is on: https://docs.stripe.com/tax/tax-codes */
const NONTAXABLE = 'txcd_00000000';

/** What a draft is made of. */
export interface DraftRequest extends ComputeTaxRequest {
  /** Null for one that gets it later. */
  readonly number: string | null;
  /** What is said below it. */
  readonly footer: string | null;
  /** Whether Stripe computes its tax. */
  readonly isTaxed: boolean;
}

/**
 * @throws InvalidError `invoice_lines`, `invoice_negative`; PaymentMismatchError when the lines do not add up
 */
export function checkRequest(request: ComputeTaxRequest): void {
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

/** A draft without lines, of nothing but what we give it. */
export async function createDraft(stripe: Stripe, request: DraftRequest): Promise<Stripe.Invoice> {
  const parameters: Stripe.InvoiceCreateParams = {
    customer: request.providerCustomerId,
    currency: request.currency.toLowerCase(),
    collection_method: 'charge_automatically',
    auto_advance: false,
    pending_invoice_items_behavior: 'exclude',
    automatic_tax: { enabled: request.isTaxed },
    // Else it would inherit those of the customer.
    discounts: '',
    ...(request.number !== null && { number: request.number }),
    ...(request.footer !== null && { footer: request.footer }),
    metadata: {
      local_invoice_id: request.invoiceId,
      generation: String(request.generation),
      rating_hash: request.ratingHash,
    },
  };
  return createOnce({
    key: keyOf(request, 'create'),
    create: (options) => stripe.invoices.create(parameters, options),
    find: () => findInvoice(stripe, request),
  });
}

/** Adds the lines that a draft does not have yet, but for those over nothing and those that Stripe makes by itself. */
export async function addMissingLines(
  stripe: Stripe,
  request: ComputeTaxRequest & Pick<DraftRequest, 'isTaxed'> & Pick<CollectInvoiceRequest, 'metered'>,
  draftId: string,
): Promise<void> {
  const present = await lineIdsOf(stripe, draftId);
  const rated = new Set(Object.values(request.metered?.lineIds ?? {}));
  for (const [index, line] of request.lines.entries()) {
    if (!isSent(line) || present.has(line.lineId) || rated.has(line.lineId)) continue;
    const item = { ...itemOf(request, line, draftId), ...(request.isTaxed && taxOf(line, request.taxCode)) };
    await createOnce<unknown>({
      key: keyOf(request, `line:${index}`),
      create: (options) => stripe.invoiceItems.create(item, options),
      find: async () => (await lineIdsOf(stripe, draftId)).has(line.lineId) || undefined,
    });
  }
}

async function lineIdsOf(stripe: Stripe, draftId: string): Promise<ReadonlySet<string | undefined>> {
  const ids = new Set<string | undefined>();
  for await (const line of stripe.invoices.listLineItems(draftId, { limit: 100 })) ids.add(line.metadata['line_id']);
  return ids;
}

/** Only the amount is sent: a quantity with a unit price would have Stripe multiply, and round. */
function itemOf(request: ComputeTaxRequest, line: CollectInvoiceLine, draftId: string): Stripe.InvoiceItemCreateParams {
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

/** Stripe must not have to guess how an amount is meant. Without a code a line is taxed by the account's. */
function taxOf(
  { isTaxed }: CollectInvoiceLine,
  taxCode: string | undefined,
): Pick<Stripe.InvoiceItemCreateParams, 'tax_behavior' | 'tax_code'> {
  const code = isTaxed === false ? NONTAXABLE : taxCode;
  return { tax_behavior: 'exclusive', ...(code !== undefined && { tax_code: code }) };
}

/** @throws PaymentMismatchError that names every difference */
export async function requireEqual(
  stripe: Stripe,
  request: CheckedInvoice & Pick<CollectInvoiceRequest, 'invoiceId'>,
  invoice: Stripe.Invoice,
): Promise<void> {
  const differences = invoiceDifferences(request, await readProviderInvoice(stripe, invoice));
  if (differences.length > 0) throw new PaymentMismatchError(request.invoiceId, invoice.id, differences);
}

function keyOf(request: Pick<CollectInvoiceRequest, 'invoiceId' | 'generation'>, step: string): string {
  return `inv:${request.invoiceId}:g${request.generation}:${step}`;
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
