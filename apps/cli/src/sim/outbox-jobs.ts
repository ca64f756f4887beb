import type { PaymentProvider } from '#domain';
import { type OutboxMessage, lockWaitingOutbox, markDispatched } from '#persistence';
import {
  type ServiceContext,
  collectInvoice,
  processWebhook,
  refundPayment,
  settleInvoice,
  taxInvoice,
} from '#services';

/** Does the jobs that wait in the outbox, as the worker does those that reach the queue, and those that follow from them; returns how many. */
export async function doOutboxJobs(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  const { unitOfWork, clock } = context;
  for (let done = 0; ;) {
    const messages = await unitOfWork.inSystem(async (transaction) => {
      const waiting = await lockWaitingOutbox(transaction, 100);
      const ids = waiting.map(({ id }) => id);
      await markDispatched(transaction, ids, clock.now());
      return waiting;
    });
    if (messages.length === 0) return done;
    for (const message of messages) await doJob(context, provider, message);
    done += messages.length;
  }
}

async function doJob(
  context: ServiceContext,
  provider: PaymentProvider,
  { jobName, payload }: OutboxMessage,
): Promise<void> {
  if (jobName === 'collect-invoice') await collectInvoice(context, provider, String(payload['invoiceId']));
  else if (jobName === 'tax-invoice') await taxInvoice(context, provider, String(payload['invoiceId']));
  else if (jobName === 'settle-invoice') await settleInvoice(context, provider, String(payload['invoiceId']));
  else if (jobName === 'refund-payment') await refundPayment(context, provider, String(payload['refundId']));
  else if (jobName === 'process-webhook') await processWebhook(context, provider, String(payload['eventId']));
  // Nobody reads it here.
  else if (jobName === 'send-mail') return;
  else throw new Error(`nobody does ${jobName}`);
}
