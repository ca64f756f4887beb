import { type ApiProduct, InvalidError, TAX_CODE_FORM } from '#domain';
import { type Actor, saveApiProduct } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findOwnProduct } from '../plan/own-plan.js';
import { changedFields } from './catalog-change.js';
import { changeCatalog } from './change-catalog.js';

export interface SetTaxCodeInput {
  /** Its slug. */
  readonly product: string;
  /** Null: as the account at the payment provider says. */
  readonly taxCode: string | null;
  readonly publisherUserId: string;
  readonly actor: Actor;
}

/**
 * Says as what the payment provider taxes a product of a person's publisher teams, where it computes the tax: invoices that are made from
 * now on have it.
 * @throws InvalidError `tax_code_invalid`; NotFoundError `product_not_found`, also for one of other publishers
 */
export function setTaxCode(
  context: ServiceContext,
  { product: slug, taxCode, publisherUserId, actor }: SetTaxCodeInput,
): Promise<void> {
  if (taxCode !== null && !TAX_CODE_FORM.test(taxCode))
    throw new InvalidError(
      'tax_code_invalid',
      'taxCode: expected a code of https://docs.stripe.com/tax/tax-codes, such as txcd_10103001, or null.',
    );
  return changeCatalog(context, actor, async ({ transaction, changes }) => {
    const product = await findOwnProduct(transaction, { slug, publisherUserId });
    if (product.taxCode === taxCode) return;
    const changed: ApiProduct = { ...product, taxCode };
    await saveApiProduct(transaction, changed);
    changes.push({ action: 'update', noun: 'API product', name: slug, fields: changedFields(product, changed) });
  });
}
