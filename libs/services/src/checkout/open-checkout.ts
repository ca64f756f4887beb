import { ConflictError, type PaymentProvider, askedMinor, awaitsTax } from '#domain';
import {
  type Transaction,
  endCheckout,
  findOpenCheckout,
  insertCheckout,
  lockInvoice,
  readPaymentTermsOf,
  saveCheckoutPage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { readInvoice } from '../payment/collect-invoice.js';
import { ensureProviderCustomer } from '../payment/payment-method.js';
import { planCollection } from '../payment/plan-collection.js';
import { taxInvoice } from '../payment/tax-invoice.js';

/**
 * Has an invoice paid by its buyer on a page of the provider, in the transaction that issues it: no card is charged for it
 * meanwhile. Does nothing for one of which nothing is due, or that is paid by transfer. One whose tax the provider has yet to compute
 * is issued when the page is opened.
 */
export async function payOnPage(
  context: ServiceContext,
  transaction: Transaction,
  { invoiceId, returnUrl }: { readonly invoiceId: string; readonly returnUrl: string },
): Promise<void> {
  const invoice = (await lockInvoice(transaction, invoiceId))!;
  const { state, organizationId } = invoice;
  const isWaiting = awaitsTax(invoice);
  const terms = isWaiting ? await readPaymentTermsOf(transaction, [organizationId]) : null;
  const method = terms ? terms.get(organizationId)?.method : invoice.paymentMethod;
  if ((state !== 'issued' && !isWaiting) || method !== 'card') return;
  await insertCheckout(transaction, { invoiceId, organizationId, returnUrl }, context.clock.now());
}

/**
 * The address of the page on which an invoice is paid, made at the provider the first time; null when there is nothing to
 * be paid there. Safe to repeat.
 * @throws ConflictError `tax_not_known` while the tax of the invoice cannot be computed
 */
export async function openCheckout(
  context: ServiceContext,
  provider: PaymentProvider,
  invoiceId: string,
): Promise<string | null> {
  const checkout = await context.unitOfWork.inSystem((transaction) => findOpenCheckout(transaction, invoiceId));
  if (!checkout || checkout.url !== null) return checkout?.url ?? null;
  const { organizationId, returnUrl } = checkout;
  const taxed = await taxInvoice(context, provider, invoiceId);
  if (taxed.outcome === 'held') throw new ConflictError('tax_not_known', taxed.reason);
  if (taxed.outcome === 'taxed' && (await readInvoice(context, invoiceId)).state !== 'issued') {
    // Its balance has paid it.
    const end = { outcome: 'left', endedAt: context.clock.now() } as const;
    await context.unitOfWork.inSystem((transaction) => endCheckout(transaction, invoiceId, end));
    return null;
  }
  const plan = await planCollection(context, provider, invoiceId);
  if (plan === 'carried') {
    const end = { outcome: 'carried', endedAt: context.clock.now() } as const;
    await context.unitOfWork.inSystem((transaction) => endCheckout(transaction, invoiceId, end));
    return null;
  }
  const invoice = await readInvoice(context, invoiceId);
  const page = await provider.createCheckout({
    invoiceId,
    providerCustomerId: await ensureProviderCustomer(context, provider, organizationId),
    title: `Invoice ${invoice.number}`,
    amountMinor: askedMinor(invoice),
    currency: invoice.currency,
    successUrl: successUrl(returnUrl),
    cancelUrl: returnUrl,
  });
  const isOpen = await context.unitOfWork.inSystem((transaction) => saveCheckoutPage(transaction, invoiceId, page));
  if (isOpen) return page.url;
  // Given up meanwhile.
  await provider.expireCheckout(page.sessionId);
  return null;
}

function successUrl(returnUrl: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('purchase', 'paid');
  return url.href;
}
