import { NotFoundError, type PaymentProvider, isLastingRefusal } from '#domain';
import {
  type ReceivedWebhook,
  findOrganizationIdOfCustomer,
  findWebhook,
  markWebhookFailed,
  markWebhookProcessed,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from './apply-provider-invoice.js';
import { applyProviderCheckout } from '../checkout/reconcile-checkouts.js';
import { applyProviderDispute } from '../dispute/reconcile-disputes.js';
import { applyProviderRefund, applyRefundsOfCharge } from '../refund/reconcile-refunds.js';
import { USAGE_ERROR_EVENTS, recordUsageErrors } from '../metered/record-usage-errors.js';
import type { PaymentAlarms } from './payment-alarms.js';
import { type ProviderTry, TRIES_OF_A_REFUSAL } from './provider-try.js';
import { retryCollection } from './retry-collection.js';

/**
 * Events after which an invoice may be in another state at the provider than here. What Tollgate does itself, such as making,
 * changing and finalizing invoices, is told by events too, and is known already.
 */
const INVOICE_EVENTS: ReadonlySet<string> = new Set([
  'invoice.paid',
  'invoice.payment_succeeded',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.finalization_failed',
  'invoice.overdue',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'invoice_payment.paid',
  'credit_note.created',
  'credit_note.voided',
]);

/** Events after which a page for paying may be over. */
const CHECKOUT_EVENTS: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
]);

/** Events after which a refund may be in another state at the provider than here. */
const REFUND_EVENTS: ReadonlySet<string> = new Set(['refund.created', 'refund.updated', 'refund.failed']);

/** Events after which a dispute may be in another state at the provider than here. */
const DISPUTE_EVENTS: ReadonlySet<string> = new Set([
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]);

/**
 * Acts on an event of the inbox. What the event says is not believed: the invoice is fetched as it is now, and its state
 * applied, so that copies, delays and shuffled order change nothing. Why it failed is kept. Safe to repeat. `given_up`: the provider
 * still refuses with the `TRIES_OF_A_REFUSAL`th try, as what the event tells of is gone there; it stays in the inbox to be replayed.
 * @throws NotFoundError `webhook_not_found`; whatever acting on it throws
 */
export async function processWebhook(
  context: ServiceContext,
  provider: PaymentProvider,
  eventId: string,
  { alarms = null, tries = 1 }: ProviderTry = {},
): Promise<'processed' | 'processed_before' | 'given_up'> {
  const webhook = await context.unitOfWork.inSystem((transaction) => findWebhook(transaction, eventId));
  if (!webhook) throw new NotFoundError('webhook');
  if (webhook.processedAt) return 'processed_before';
  try {
    await act(context, provider, webhook, alarms);
  } catch (error) {
    const failure = { triedAt: context.clock.now(), error: error instanceof Error ? error.message : String(error) };
    await context.unitOfWork.inSystem((transaction) => markWebhookFailed(transaction, eventId, failure));
    if (tries >= TRIES_OF_A_REFUSAL && isLastingRefusal(error)) return 'given_up';
    throw error;
  }
  const isFirst = await context.unitOfWork.inSystem((transaction) =>
    markWebhookProcessed(transaction, eventId, context.clock.now()),
  );
  return isFirst ? 'processed' : 'processed_before';
}

async function act(
  context: ServiceContext,
  provider: PaymentProvider,
  webhook: ReceivedWebhook,
  alarms: PaymentAlarms | null,
): Promise<void> {
  const { type, objectId, providerInvoiceId, providerCustomerId, changesCard } = webhook;
  if (INVOICE_EVENTS.has(type) && providerInvoiceId !== null)
    await applyProviderInvoice(context, provider, providerInvoiceId);
  if (CHECKOUT_EVENTS.has(type) && objectId !== null) await applyProviderCheckout(context, provider, objectId, alarms);
  if (REFUND_EVENTS.has(type) && objectId !== null) await applyProviderRefund(context, provider, objectId, alarms);
  if (type === 'charge.refunded' && objectId !== null) await applyRefundsOfCharge(context, provider, objectId, alarms);
  if (DISPUTE_EVENTS.has(type) && objectId !== null) await applyProviderDispute(context, provider, objectId, alarms);
  if (USAGE_ERROR_EVENTS.has(type)) await recordUsageErrors(context, provider, webhook.eventId, alarms);
  if (!changesCard || providerCustomerId === null) return;
  const organizationId = await context.unitOfWork.inSystem((transaction) =>
    findOrganizationIdOfCustomer(transaction, providerCustomerId),
  );
  if (organizationId) await retryCollection(context, provider, { organizationId, learnedAt: webhook.receivedAt });
}
