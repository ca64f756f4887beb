import { AddressRanges } from './address-ranges.js';
import { readAddress } from './ip-address.js';

/** What is wrong with an address as an upstream; `allowed` when nothing is. */
export type UpstreamAddressVerdict = 'allowed' | 'not_an_address' | 'forbidden' | 'private';

/** Link-local, where clouds keep their metadata services; their other addresses; and what is no single machine. */
const forbidden = AddressRanges.of([
  '0.0.0.0/8',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.0.0/16',
  '192.0.0.192',
  '224.0.0.0/3',
  '::',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::/10',
  'ff00::/8',
]);

const privateRanges = AddressRanges.of([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::1',
  'fc00::/7',
  'fec0::/10',
]);

/**
 * Whether requests of a publisher may be sent to an address. An address of IPv6 that stands for one of IPv4 (mapped,
 * compatible, NAT64, 6to4) is judged as that one.
 */
export function judgeUpstreamAddress(address: string, allowsPrivate: boolean): UpstreamAddressVerdict {
  const family = readAddress(address, words);
  if (family === null) return 'not_an_address';
  const meant = family === 6 ? embeddedIpv4() : null;
  const judged = meant ?? address;
  if (forbidden.has(address) || forbidden.has(judged)) return 'forbidden';
  if (!allowsPrivate && (privateRanges.has(address) || privateRanges.has(judged))) return 'private';
  return 'allowed';
}

const words = new Uint32Array(4);

/** The address of IPv4 in the last one that was read, when that is only another way to write it. */
function embeddedIpv4(): string | null {
  const [first, second, third, last] = words as unknown as readonly [number, number, number, number];
  const isNat64 = first === 0x64_ff9b && second === 0 && third === 0;
  const isCompatible = first === 0 && second === 0 && third === 0 && last > 1;
  if (isNat64 || isCompatible) return dotted(last);
  if (first >>> 16 === 0x2002) return dotted(((first & 0xffff) * 65_536 + (second >>> 16)) >>> 0);
  return null;
}

function dotted(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}
