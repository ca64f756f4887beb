import { judgeUpstreamAddress } from '#domain';

/** Names of the metadata services of clouds, and of machines of the operator's own. */
const METADATA_NAME = /^(metadata|instance-data)(\.google\.internal|\.ec2\.internal)?\.?$/i;
const LOCAL_NAME = /(^|\.)localhost\.?$/i;

/**
 * Why publishers may not have an upstream there, as far as the URL says; null when they may. Gateways check the address
 * of a name again when they connect, as it may change.
 */
export function upstreamFault(url: string, allowsPrivate: boolean): string | null {
  // The parser turns all ways to write an address of IPv4 (octal, one number, …) into the usual one.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const verdict = METADATA_NAME.test(host) ? 'forbidden' : judgeUpstreamAddress(host, allowsPrivate);
  switch (verdict) {
    case 'allowed':
      return null;
    case 'forbidden':
      return `${host} is a link-local, metadata or multicast address, where no upstream can be.`;
    case 'not_an_address':
      return !allowsPrivate && LOCAL_NAME.test(host) ? privateFault(host) : null;
    case 'private':
      return privateFault(host);
  }
}

/** Why an upstream may not have these TLS settings; null when it may. */
export function upstreamTlsFault(url: string, isVerified: boolean, allowsUnverified: boolean): string | null {
  if (!url.startsWith('https:')) return 'only an https upstream has TLS.';
  if (isVerified || allowsUnverified) return null;
  return 'verify: false is for tests. An operator can allow it by UPSTREAM_ALLOW_UNVERIFIED_TLS=true.';
}

function privateFault(host: string): string {
  return `${host} is in a private network. An operator can allow that by UPSTREAM_ALLOW_PRIVATE=true.`;
}
