import type { Invoice } from '#domain';
import type { Actor } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What all entries say that an invoice makes in the balance of its payer. */
export function invoiceEntry(
  context: ServiceContext,
  { id, organizationId, sellerSlug, currency }: Invoice,
  actor: Actor,
) {
  return {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    invoiceId: id,
    adjustmentId: null,
    creditNoteId: null,
    refundId: null,
    actor,
    createdAt: context.clock.now(),
  };
}

/** The order in which balances of several payers are written, whoever writes them: nobody waits for each other then. */
export function byPayer(one: Pick<Invoice, 'organizationId'>, other: Pick<Invoice, 'organizationId'>): number {
  return one.organizationId < other.organizationId ? -1 : one.organizationId > other.organizationId ? 1 : 0;
}
