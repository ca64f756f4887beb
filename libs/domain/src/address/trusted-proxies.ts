import { InvalidError } from '../problem/tollgate-error.js';
import { AddressRanges, addressRangeFault } from './address-ranges.js';

/**
 * The proxies whose word about the caller's address is taken: those of `TRUSTED_PROXIES`.
 * @throws InvalidError `trusted_proxies_invalid` that names the setting
 */
export function trustedProxies(ranges: readonly string[]): AddressRanges {
  for (const range of ranges) {
    const fault = addressRangeFault(range);
    if (fault) throw new InvalidError('trusted_proxies_invalid', `TRUSTED_PROXIES: "${range}": ${fault}.`);
  }
  return AddressRanges.of(ranges);
}
