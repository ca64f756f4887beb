import type { KeyRestrictions } from '../api/credentials.js';
import type { Credential } from '../api/types.js';

/** What a key is bound to, in a few words; null for nothing. */
export function restrictionWords({ restrictions }: Pick<Credential, 'restrictions'>): string | null {
  if (restrictions === null) return null;
  const { allowedAddresses, products, operations } = restrictions;
  const parts = [
    count(allowedAddresses.length, 'address', 'addresses'),
    count(products.length, 'product', 'products'),
    count(operations.length, 'operation', 'operations'),
  ];
  return `Only ${parts.filter((part) => part !== null).join(', ')}`;
}

/** What a key is bound to, to be edited. */
export function restrictionsOf({ restrictions }: Pick<Credential, 'restrictions'>): KeyRestrictions {
  return {
    allowedAddresses: [...(restrictions?.allowedAddresses ?? [])],
    products: [...(restrictions?.products ?? [])],
    operations: [...(restrictions?.operations ?? [])],
  };
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}
