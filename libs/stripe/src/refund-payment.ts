import Stripe from 'stripe';
import type { DocumentedRefund, ProviderRefund, RefundRequest, RefundState } from '#domain';
import { createOnce } from './create-once.js';
import { findCreditNote } from './credit-invoice.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

/** What the provider refuses for good: nothing of the charge is left, or its bank has taken the money back. */
const FINAL_CODES: ReadonlySet<string | undefined> = new Set(['charge_already_refunded', 'charge_disputed']);

/**
 * The refund, then the credit note that it is linked to. Each step first looks for what Stripe has by our ids, and each create
 * carries a key made of them: so the whole may stop anywhere and be called again, even long after Stripe has forgotten the keys.
 */
export async function refundPayment(stripe: Stripe, request: RefundRequest): Promise<DocumentedRefund> {
  const refund =
    request.providerRefundId === null
      ? ((await findRefund(stripe, request)) ?? (await createRefund(stripe, request)))
      : await stripe.refunds.retrieve(request.providerRefundId);
  if (!('id' in refund)) return { ...refund, providerCreditNoteId: null };
  const made = toProviderRefund(refund);
  if (made.state === 'failed') return { ...made, providerCreditNoteId: null };
  return { ...made, providerCreditNoteId: await documentRefund(stripe, request, refund) };
}

async function findRefund(
  stripe: Stripe,
  { providerPaymentId, refundId }: RefundRequest,
): Promise<Stripe.Refund | undefined> {
  for await (const refund of stripe.refunds.list({ payment_intent: providerPaymentId, limit: 100 }))
    if (refund.metadata?.['local_refund_id'] === refundId) return refund;
  return undefined;
}

/** The refund, or the outcome of one that Stripe refuses for good. */
async function createRefund(stripe: Stripe, request: RefundRequest): Promise<Stripe.Refund | ProviderRefund> {
  const { refundId, creditNoteId, providerPaymentId, currency, amountMinor } = request;
  try {
    const parameters = {
      payment_intent: providerPaymentId,
      amount: toStripeAmount(amountMinor, currency, `Refund ${refundId}`),
      metadata: { local_refund_id: refundId, local_credit_note_id: creditNoteId },
    };
    return await createOnce({
      key: `re:${refundId}`,
      create: (options) => stripe.refunds.create(parameters, options),
      find: () => findRefund(stripe, request),
    });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if (!FINAL_CODES.has(error.code) && error.param !== 'amount') throw error;
    const failure = { code: error.code ?? 'refund_refused', message: error.message };
    return { providerRefundId: null, refundId, providerPaymentId, amountMinor, state: 'failed', failure };
  }
}

/** The id of the credit note that is linked to the refund; null when Stripe will not make one. */
async function documentRefund(stripe: Stripe, request: RefundRequest, refund: Stripe.Refund): Promise<string | null> {
  const { creditNoteId, providerInvoiceId, reason } = request;
  const amount = toStripeAmount(request.amountMinor, request.currency, `Refund ${request.refundId}`);
  const find = () => findCreditNote(stripe, providerInvoiceId, creditNoteId);
  const found = await find();
  if (found) return found.id;
  const parameters: Stripe.CreditNoteCreateParams = {
    invoice: providerInvoiceId,
    amount,
    refunds: [{ refund: refund.id, amount_refunded: amount }],
    memo: reason,
    email_type: 'none',
    metadata: { local_credit_note_id: creditNoteId },
  };
  try {
    const create = (options: Stripe.RequestOptions) => stripe.creditNotes.create(parameters, options);
    return (await createOnce({ key: `cn:${creditNoteId}:refund`, create, find })).id;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code !== 'idempotency_key_in_use')
      return null;
    throw error;
  }
}

/** A refund of Stripe as the port has it. */
export function toProviderRefund(refund: Stripe.Refund): ProviderRefund {
  const state = stateOf(refund);
  const { payment_intent: intent } = refund;
  const code = refund.failure_reason ?? refund.status ?? 'unknown';
  const message = `The bank of the card did not take the refund (${code.replaceAll('_', ' ')}).`;
  return {
    providerRefundId: refund.id,
    refundId: refund.metadata?.['local_refund_id'] ?? null,
    providerPaymentId: (typeof intent === 'object' ? intent?.id : intent) ?? null,
    amountMinor: fromStripeAmount(refund.amount, refund.currency),
    state,
    failure: state === 'failed' ? { code, message } : null,
  };
}

function stateOf({ status }: Stripe.Refund): RefundState {
  if (status === 'succeeded') return status;
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}
