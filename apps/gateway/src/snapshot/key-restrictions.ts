import { AddressRanges, type KeyRestrictions } from '#domain';

/** A key's restrictions in the form in which requests ask them; null where nothing is restricted. */
export interface KeyRestrictionsEntry {
  readonly addresses: AddressRanges | null;
  /** Slugs. */
  readonly products: ReadonlySet<string> | null;
  /** Selectors of operations. */
  readonly operations: readonly string[] | null;
  /** As the control plane wrote them. */
  readonly record: KeyRestrictions;
}

export function compileRestrictions(record: KeyRestrictions): KeyRestrictionsEntry {
  const { allowedAddresses, products, operations } = record;
  return {
    addresses: allowedAddresses.length === 0 ? null : AddressRanges.of(allowedAddresses),
    products: products.length === 0 ? null : new Set(products),
    operations: operations.length === 0 ? null : operations,
    record,
  };
}
