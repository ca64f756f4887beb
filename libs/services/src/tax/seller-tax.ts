import { ConflictError, NotFoundError, type Seller, type TaxSource } from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  findSeller,
  findUntaxableProduct,
  lockSeller,
  saveSeller,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface SetSellerTaxInput {
  readonly sellerSlug: string;
  readonly tax: TaxSource;
  readonly actor: Actor;
}

/**
 * Says who computes the taxes of a seller's invoices that are made from now on: it by its rates, or the payment provider.
 * @throws NotFoundError `seller_not_found`; ConflictError `seller_tax_refused` while the provider rates usage of its products
 */
export function setSellerTax(context: ServiceContext, { sellerSlug, tax, actor }: SetSellerTaxInput): Promise<Seller> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockSeller(transaction, sellerSlug);
    const seller = await findSeller(transaction, sellerSlug);
    if (!seller) throw new NotFoundError('seller');
    if (seller.tax === tax) return seller;
    const changed = { ...seller, tax };
    await saveSeller(transaction, changed);
    await requireTaxableProducts(transaction);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'set_tax',
      noun: 'seller',
      nounId: sellerSlug,
      details: { from: seller.tax, to: tax },
      createdAt: context.clock.now(),
    });
    return changed;
  });
}

/**
 * Of one invoice either the provider rates the usage, or it computes the tax: a price that it rates is a line for each tier there and
 * one here, and the taxes of both could differ by a cent. Call it after what could break that.
 * @throws ConflictError `seller_tax_refused`
 */
export async function requireTaxableProducts(transaction: Transaction): Promise<void> {
  const found = await findUntaxableProduct(transaction);
  if (!found) return;
  throw new ConflictError(
    'seller_tax_refused',
    `Stripe computes the taxes of seller "${found.seller}", so it cannot rate usage of its product "${found.product}" too: ` +
      'publish a version of the plan without rating: stripe and move its subscribers to it, or tax by own rates (tax: own).',
  );
}
