import { NotFoundError } from '#domain';
import {
  type Actor,
  type ReceivedWebhook,
  type WebhookState,
  appendToAuditLog,
  appendToOutbox,
  listWebhooks,
  reopenWebhook,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { processWebhookMessage } from './payment-jobs.js';

/** Messages of the payment provider, the newest first; a page of them. */
export function readWebhooks(
  context: ServiceContext,
  page: { readonly state: WebhookState | null; readonly before: string | null; readonly limit: number },
): Promise<ReceivedWebhook[]> {
  return context.unitOfWork.inSystem((transaction) => listWebhooks(transaction, page));
}

/** How a message stands: acted on, failed at the last try, or waiting for the first. */
export function webhookState({ processedAt, error }: ReceivedWebhook): WebhookState {
  if (processedAt) return 'processed';
  return error === null ? 'waiting' : 'failed';
}

/**
 * Has a message acted on once more, by a job of its own. It is harmless: what is fetched then is applied, whatever the message
 * said.
 * @throws NotFoundError `webhook_not_found`
 */
export function replayWebhook(
  context: ServiceContext,
  { eventId, actor }: { readonly eventId: string; readonly actor: Actor },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await reopenWebhook(transaction, eventId))) throw new NotFoundError('webhook');
    const at = context.clock.now();
    const message = processWebhookMessage(context, eventId);
    await appendToOutbox(transaction, { ...message, jobId: `${message.jobId}-${message.id}` }, at);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'replayed',
      noun: 'webhook',
      nounId: eventId,
      createdAt: at,
    });
  });
}
