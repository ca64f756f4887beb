import type { Exchange } from '../exchange.js';
import { forwardingOf } from '../peer/client-address.js';
import { forwardedFor } from '../peer/peer.js';

/**
 * Adds how the request came to us: the addresses from the caller to the peer, and how the caller spoke to the first of
 * our proxies, as `X-Forwarded-*` and as `Forwarded` (RFC 7239). Nothing of it is taken from whom we do not trust.
 */
export function pushForwarding(headers: string[], exchange: Exchange): void {
  const { peer, authority } = exchange;
  if (peer.forwarding === null) return push(headers, peer.address, peer.forwardedFor, peer.scheme, authority, '');
  const { addresses, scheme, host } = forwardingOf(exchange);
  const [first, ...proxies] = addresses.map(forwardedFor);
  push(headers, addresses.join(', '), first!, scheme, host, proxies.map((element) => `, ${element}`).join(''));
}

function push(
  headers: string[],
  addresses: string,
  first: string,
  scheme: string,
  host: string | null,
  rest: string,
): void {
  headers.push('x-forwarded-for', addresses, 'x-forwarded-proto', scheme);
  if (host === null) headers.push('forwarded', `${first};proto=${scheme}${rest}`);
  else headers.push('x-forwarded-host', host, 'forwarded', `${first};proto=${scheme};host="${host}"${rest}`);
}
