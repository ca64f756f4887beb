import dns from 'node:dns';
import type { LookupAll } from './guarded-connector.js';

export interface DnsLookupOptions {
  /** For a whole look-up, in milliseconds. */
  readonly timeoutMs: number;
  /** `address:port` of name servers; those of the system without it. */
  readonly servers?: readonly string[];
}

/**
 * Looks names up at name servers, for the guarded connector: A and AAAA at once, within the time. `dns.lookup` has four
 * threads for the whole process, which whoever owns a name could hold with a name server that never answers; this has none.
 * It does not read the hosts file, but for localhost.
 */
export function dnsLookup({ timeoutMs, servers }: DnsLookupOptions): LookupAll {
  return (hostname, options, callback) => {
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) return dns.lookup(hostname, options, callback);
    const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries: 1 });
    if (servers) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    void Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]).then(([four, six]) => {
      clearTimeout(timer);
      const addresses = [
        ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ];
      if (addresses.length > 0) return callback(null, addresses);
      callback((four as PromiseRejectedResult).reason as NodeJS.ErrnoException, []);
    });
  };
}
