import type Stripe from 'stripe';
import {
  PaymentStateError,
  type ProviderInvoice,
  type ProviderInvoiceHead,
  type ProviderInvoiceLine,
  type ProviderInvoicePayment,
  type ProviderInvoiceStatus,
} from '#domain';
import { markedLineId } from './metered-invoice.js';
import { fromStripeAmount } from './stripe-amount.js';

/**
 * The invoice with all of its lines: Stripe puts only the first few into the invoice itself. The lines that Stripe has made of
 * the usage of a price, one for each tier, are one line of ours; over nothing they are none.
 */
export async function readProviderInvoice(stripe: Stripe, invoice: Stripe.Invoice): Promise<ProviderInvoice> {
  const lines: ProviderInvoiceLine[] = [];
  const rated = new Map<string, bigint>();
  for await (const line of stripe.invoices.listLineItems(invoice.id, { limit: 100 })) {
    const amountMinor = fromStripeAmount(line.amount, invoice.currency);
    const ratedId = markedLineId(invoice, line);
    if (ratedId === null) lines.push({ lineId: line.metadata['line_id'] ?? null, amountMinor });
    else rated.set(ratedId, (rated.get(ratedId) ?? 0n) + amountMinor);
  }
  for (const [lineId, amountMinor] of rated) if (amountMinor !== 0n) lines.push({ lineId, amountMinor });
  return {
    providerInvoiceId: invoice.id,
    status: statusOf(invoice),
    number: invoice.number,
    currency: invoice.currency.toUpperCase(),
    subtotalMinor: fromStripeAmount(invoice.subtotal, invoice.currency),
    totalMinor: fromStripeAmount(invoice.total, invoice.currency),
    totalExcludingTaxMinor: fromStripeAmount(invoice.total_excluding_tax ?? invoice.total, invoice.currency),
    creditedMinor: fromStripeAmount(
      invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount,
      invoice.currency,
    ),
    lines,
    payments: paymentsOf(invoice),
    metadata: invoice.metadata ?? {},
  };
}

/** Only an invoice that was asked for with its payments has them. */
function paymentsOf({ payments, currency }: Stripe.Invoice): ProviderInvoicePayment[] {
  return (payments?.data ?? []).flatMap(({ status, amount_paid: paid, payment: { payment_intent: intent } }) =>
    status === 'paid' && intent && paid !== null
      ? [{ paymentId: typeof intent === 'object' ? intent.id : intent, amountMinor: fromStripeAmount(paid, currency) }]
      : [],
  );
}

/** An invoice as a list shows it. */
export function toProviderInvoiceHead(invoice: Stripe.Invoice): ProviderInvoiceHead {
  const { id, currency, customer, metadata, total } = invoice;
  return {
    providerInvoiceId: id,
    status: statusOf(invoice),
    providerCustomerId: (typeof customer === 'object' ? customer?.id : customer) ?? null,
    localInvoiceId: metadata?.['local_invoice_id'] ?? null,
    totalMinor: fromStripeAmount(total, currency),
  };
}

const statuses: readonly ProviderInvoiceStatus[] = ['draft', 'open', 'paid', 'void', 'uncollectible'];

function statusOf(invoice: Stripe.Invoice): ProviderInvoiceStatus {
  const status = statuses.find((known) => known === invoice.status);
  if (status !== undefined) return status;
  throw new PaymentStateError(`Stripe's invoice ${invoice.id} has a status that is not known: ${invoice.status}.`);
}
