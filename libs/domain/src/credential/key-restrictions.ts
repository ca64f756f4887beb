import { addressRangeFault } from '../address/address-ranges.js';
import { InvalidError } from '../problem/tollgate-error.js';

/** From where and for what a key works; an empty list restricts nothing. */
export interface KeyRestrictions {
  /** Addresses and CIDR blocks of both families. */
  readonly allowedAddresses: readonly string[];
  /** Slugs of API products. */
  readonly products: readonly string[];
  /** Selectors as meters use them: an operation id, `tag:NAME`, `METHOD /template`, or `*`. */
  readonly operations: readonly string[];
}

const MAX_ENTRIES = 100;
const SELECTOR_MAX_LENGTH = 200;
const SLUG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The restrictions in the form in which they are kept: trimmed, each entry once; null when nothing is restricted.
 * @throws InvalidError `address_range_invalid`, `scope_invalid`, `too_many_restrictions`
 */
export function normalizeRestrictions(restrictions: Partial<KeyRestrictions>): KeyRestrictions | null {
  const { allowedAddresses = [], products = [], operations = [] } = restrictions;
  const normalized = {
    allowedAddresses: once(allowedAddresses),
    products: once(products),
    operations: once(operations),
  };
  for (const [list, entries] of Object.entries(normalized)) {
    if (entries.length > MAX_ENTRIES)
      throw new InvalidError(
        'too_many_restrictions',
        `${list}: at most ${MAX_ENTRIES} entries, not ${entries.length}.`,
      );
  }
  for (const address of normalized.allowedAddresses) {
    const fault = addressRangeFault(address);
    if (fault !== null) throw new InvalidError('address_range_invalid', `allowedAddresses: "${address}": ${fault}.`);
  }
  const slug = normalized.products.find((text) => !SLUG.test(text));
  if (slug !== undefined) throw new InvalidError('scope_invalid', `products: "${slug}" is no slug of an API product.`);
  const selector = normalized.operations.find((text) => text.length > SELECTOR_MAX_LENGTH);
  if (selector !== undefined) {
    throw new InvalidError('scope_invalid', `operations: a selector has at most ${SELECTOR_MAX_LENGTH} characters.`);
  }
  const isEmpty = Object.values(normalized).every((entries) => entries.length === 0);
  return isEmpty ? null : normalized;
}

function once(entries: readonly string[]): string[] {
  return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}
