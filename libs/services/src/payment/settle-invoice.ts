import { type Invoice, type PaymentProvider, collectedMinor, isInvoiceIssued } from '#domain';
import { type ListedInvoice, findPayer, listMeteredInvoiceIds, lockCollectedTogether } from '#persistence';
import type { ServiceContext } from '../context.js';
import { collectAtProvider, readInvoice } from './collect-invoice.js';
import { dropDraft } from './drop-draft.js';
import { releaseJoined } from './plan-collection.js';
import { recordCollection } from './record-collection.js';

/**
 * Brings the payment provider to what became of an invoice here: its credit notes are added, it is paid without a card, given
 * up or void there too. Charges nothing. Looks at what there is first: it may stop anywhere and be repeated, also at the same
 * time. What the provider was paid meanwhile is recorded. Errors of the provider leave everything for another call.
 * @throws NotFoundError `invoice_not_found`
 */
export async function settleInvoice(
  context: ServiceContext,
  provider: PaymentProvider,
  invoiceId: string,
): Promise<Invoice['state']> {
  const invoice = await readInvoice(context, invoiceId);
  const { state, paymentMethod } = invoice;
  // The provider never hears of an invoice that is paid by transfer, and no more of one that it has as paid for good.
  if (!isInvoiceIssued(state)) return state;
  if (paymentMethod === 'transfer' || collectedMinor(invoice) === 0n) {
    await dropDraft(context, provider, invoice);
    return state;
  }
  if (invoice.chargedBackMinor > 0n) return state;
  if (invoice.carriedAt !== null) return settleCarried(context, provider, invoice);
  if (state === 'void') {
    await voidAtProvider(context, provider, invoice);
    return state;
  }
  // What it was paid by is not theirs: they wait for another one.
  if (state === 'paid' && invoice.carriedInMinor > 0n) await release(context, invoiceId);
  await collectAtProvider(context, provider, invoice, state === 'paid' ? 'out_of_band' : 'wait');
  const { state: stateNow, providerInvoiceId } = await readInvoice(context, invoiceId);
  if (stateNow === 'uncollectible' && providerInvoiceId !== null) await provider.markUncollectible(providerInvoiceId);
  return stateNow;
}

function release(context: ServiceContext, invoiceId: string): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { invoice, joined } = await lockCollectedTogether(transaction, invoiceId);
    if (invoice?.state === 'paid') await releaseJoined(context, transaction, invoice, joined);
  });
}

/** The provider has nothing of one that was carried, but for the draft of usage that it has rated: that ends over nothing. */
async function settleCarried(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: ListedInvoice,
): Promise<Invoice['state']> {
  const { id, state, providerInvoiceId } = invoice;
  if (state !== 'paid' || providerInvoiceId !== null) return state;
  const metered = await context.unitOfWork.inSystem((transaction) => listMeteredInvoiceIds(transaction, [id]));
  if (metered.has(id)) await collectAtProvider(context, provider, invoice, 'wait');
  return state;
}

async function voidAtProvider(context: ServiceContext, provider: PaymentProvider, invoice: Invoice): Promise<void> {
  const payer = await context.unitOfWork.inOrganization(invoice.organizationId, (transaction) =>
    findPayer(transaction, invoice.organizationId),
  );
  // Whoever is not known there has no invoice there either.
  if (!payer || payer.providerCustomerId === null) return;
  const { providerCustomerId } = payer;
  const paid = await provider.voidInvoice({ invoiceId: invoice.id, providerCustomerId });
  if (paid) await recordCollection(context, invoice, paid);
}
