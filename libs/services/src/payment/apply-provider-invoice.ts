import { type Invoice, type PaymentProvider, type ProviderInvoice, isUuid } from '#domain';
import { findInvoiceByProviderId, lockInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { collectAtProvider, readInvoice } from './collect-invoice.js';
import { recordInvoiceState } from './record-collection.js';

/**
 * Fetches an invoice as the provider has it now and follows it: paid, void and given up become ours too, when ours may
 * still go there. An invoice that is none of ours is passed over.
 */
export async function applyProviderInvoice(
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
      // What a bank has taken back stays paid there.
      if (invoice.state !== 'paid' && invoice.chargedBackMinor === 0n)
        await collectAtProvider(context, provider, await readInvoice(context, invoice.id), 'wait');
      return;
    case 'void':
    case 'uncollectible':
      return recordInvoiceState(context, invoice.id, found.status, providerInvoiceId);
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
