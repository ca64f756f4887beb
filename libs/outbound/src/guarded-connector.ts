import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import { judgeUpstreamAddress } from '#domain';
import { buildConnector } from 'undici';
import { OutboundAddressError } from './outbound-address-error.js';

/** Looks a name up: all its addresses, as `dns.lookup` does. */
export type LookupAll = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/**
 * Connects for undici, but to no address that `judgeUpstreamAddress` objects to: link-local ones and those of clouds'
 * metadata never, private ones and this machine only with `allowsPrivate`. A name is looked up once, all its addresses are
 * checked, and the connection is made to one of those: a name that changes in between gains nothing. What is refused ends
 * with an `OutboundAddressError`.
 */
export function guardedConnector(
  options: buildConnector.BuildOptions,
  allowsPrivate: boolean,
  lookup: LookupAll = dns.lookup,
): buildConnector.connector {
  const isAllowed = (address: string): boolean => judgeUpstreamAddress(address, allowsPrivate) === 'allowed';
  const connect = buildConnector({ ...options, lookup: guardedLookup(isAllowed, lookup) });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    if (net.isIP(host) === 0 || isAllowed(host)) return connect(target, callback);
    callback(new OutboundAddressError(host, host), null);
  };
}

function guardedLookup(isAllowed: (address: string) => boolean, lookup: LookupAll): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !isAllowed(address));
      if (refused) return callback(new OutboundAddressError(hostname, refused.address), '');
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
