import type Stripe from 'stripe';
import { PaymentProviderError, PaymentStateError, type CollectInvoiceRequest, type MeteredInvoice } from '#domain';

const MARK = 'line_of_';

/** What an invoice of Stripe's own keeps of ours: which of our lines is what a price comes to. */
function lineMarks({ lineIds }: MeteredInvoice): Record<string, string> {
  return Object.fromEntries(Object.entries(lineIds).map(([price, lineId]) => [`${MARK}${price}`, lineId]));
}

/** Our id of a line that Stripe has made of usage; null for every other line. */
export function markedLineId(invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem): string | null {
  const price = priceOf(line);
  return (price !== null && invoice.metadata?.[`${MARK}${price}`]) || null;
}

/** The price of a line that Stripe has made; null for one that was added. */
function priceOf({ parent, pricing }: Stripe.InvoiceLineItem): string | null {
  if (parent?.type !== 'subscription_item_details') return null;
  const price = pricing?.price_details?.price;
  return (typeof price === 'object' ? price.id : price) ?? null;
}

/** True for an invoice that Stripe has made for a subscription: Stripe does not let it be deleted. */
export function isOfSubscription({ parent }: Stripe.Invoice): boolean {
  return parent?.type === 'subscription_details';
}

/**
 * Takes over the draft that Stripe has made at the end of the period: from then on it has our number, and is found by our
 * id. What an earlier generation, or somebody else, has added to it is taken off.
 * @throws PaymentProviderError, retryable, while there is no such draft yet; PaymentStateError when it is none any more
 */
export async function adoptDraft(
  stripe: Stripe,
  request: CollectInvoiceRequest & { readonly footer: string | null },
  metered: MeteredInvoice,
): Promise<Stripe.Invoice> {
  const draft = await findCycleInvoice(stripe, metered);
  if (!draft)
    throw new PaymentProviderError(
      `Stripe has not made the invoice of ${metered.providerSubscriptionId} yet whose period ends at ` +
        `${new Date(metered.periodEndMs).toISOString()}.`,
      true,
    );
  const owner = draft.metadata?.['local_invoice_id'];
  if (draft.status !== 'draft' || (owner !== undefined && owner !== request.invoiceId))
    throw new PaymentStateError(
      `Stripe's invoice ${draft.id} of the period is ${draft.status}` +
        `${owner === undefined ? '' : ` and belongs to invoice ${owner}`}: invoice ${request.invoiceId} cannot be made of it.`,
    );
  await removeAdded(stripe, draft.id);
  return stripe.invoices.update(draft.id, {
    auto_advance: false,
    ...(request.number !== null && { number: request.number }),
    ...(request.footer !== null && { footer: request.footer }),
    metadata: {
      local_invoice_id: request.invoiceId,
      generation: String(request.generation),
      rating_hash: request.ratingHash,
      ...lineMarks(metered),
    },
  });
}

async function findCycleInvoice(
  stripe: Stripe,
  { providerSubscriptionId, periodEndMs }: MeteredInvoice,
): Promise<Stripe.Invoice | undefined> {
  const periodEnd = Math.floor(periodEndMs / 1000);
  for await (const invoice of stripe.invoices.list({ subscription: providerSubscriptionId, limit: 100 }))
    if (invoice.billing_reason === 'subscription_cycle' && invoice.period_end === periodEnd) return invoice;
  return undefined;
}

/**
 * Takes off what was added to the draft: what an earlier generation of ours has, and items of the customer that somebody else has
 * pending at Stripe, which puts them on it by itself. Those wait for another invoice again.
 */
async function removeAdded(stripe: Stripe, draftId: string): Promise<void> {
  const ours: string[] = [];
  const others: string[] = [];
  for await (const { id, metadata, parent } of stripe.invoices.listLineItems(draftId, { limit: 100 })) {
    const item = parent?.invoice_item_details?.invoice_item;
    if (!item) continue;
    if (metadata['line_id'] === undefined) others.push(id);
    else ours.push(item);
  }
  if (others.length > 0)
    await stripe.invoices.removeLines(draftId, { lines: others.map((id) => ({ id, behavior: 'unassign' })) });
  for (const item of ours) await stripe.invoiceItems.del(item);
}
