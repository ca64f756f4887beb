import type { Socket } from 'node:net';
import { type AddressRanges, canonicalAddress } from '#domain';

/** Who is at the other end of a connection; found out once for each. */
export interface Peer {
  /** In its one form; "unknown" when the connection was gone before it could be asked for. */
  readonly address: string;
  /** The same as an element of `Forwarded`. */
  readonly forwardedFor: string;
  readonly scheme: 'http' | 'https';
  /** Null unless the peer is a proxy of ours: then the field that it keeps, and the others like it. */
  readonly forwarding: TrustedForwarding | null;
}

/** From whom, and from which field, the address of the caller is taken. */
export interface TrustedForwarding {
  readonly proxies: AddressRanges;
  readonly header: 'x-forwarded-for' | 'forwarded';
}

export function peerOf(socket: Socket, trusted: TrustedForwarding): Peer {
  const address = canonicalAddress(socket.remoteAddress ?? '') ?? 'unknown';
  return {
    address,
    forwardedFor: forwardedFor(address),
    scheme: 'encrypted' in socket ? 'https' : 'http',
    forwarding: trusted.proxies.has(address) ? trusted : null,
  };
}

/** An address as an element of `Forwarded` (RFC 7239 §6). */
export function forwardedFor(address: string): string {
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`;
}
