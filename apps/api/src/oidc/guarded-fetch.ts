import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import { TollgateError, judgeUpstreamAddress } from '#domain';
import { Agent, fetch } from 'undici';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1_048_576;

/** A name of the identity provider leads to where it may not be. */
class ProviderAddressError extends TollgateError {
  constructor(host: string, address: string) {
    super(
      'provider_address',
      `${host} leads to ${address}, where no identity provider may be. See ISSUER_ALLOW_PRIVATE.`,
    );
  }
}

/**
 * A `fetch` that reaches only addresses that `judgeUpstreamAddress` allows: a name is looked up once, all its addresses
 * are checked, and the connection goes to one of those. Redirects are not followed. An answer takes 10 s and 1 MiB at most.
 */
export function guardedFetch(allowsPrivate: boolean): typeof globalThis.fetch {
  const isAllowed = (address: string) => judgeUpstreamAddress(address, allowsPrivate) === 'allowed';
  const dispatcher = new Agent({ connect: { lookup: guardedLookup(isAllowed) }, maxResponseSize: MAX_ANSWER_BYTES });
  return (async (input: string | URL, init: object) => {
    const { hostname } = new URL(input);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (net.isIP(host) !== 0 && !isAllowed(host)) throw new ProviderAddressError(host, host);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(input, { ...init, redirect: 'manual', signal, dispatcher });
  }) as unknown as typeof globalThis.fetch;
}

function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !isAllowed(address));
      if (refused) return callback(new ProviderAddressError(hostname, refused.address), '');
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
