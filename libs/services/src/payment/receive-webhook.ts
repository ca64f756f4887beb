import type { PaymentProvider } from '#domain';
import { appendToOutbox, insertWebhookIfMissing } from '#persistence';
import type { ServiceContext } from '../context.js';
import { processWebhookMessage } from './payment-jobs.js';

/**
 * Takes in a webhook of the payment provider: once this returns it is safe to answer 2xx, as the event is in the inbox
 * and will be processed. A copy of an event that is there already changes nothing. `clockMovedTo` is where the clock of a
 * simulated provider was moved to, if that is what the event says.
 * @throws WebhookSignatureError `webhook_signature` for one that is forged, altered or stale.
 */
export async function receiveWebhook(
  context: ServiceContext,
  provider: PaymentProvider,
  rawBody: Buffer,
  signatureHeader: string,
): Promise<{ readonly eventId: string; readonly isNew: boolean; readonly clockMovedTo: Date | null }> {
  const event = provider.parseWebhook(rawBody, signatureHeader);
  const receivedAt = context.clock.now();
  const isNew = await context.unitOfWork.inSystem(async (transaction) => {
    const inserted = await insertWebhookIfMissing(transaction, {
      eventId: event.id,
      type: event.type,
      objectId: event.objectId,
      providerCustomerId: event.providerCustomerId,
      providerInvoiceId: event.providerInvoiceId,
      changesCard: event.changesCard,
      receivedAt,
    });
    if (inserted) await appendToOutbox(transaction, processWebhookMessage(context, event.id), receivedAt);
    return inserted;
  });
  const { clockMovedToMs } = event;
  return { eventId: event.id, isNew, clockMovedTo: clockMovedToMs === null ? null : new Date(clockMovedToMs) };
}
