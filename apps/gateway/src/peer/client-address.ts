import { canonicalAddress } from '#domain';
import type { Exchange } from '../exchange.js';
import { isAuthority } from '../routing/request-target.js';
import { parseForwarded } from './forwarded-field.js';
import type { Peer, TrustedForwarding } from './peer.js';

/** What is known of the way of a request before it came to us. */
export interface Forwarding {
  /** The nearest address that is no proxy of ours. */
  readonly clientAddress: string;
  /** From the caller to the peer, each hop once: for `X-Forwarded-For`. */
  readonly addresses: readonly string[];
  /** How the caller spoke to the first of our proxies. */
  readonly scheme: 'http' | 'https';
  /** The host that it asked for; null when there is none. */
  readonly host: string | null;
}

/**
 * Address of the caller, in its one form: the peer's, or what a proxy of TRUSTED_PROXIES says of it. Everything that
 * goes by address (rules, limits, logs, forwarding) takes it from here.
 */
export function clientAddress(exchange: Exchange): string {
  return exchange.peer.forwarding === null ? exchange.peer.address : forwardingOf(exchange).clientAddress;
}

/** The whole way of the request, as far as it can be trusted. */
export function forwardingOf(exchange: Exchange): Forwarding {
  exchange.forwarding ??= readForwarding(exchange.peer, exchange.head.rawHeaders, exchange.authority);
  return exchange.forwarding;
}

/** The same from the raw header fields of a request; `authority` is what it asked for. */
export function readForwarding(peer: Peer, rawHeaders: readonly string[], authority: string | null): Forwarding {
  const { address, scheme, forwarding } = peer;
  if (forwarding === null) return { clientAddress: address, addresses: [address], scheme, host: authority };
  const hops = forwarding.header === 'forwarded' ? hopsOfForwarded(rawHeaders) : hopsOfXForwarded(rawHeaders);
  const known = untilUntrusted(hops, forwarding);
  const first = hops.at(-known.length);
  return {
    clientAddress: known[0] ?? address,
    addresses: [...known, address],
    scheme: first?.scheme === 'http' || first?.scheme === 'https' ? first.scheme : scheme,
    host: first?.host !== undefined && isAuthority(first.host) ? first.host : authority,
  };
}

/** What a proxy says of the hop before it, as it was written. */
interface Hop {
  readonly address: string;
  readonly scheme: string | undefined;
  readonly host: string | undefined;
}

/** The nearest last. The scheme and the host are said once for all. */
function hopsOfXForwarded(rawHeaders: readonly string[]): readonly Hop[] {
  const scheme = fieldOf(rawHeaders, 'x-forwarded-proto').trim().toLowerCase();
  const host = fieldOf(rawHeaders, 'x-forwarded-host').trim();
  return fieldOf(rawHeaders, 'x-forwarded-for')
    .split(',')
    .map((address) => ({ address, scheme, host }));
}

function hopsOfForwarded(rawHeaders: readonly string[]): readonly Hop[] {
  return parseForwarded(fieldOf(rawHeaders, 'forwarded')).map((element) => ({
    address: element.get('for') ?? '',
    scheme: element.get('proto')?.toLowerCase(),
    host: element.get('host'),
  }));
}

/** The addresses from the caller on, the nearest last; ends at the first that is no proxy of ours, or no address. */
function untilUntrusted(hops: readonly Hop[], { proxies }: TrustedForwarding): string[] {
  const known: string[] = [];
  for (const hop of hops.toReversed()) {
    const address = addressOf(hop.address.trim());
    if (address === null) break;
    known.push(address);
    if (!proxies.has(address)) break;
  }
  return known.toReversed();
}

/** An address with or without a port; some proxies add one. */
function addressOf(hop: string): string | null {
  const match = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(hop);
  return canonicalAddress(match ? (match[1] ?? match[2]!) : hop);
}

/** All values of a field as one list. */
function fieldOf(rawHeaders: readonly string[], lowerCaseName: string): string {
  let value = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    value += `${value && ','}${rawHeaders[index + 1]}`;
  }
  return value;
}
