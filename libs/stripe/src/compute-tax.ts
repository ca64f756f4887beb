import Stripe from 'stripe';
import {
  PaymentStateError,
  type ComputedTax,
  type ComputeTaxRequest,
  type ProviderTax,
  type TaxCategory,
  roundingStepMinor,
} from '#domain';
import { tellBuyer } from './buyer.js';
import { type DraftRequest, addMissingLines, checkRequest, createDraft, requireEqual } from './draft-invoice.js';
import { findInvoice } from './find-invoice.js';
import { fromStripeAmount } from './stripe-amount.js';

/**
 * Stripe's tax on an invoice, read from a draft of it without a number: what collects the invoice finds the draft, and has it computed
 * again before it is finalized. May stop anywhere and be called again.
 */
export async function computeTax(stripe: Stripe, request: ComputeTaxRequest): Promise<ComputedTax> {
  checkRequest(request);
  const wanted = { ...request, number: null, footer: null, isTaxed: true };
  let taxed: Stripe.Invoice;
  try {
    taxed = await taxedDraft(stripe, wanted);
  } catch (error) {
    // Its settings for taxes, or what it is told of the product: somebody must mend that, and reads here what it says.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code === 'idempotency_key_in_use')
      throw error;
    return { state: 'failed', message: error.message };
  }
  switch (taxed.automatic_tax.status) {
    case 'complete':
      break;
    case 'requires_location_inputs':
      return { state: 'location_missing' };
    default:
      return { state: 'failed', message: `the tax is ${taxed.automatic_tax.status ?? 'not computed'}.` };
  }
  const taxes: ProviderTax[] = [];
  for (const tax of taxed.total_taxes ?? []) taxes.push(await toProviderTax(stripe, tax, taxed.currency));
  const computedTaxMinor = taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0n);
  await requireEqual(stripe, { ...request, number: null, computedTaxMinor }, taxed);
  const step = roundingStepMinor(taxed.currency.toUpperCase());
  if ((request.subtotalMinor + computedTaxMinor) % BigInt(step) !== 0n)
    return {
      state: 'failed',
      message: `with the tax that it computes the total could not be charged, as it charges ${taxed.currency.toUpperCase()} in steps of ${step}.`,
    };
  return { state: 'computed', taxes };
}

/** The draft with all lines, and its tax computed for the buyer as it is known by now. */
async function taxedDraft(stripe: Stripe, wanted: DraftRequest): Promise<Stripe.Invoice> {
  if (wanted.buyer) await tellBuyer(stripe, wanted.providerCustomerId, wanted.buyer);
  const draft = (await findInvoice(stripe, wanted)) ?? (await createDraft(stripe, wanted));
  if (draft.status !== 'draft')
    throw new PaymentStateError(
      `Stripe's invoice ${draft.id} of invoice ${wanted.invoiceId} is ${draft.status} before its tax was taken over.`,
    );
  await addMissingLines(stripe, wanted, draft.id);
  return stripe.invoices.update(draft.id, { automatic_tax: { enabled: true } });
}

async function toProviderTax(
  stripe: Stripe,
  { amount, taxability_reason: reason, taxable_amount: taxable, tax_rate_details: details }: Stripe.Invoice.TotalTax,
  currency: string,
): Promise<ProviderTax> {
  const taxMinor = fromStripeAmount(amount, currency);
  const rate = details && (await stripe.taxRates.retrieve(details.tax_rate));
  const known = CATEGORIES[reason] ?? 'outside_scope';
  const category = taxMinor !== 0n && known !== 'reduced' ? 'standard' : known;
  const isCharged = category === 'standard' || category === 'reduced';
  return {
    category,
    name: rate?.display_name ?? 'Tax',
    percent: isCharged ? String(rate?.effective_percentage ?? rate?.percentage ?? 0) : '0',
    country: rate?.country ?? null,
    region: rate?.state ?? null,
    taxableMinor: fromStripeAmount(taxable ?? 0, currency),
    taxMinor,
  };
}

/** What Stripe calls the reasons; all others are no matter of the seller's tax. */
const CATEGORIES: Readonly<Record<string, TaxCategory>> = {
  standard_rated: 'standard',
  portion_standard_rated: 'standard',
  proportionally_rated: 'standard',
  taxable_basis_reduced: 'standard',
  reduced_rated: 'reduced',
  portion_reduced_rated: 'reduced',
  zero_rated: 'zero',
  customer_exempt: 'exempt',
  product_exempt: 'exempt',
  portion_product_exempt: 'exempt',
  product_exempt_holiday: 'exempt',
  reverse_charge: 'reverse_charge',
};
