import { selectsOperation } from '#domain';
import type { OperationEntry, ProductEntry } from '../snapshot/catalog.js';
import type { KeyRestrictionsEntry } from '../snapshot/key-restrictions.js';

export type RestrictionVerdict = 'unrestricted' | 'address_not_allowed' | 'operation_not_in_scope';

/** Whether a key with restrictions works from this address and for this operation. */
export function checkRestrictions(
  { addresses, operations }: KeyRestrictionsEntry,
  clientAddress: string,
  { route }: OperationEntry,
): RestrictionVerdict {
  if (addresses !== null && !addresses.has(clientAddress)) return 'address_not_allowed';
  if (operations !== null && !operations.some((selector) => selectsOperation(selector, route)))
    return 'operation_not_in_scope';
  return 'unrestricted';
}

/** Whether the key may be used for this product of its application's. */
export function isInScope(restrictions: KeyRestrictionsEntry | null, product: ProductEntry): boolean {
  return restrictions === null || restrictions.products === null || restrictions.products.has(product.slug);
}
