import { NotFoundError, type PaymentProvider } from '#domain';
import { type ReceivedWebhook, findOrganizationIdOfCustomer, findWebhook, markWebhookProcessed } from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from './apply-provider-invoice.js';
import { CARD_EVENTS } from './card-events.js';
import { applyProviderRefund } from '../refund/reconcile-refunds.js';
import { retryCollection } from './retry-collection.js';

/** Events after which an invoice may be in another state at the provider than here. */
const INVOICE_EVENTS: ReadonlySet<string> = new Set([
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
]);

/** Events after which a refund may be in another state at the provider than here. */
const REFUND_EVENTS: ReadonlySet<string> = new Set(['refund.created', 'refund.updated', 'refund.failed']);

/**
 * Acts on an event of the inbox. What the event says is not believed: the invoice is fetched as it is now, and its state
 * applied, so that copies, delays and shuffled order change nothing. Safe to repeat.
 * @throws NotFoundError `webhook_not_found`
 */
export async function processWebhook(
  context: ServiceContext,
  provider: PaymentProvider,
  eventId: string,
): Promise<'processed' | 'processed_before'> {
  const webhook = await context.unitOfWork.inSystem((transaction) => findWebhook(transaction, eventId));
  if (!webhook) throw new NotFoundError('webhook');
  if (webhook.processedAt) return 'processed_before';
  await act(context, provider, webhook);
  const isFirst = await context.unitOfWork.inSystem((transaction) =>
    markWebhookProcessed(transaction, eventId, context.clock.now()),
  );
  return isFirst ? 'processed' : 'processed_before';
}

async function act(context: ServiceContext, provider: PaymentProvider, webhook: ReceivedWebhook): Promise<void> {
  const { type, objectId, providerCustomerId } = webhook;
  if (INVOICE_EVENTS.has(type) && objectId !== null) await applyProviderInvoice(context, provider, objectId);
  if (REFUND_EVENTS.has(type) && objectId !== null) await applyProviderRefund(context, provider, objectId);
  if (!CARD_EVENTS.includes(type) || providerCustomerId === null) return;
  const organizationId = await context.unitOfWork.inSystem((transaction) =>
    findOrganizationIdOfCustomer(transaction, providerCustomerId),
  );
  if (organizationId) await retryCollection(context, provider, { organizationId, learnedAt: webhook.receivedAt });
}
