import Stripe from 'stripe';
import { PaymentStateError, type CollectedInvoice, type CollectInvoiceRequest, type PaymentFailure } from '#domain';
import { createOnce } from './create-once.js';
import { cardToCharge } from './customers.js';
import { fromStripeAmount } from './stripe-amount.js';

const pending: PaymentFailure = { code: 'payment_pending', message: 'The payment is not complete yet.' };

const noCard: PaymentFailure = {
  code: 'payment_method_missing',
  message: 'No payment card is saved.',
};

/**
 * Charges a finalized invoice unless it is paid. The key holds the attempt and the card: the same attempt never charges
 * twice, and a new card is not answered with the old card's decline.
 */
export async function payInvoice(
  stripe: Stripe,
  request: CollectInvoiceRequest,
  invoice: Stripe.Invoice,
): Promise<CollectedInvoice> {
  if (invoice.status === 'paid') return toCollectedInvoice(stripe, invoice.id);
  const card = await cardToCharge(stripe, request.providerCustomerId);
  if (card === null) return toCollectedInvoice(stripe, invoice.id, noCard);
  const step = `pay:${request.attempt ?? 1}:${card.id}`;
  try {
    await createOnce({
      key: `inv:${request.invoiceId}:g${request.generation}:${step}`,
      create: (options) => stripe.invoices.pay(invoice.id, { payment_method: card.id, off_session: true }, options),
      find: async () => {
        const current = await stripe.invoices.retrieve(invoice.id);
        return current.status === 'paid' ? current : undefined;
      },
    });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      return toCollectedInvoice(stripe, invoice.id, failureOf(error));
    }
    // Paid meanwhile, by an earlier call whose answer was lost or by hand: then there is nothing left to do.
    const current =
      error instanceof Stripe.errors.StripeInvalidRequestError && (await stripe.invoices.retrieve(invoice.id));
    if (!current || current.status !== 'paid') throw error;
  }
  return toCollectedInvoice(stripe, invoice.id, pending);
}

/** Says that what is left of an open invoice was paid without Stripe. */
export async function payOutOfBand(stripe: Stripe, invoiceId: string): Promise<CollectedInvoice> {
  try {
    await stripe.invoices.pay(invoiceId, { paid_out_of_band: true });
  } catch (error) {
    // Paid meanwhile, by an earlier call whose answer was lost or by card: it is read as it is now.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if ((await stripe.invoices.retrieve(invoiceId)).status !== 'paid') throw error;
  }
  return toCollectedInvoice(stripe, invoiceId);
}

/** Puts a payment that was made without an invoice against this one, which it pays. */
export async function attachPayment(stripe: Stripe, invoiceId: string, paymentId: string): Promise<CollectedInvoice> {
  try {
    await stripe.invoices.attachPayment(invoiceId, { payment_intent: paymentId });
  } catch (error) {
    // Attached meanwhile, by an earlier call whose answer was lost or one at the same time.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if ((await stripe.invoices.retrieve(invoiceId)).status !== 'paid') throw error;
  }
  return toCollectedInvoice(stripe, invoiceId);
}

const collectedStatuses: readonly CollectedInvoice['status'][] = ['paid', 'open', 'uncollectible'];

/** Where the invoice stands at Stripe now; `failure` is what the attempt ended with, and falls away if it is paid. */
export async function toCollectedInvoice(
  stripe: Stripe,
  invoiceId: string,
  failure: PaymentFailure | null = null,
): Promise<CollectedInvoice> {
  const invoice = await stripe.invoices.retrieve(invoiceId, { expand: ['payments'] });
  const status = collectedStatuses.find((known) => known === invoice.status);
  if (status === undefined) {
    throw new PaymentStateError(`Stripe's invoice ${invoice.id} is ${invoice.status} after an attempt to collect it.`);
  }
  const isPaid = status === 'paid';
  const payment = isPaid || (failure !== null && failure.code !== noCard.code) ? paymentOf(invoice) : null;
  return {
    providerInvoiceId: invoice.id,
    status,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    totalMinor: fromStripeAmount(invoice.total, invoice.currency),
    subtotalMinor: fromStripeAmount(invoice.subtotal, invoice.currency),
    paymentId: payment?.id ?? null,
    paymentMinor: payment?.amountMinor ?? 0n,
    failure: isPaid ? null : failure,
  };
}

function failureOf(error: Stripe.errors.StripeCardError): PaymentFailure {
  return { code: error.decline_code || error.code || 'card_declined', message: error.message };
}

/** The payment that succeeded, or of an invoice that is not paid the one that was tried; null where no card had a part. */
function paymentOf(invoice: Stripe.Invoice): { readonly id: string; readonly amountMinor: bigint } | null {
  const payments = invoice.payments?.data ?? [];
  const payment =
    invoice.status === 'paid'
      ? payments.find(({ status }) => status === 'paid')
      : payments.find(({ is_default }) => is_default);
  const intent = payment?.payment.payment_intent;
  if (!payment || !intent) return null;
  const id = typeof intent === 'object' ? intent.id : intent;
  return { id, amountMinor: fromStripeAmount(payment.amount_paid ?? payment.amount_requested, invoice.currency) };
}
