import { type Invoice, NotFoundError, type PaymentProvider, type ProviderInvoice, isUuid } from '#domain';
import {
  type ReceivedWebhook,
  findInvoiceByProviderId,
  findOrganizationIdOfCustomer,
  findWebhook,
  lockInvoice,
  markWebhookProcessed,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { CARD_EVENTS } from './card-events.js';
import { collectAtProvider } from './collect-invoice.js';
import { recordInvoiceState } from './record-collection.js';
import { retryCollection } from './retry-collection.js';

/** Events after which an invoice may be in another state at the provider than here. */
const INVOICE_EVENTS: ReadonlySet<string> = new Set([
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
]);

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
  if (INVOICE_EVENTS.has(type) && objectId !== null) await applyInvoice(context, provider, objectId);
  if (!CARD_EVENTS.includes(type) || providerCustomerId === null) return;
  const organizationId = await context.unitOfWork.inSystem((transaction) =>
    findOrganizationIdOfCustomer(transaction, providerCustomerId),
  );
  if (organizationId) await retryCollection(context, provider, { organizationId, learnedAt: webhook.receivedAt });
}

async function applyInvoice(
  context: ServiceContext,
  provider: PaymentProvider,
  providerInvoiceId: string,
): Promise<void> {
  const found = await provider.retrieveInvoice(providerInvoiceId);
  const invoice = await findOurs(context, found);
  if (!invoice) return;
  switch (found.status) {
    case 'draft':
    case 'open':
      // Nothing has been decided yet; what an attempt comes to is recorded by whoever makes it.
      return;
    case 'paid':
      if (invoice.state !== 'paid') await collectAtProvider(context, provider, invoice);
      return;
    case 'void':
      return recordInvoiceState(context, invoice.id, 'void', { providerInvoiceId });
    case 'uncollectible':
      return recordInvoiceState(context, invoice.id, 'past_due', {
        providerInvoiceId,
        failureCode: 'uncollectible',
        failureMessage: 'The payment provider has given up collecting this invoice.',
        failedAt: context.clock.now(),
      });
  }
}

/** By the id at the provider, else by the id of ours that the provider keeps: ours may not know of it yet. */
function findOurs(context: ServiceContext, { providerInvoiceId, metadata }: ProviderInvoice): Promise<Invoice | null> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await findInvoiceByProviderId(transaction, providerInvoiceId);
    if (invoice) return invoice;
    const localId = metadata['local_invoice_id'] ?? '';
    const claimed = isUuid(localId) ? await lockInvoice(transaction, localId) : null;
    return claimed?.generation === Number(metadata['generation']) ? claimed : null;
  });
}
