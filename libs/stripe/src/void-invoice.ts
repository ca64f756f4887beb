import type Stripe from 'stripe';
import type { CollectedInvoice } from '#domain';
import { isOfSubscription } from './metered-invoice.js';
import { toCollectedInvoice } from './pay-invoice.js';

/**
 * Makes every generation of an invoice void, or deletes it while it is a draft. Looks at what Stripe has first, and so may
 * stop anywhere and be called again. Returns one that was paid before: it stays so.
 */
export async function voidInvoice(
  stripe: Stripe,
  { invoiceId, providerCustomerId }: { readonly invoiceId: string; readonly providerCustomerId: string },
): Promise<CollectedInvoice | null> {
  const found: Stripe.Invoice[] = [];
  for await (const invoice of stripe.invoices.list({ customer: providerCustomerId, limit: 100 }))
    if (invoice.metadata?.['local_invoice_id'] === invoiceId) found.push(invoice);
  let paid: CollectedInvoice | null = null;
  for (const invoice of found) {
    const { id, status } = invoice;
    if (status === 'draft') await (isOfSubscription(invoice) ? voidDraft(stripe, id) : stripe.invoices.del(id));
    else if (status === 'paid') paid = await toCollectedInvoice(stripe, id);
    else if (status !== 'void') await stripe.invoices.voidInvoice(id);
  }
  return paid;
}

/** Stripe does not let a draft of a subscription be deleted. One over nothing is paid as soon as it is finalized. */
async function voidDraft(stripe: Stripe, draftId: string): Promise<void> {
  const { status } = await stripe.invoices.finalizeInvoice(draftId, { auto_advance: false });
  if (status === 'open') await stripe.invoices.voidInvoice(draftId);
}
