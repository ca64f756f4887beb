import { ConflictError, NotFoundError, type PaymentProvider } from '#domain';
import { type Actor, type Checkout, findOpenCheckout } from '#persistence';
import { followCheckout, leaveCheckout } from '../checkout/follow-checkout.js';
import type { ServiceContext } from '../context.js';

/**
 * Gives up credits that were to be paid on a page: nobody can pay there any more, and their invoice is void.
 * @throws NotFoundError `credit_purchase_not_found` when there is no such page; ConflictError `credit_purchase_paid`
 */
export async function giveUpPurchase(
  context: ServiceContext,
  provider: PaymentProvider,
  purchase: { readonly organizationId: string; readonly invoiceId: string; readonly actor: Actor },
): Promise<void> {
  const { invoiceId, actor } = purchase;
  const { providerSessionId } = await requirePage(context, purchase);
  if (providerSessionId === null) return leaveCheckout(context, invoiceId, actor);
  await provider.expireCheckout(providerSessionId);
  const outcome = await followCheckout(context, provider, { invoiceId, providerSessionId }, { actor });
  if (outcome !== 'left')
    throw new ConflictError('credit_purchase_paid', 'It was paid meanwhile: the credits are there in a moment.');
}

/**
 * The open page of a purchase of this organization.
 * @throws NotFoundError `credit_purchase_not_found`
 */
export async function requirePage(
  context: ServiceContext,
  { organizationId, invoiceId }: { readonly organizationId: string; readonly invoiceId: string },
): Promise<Checkout> {
  const checkout = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findOpenCheckout(transaction, invoiceId),
  );
  if (!checkout) throw new NotFoundError('credit purchase');
  return checkout;
}
