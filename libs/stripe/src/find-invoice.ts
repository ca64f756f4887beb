import type Stripe from 'stripe';
import { PaymentStateError, type ComputeTaxRequest } from '#domain';
import { isOfSubscription } from './metered-invoice.js';

/**
 * What Stripe has of this invoice's generation. A draft of an earlier generation, which did not match, is deleted, since
 * it holds the number; one that was finalized stops everything, or the money would be asked for twice.
 */
export async function findInvoice(
  stripe: Stripe,
  request: Pick<ComputeTaxRequest, 'invoiceId' | 'generation' | 'providerCustomerId'>,
): Promise<Stripe.Invoice | undefined> {
  const stale: string[] = [];
  for await (const invoice of stripe.invoices.list({ customer: request.providerCustomerId, limit: 100 })) {
    if (invoice.metadata?.['local_invoice_id'] !== request.invoiceId) continue;
    const generation = Number(invoice.metadata['generation']);
    // Creating this generation dealt with the earlier ones, so there is nothing more to look for.
    if (generation === request.generation) return invoice;
    if (invoice.status === 'draft' && generation < request.generation) {
      // Stripe's own is taken over again instead.
      if (!isOfSubscription(invoice)) stale.push(invoice.id);
    } else if (invoice.status !== 'void') {
      throw new PaymentStateError(
        `Invoice ${request.invoiceId} is at Stripe as ${invoice.id}, generation ${generation}, ${invoice.status}: ` +
          `generation ${request.generation} would ask for the money twice. Void that one first.`,
      );
    }
  }
  // Only now: the list goes on from the last invoice it has shown.
  for (const id of stale) await stripe.invoices.del(id);
  return undefined;
}
