import dns from 'node:dns';
import { callbackify } from 'node:util';
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
export function dnsLookup(options: DnsLookupOptions): LookupAll {
  const ask = callbackify((hostname: string) => askNameServers(hostname, options));
  return (hostname, how, callback) => {
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) return dns.lookup(hostname, how, callback);
    ask(hostname, (error, addresses) => callback(error, addresses ?? []));
  };
}

async function askNameServers(
  hostname: string,
  { timeoutMs, servers }: DnsLookupOptions,
): Promise<dns.LookupAddress[]> {
  const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), timeoutMs);
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  clearTimeout(timer);
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (addresses.length === 0) throw (four as PromiseRejectedResult).reason;
  return addresses;
}
