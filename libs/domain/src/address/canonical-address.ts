import { readAddress } from './ip-address.js';

const words = new Uint32Array(4);

/**
 * An address in its one form: RFC 5952 for IPv6, and IPv4 never as a mapped address. Null for what is no address. The
 * zone of a link-local address is left out.
 */
export function canonicalAddress(text: string): string | null {
  const family = readAddress(text, words);
  if (family === null) return null;
  if (family === 4) {
    const bits = words[3]!;
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const groups = [...words].flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeros(groups);
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The network that an address is of, where one network is one customer: the address of IPv4, the first 64 bits of IPv6. */
export function networkOf(text: string): string {
  const family = readAddress(text, words);
  if (family === null) return 'unknown';
  if (family === 4) return canonicalAddress(text)!;
  return hex([...words.subarray(0, 2)].flatMap((word) => [word >>> 16, word & 0xffff]));
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
