import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import { judgeUpstreamAddress } from '#domain';
import { buildConnector } from 'undici';

/** An upstream's name leads to an address where no upstream may be. */
export class UpstreamAddressError extends Error {
  readonly code = 'UPSTREAM_ADDRESS';

  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, where no upstream may be`);
  }
}

/**
 * Connects to upstreams, but to no address that `judgeUpstreamAddress` objects to. Names are looked up once, all their
 * addresses are checked, and the connection is made to one of those: a name that changes in between gains nothing.
 */
export function guardedConnector(
  options: buildConnector.BuildOptions,
  allowsPrivate: boolean,
): buildConnector.connector {
  const isAllowed = (address: string): boolean => judgeUpstreamAddress(address, allowsPrivate) === 'allowed';
  const connect = buildConnector({ ...options, lookup: guardedLookup(isAllowed) });
  return (target, callback) => {
    const { hostname } = target;
    if (net.isIP(hostname) === 0 || isAllowed(hostname)) return connect(target, callback);
    callback(new UpstreamAddressError(hostname, hostname), null);
  };
}

function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !isAllowed(address));
      if (refused) return callback(new UpstreamAddressError(hostname, refused.address), '');
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
