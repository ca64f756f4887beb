import type Stripe from 'stripe';
import { PaymentStateError, type ProviderInvoice, type ProviderInvoiceLine, type ProviderInvoiceStatus } from '#domain';
import { fromStripeAmount } from './stripe-amount.js';

/** The invoice with all of its lines: Stripe puts only the first few into the invoice itself. */
export async function readProviderInvoice(stripe: Stripe, invoice: Stripe.Invoice): Promise<ProviderInvoice> {
  const lines: ProviderInvoiceLine[] = [];
  for await (const line of stripe.invoices.listLineItems(invoice.id, { limit: 100 })) {
    lines.push({ lineId: line.metadata['line_id'] ?? null, amountMinor: fromStripeAmount(line.amount) });
  }
  return {
    providerInvoiceId: invoice.id,
    status: statusOf(invoice),
    number: invoice.number,
    currency: invoice.currency.toUpperCase(),
    subtotalMinor: fromStripeAmount(invoice.subtotal),
    totalMinor: fromStripeAmount(invoice.total),
    creditedMinor: fromStripeAmount(invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount),
    lines,
    metadata: invoice.metadata ?? {},
  };
}

const statuses: readonly ProviderInvoiceStatus[] = ['draft', 'open', 'paid', 'void', 'uncollectible'];

function statusOf(invoice: Stripe.Invoice): ProviderInvoiceStatus {
  const status = statuses.find((known) => known === invoice.status);
  if (status !== undefined) return status;
  throw new PaymentStateError(`Stripe's invoice ${invoice.id} has a status that is not known: ${invoice.status}.`);
}
