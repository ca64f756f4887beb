import Stripe from 'stripe';
import { PaymentStateError, type CreateCheckoutRequest, type ProviderCheckout } from '#domain';
import { toStripeAmount } from './stripe-amount.js';

/** A page in payment mode over one line: Stripe gives its payment to no invoice, so that ours is attached to it afterwards. */
export async function createCheckout(
  stripe: Stripe,
  request: CreateCheckoutRequest,
): Promise<{ readonly url: string; readonly sessionId: string }> {
  const { invoiceId, title } = request;
  const currency = request.currency.toLowerCase();
  const metadata = { local_invoice_id: invoiceId };
  const { id, url } = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      allowed_payment_method_types: ['card'],
      customer: request.providerCustomerId,
      client_reference_id: invoiceId,
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency,
            unit_amount: toStripeAmount(request.amountMinor, currency, `Invoice ${invoiceId}`),
            product_data: { name: title },
          },
        },
      ],
      metadata,
      payment_intent_data: { description: title, metadata },
      success_url: request.successUrl,
      cancel_url: request.cancelUrl,
    },
    { idempotencyKey: `checkout:${invoiceId}` },
  );
  if (url === null) throw new PaymentStateError(`Stripe's checkout session ${id} of invoice ${invoiceId} has no page.`);
  return { url, sessionId: id };
}

export async function retrieveCheckout(stripe: Stripe, sessionId: string): Promise<ProviderCheckout> {
  const {
    status,
    payment_status: payment,
    payment_intent: intent,
  } = await stripe.checkout.sessions.retrieve(sessionId);
  if (status === 'expired') return { state: 'expired' };
  if (status !== 'complete' || payment !== 'paid') return { state: 'open' };
  if (intent === null) throw new PaymentStateError(`Stripe's checkout session ${sessionId} is paid by no payment.`);
  return { state: 'paid', providerPaymentId: typeof intent === 'object' ? intent.id : intent };
}

export async function expireCheckout(stripe: Stripe, sessionId: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(sessionId);
  } catch (error) {
    // It has ended meanwhile, one way or the other.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if ((await stripe.checkout.sessions.retrieve(sessionId)).status === 'open') throw error;
  }
}
