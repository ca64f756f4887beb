import type { SendHandle } from 'node:child_process';
import type { TcpHandle } from '../server/tcp-handle.js';

/** What a gateway process tells its supervisor when it serves. */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly adminPort: number;
}

/** What a gateway process is told whose successor is ready: to drain, and to give its idle connections back. */
export interface LeaveMessage {
  readonly kind: 'leave';
}

/** Comes with a connection: from a process that leaves, and to the one that goes on with it. */
export interface ConnectionMessage {
  readonly kind: 'connection';
  /** There was a request on it. */
  readonly isKept: boolean;
}

export type Message = ReadyMessage | LeaveMessage | ConnectionMessage;

export function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return message.kind === 'ready' || message.kind === 'leave' || message.kind === 'connection';
}

/** A process at the other end of a channel. */
interface Channel {
  send?(message: object, handle: SendHandle, onSent: (error: Error | null) => void): boolean;
}

/** Sends a connection away. It is then the receiver's; when nobody can have it, it is closed. Returns when it has been sent. */
export function sendConnection(to: Channel, handle: TcpHandle, isKept: boolean): Promise<void> {
  return new Promise((resolve) => {
    const onSent = (): void => {
      handle.close();
      resolve();
    };
    const message: ConnectionMessage = { kind: 'connection', isKept };
    // Node sends handles of TCP as they are, as its own cluster does; its types know only sockets, which would read first.
    if (to.send) to.send(message, handle as unknown as SendHandle, onSent);
    else onSent();
  });
}
