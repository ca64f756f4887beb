import type { Socket } from 'node:net';
import { peerOf, type TrustedForwarding } from '../peer/peer.js';

/** How much a caller may take up, and how slow it may be. */
export interface ConnectionBounds {
  /** Of the head of a request. */
  readonly maxHeaderBytes: number;
  /** From the first byte of a request to the end of its header fields. */
  readonly headersTimeoutMs: number;
  /** Between two requests. Longer than most load balancers keep theirs, so that they close first. */
  readonly idleTimeoutMs: number;
  /** Of a request's body, as long as we read it. */
  readonly minBodyBytesPerSecond: number;
  /** How long the pace is watched before it is judged; a caller may take nothing of an answer for thirty times as long. */
  readonly paceWindowMs: number;
  /** Of all callers together. */
  readonly maxConnections: number;
  /** Of one address; 0 for no bound. Our own load balancers have none. */
  readonly maxConnectionsPerAddress: number;
}

export const defaultConnectionBounds: ConnectionBounds = {
  maxHeaderBytes: 32 * 1024,
  headersTimeoutMs: 15_000,
  idleTimeoutMs: 75_000,
  minBodyBytesPerSecond: 240,
  paceWindowMs: 10_000,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 0,
};

/** Counts the connections of each address, whatever they speak. */
export class ConnectionCount {
  private readonly byAddress = new Map<string, number>();

  constructor(
    /** 0 for no bound. */
    private readonly maxPerAddress: number,
    private readonly trusted: TrustedForwarding,
  ) {}

  /** False for one too many; the others are counted until they close. */
  admit(socket: Socket): boolean {
    if (this.maxPerAddress === 0) return true;
    const { address, forwarding } = peerOf(socket, this.trusted);
    if (forwarding !== null) return true;
    const count = this.byAddress.get(address) ?? 0;
    if (count >= this.maxPerAddress) return false;
    this.byAddress.set(address, count + 1);
    socket.once('close', () => this.forget(address));
    return true;
  }

  private forget(address: string): void {
    const count = this.byAddress.get(address)! - 1;
    if (count === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, count);
  }
}
