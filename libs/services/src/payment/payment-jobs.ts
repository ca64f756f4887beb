import type { Invoice } from '#domain';
import type { OutboxMessage } from '#persistence';
import type { ServiceContext } from '../context.js';

const QUEUE = 'payments';

/** Asks for collecting an invoice. Each attempt is a job of its own; queueing the same one twice is harmless. */
export function collectInvoiceMessage(
  context: ServiceContext,
  { id, generation, attempt }: Pick<Invoice, 'id' | 'generation' | 'attempt'>,
): OutboxMessage {
  const retry = attempt === 1 ? '' : `-a${attempt}`;
  return {
    id: context.ids.next(),
    queue: QUEUE,
    jobName: 'collect-invoice',
    jobId: `collect-${id}-g${generation}${retry}`,
    payload: { invoiceId: id },
  };
}

/** Asks for the tax of a draft at the provider; each time is a job of its own. */
export function taxInvoiceMessage(context: ServiceContext, invoiceId: string): OutboxMessage {
  const id = context.ids.next();
  return { id, queue: QUEUE, jobName: 'tax-invoice', jobId: `tax-${invoiceId}-${id}`, payload: { invoiceId } };
}

/** Asks for bringing the provider to what became of an invoice; each time is a job of its own. */
export function settleInvoiceMessage(context: ServiceContext, invoiceId: string): OutboxMessage {
  const id = context.ids.next();
  return {
    id,
    queue: QUEUE,
    jobName: 'settle-invoice',
    jobId: `settle-${invoiceId}-${id}`,
    payload: { invoiceId },
  };
}

/** Asks for a refund at the provider. */
export function refundPaymentMessage(context: ServiceContext, refundId: string): OutboxMessage {
  return {
    id: context.ids.next(),
    queue: QUEUE,
    jobName: 'refund-payment',
    jobId: `refund-${refundId}`,
    payload: { refundId },
  };
}

/** Asks for acting on a webhook that is in the inbox. */
export function processWebhookMessage(context: ServiceContext, eventId: string): OutboxMessage {
  return {
    id: context.ids.next(),
    queue: QUEUE,
    jobName: 'process-webhook',
    jobId: `webhook-${eventId}`,
    payload: { eventId },
  };
}
