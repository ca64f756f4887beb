import { withoutCredentials } from './api-version-view.js';

/**
 * Gives addresses that came back from whoever edits them their passwords again: one that is what was shown of a stored address is that
 * address, any other is what it says.
 */
export function storedPasswords(stored: readonly string[]): (address: string) => string {
  const hidden = new Map(stored.map((address) => [asUrl(withoutCredentials(address)), address] as const));
  return (address) => hidden.get(asUrl(address)) ?? address;
}

/** One text for an address with and without the slash of an empty path. */
function asUrl(address: string): string {
  return URL.parse(address)?.href ?? address;
}
