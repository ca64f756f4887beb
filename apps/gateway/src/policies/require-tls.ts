import type { TransportPolicy } from '#domain';
import type { Exchange } from '../exchange.js';
import { forwardingOf } from '../peer/client-address.js';
import { isAuthority, hostOf } from '../routing/request-target.js';

/** Whether a call came by HTTPS, or else where it is sent. */
export type TransportVerdict = 'secure' | 'plain' | { readonly location: string };

/** Looks at how the caller spoke to us, or to the first of our proxies. */
export function requireTls(policy: TransportPolicy, exchange: Exchange): TransportVerdict {
  const { scheme, host } = forwardingOf(exchange);
  if (scheme === 'https') return 'secure';
  if (policy.plainHttp === 'refuse' || host === null || !isAuthority(host)) return 'plain';
  const port = policy.httpsPort === 443 ? '' : `:${policy.httpsPort}`;
  return { location: `https://${hostOf(host)}${port}${exchange.path}${exchange.query}` };
}
