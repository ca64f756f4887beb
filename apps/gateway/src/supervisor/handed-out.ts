import type { ChildProcess, SendHandle } from 'node:child_process';
import type { TcpHandle } from '../server/tcp-handle.js';
import { type ConnectionMessage, sendConnection } from './messages.js';

/** How Node's cluster hands a new connection to a process. That one says with `ack` that it has come; before, it reads nothing of it. */
export interface NewConnectionMessage {
  readonly cmd: 'NODE_CLUSTER';
  readonly act: 'newconn';
  /** Names the listening server. */
  readonly key: string;
  /** Numbers are Node's, texts ours. */
  readonly seq: number | string;
}

/** A connection, and what is said when it is handed to a process. */
export interface HandedConnection {
  readonly handle: TcpHandle;
  readonly message: NewConnectionMessage | ConnectionMessage;
}

/** What a process said last is read within this time after its end. */
const readWithinMs = 50;

/**
 * Watches the connections that are handed to a process until they have come. Node's cluster holds its copy of a connection
 * until the process has it, and for ever when the process dies before: the caller would wait and hear nothing.
 */
export class HandedOut {
  private readonly waiting = new Map<number | string | TcpHandle, HandedConnection>();
  private again = 0;

  /** `onLost` gets each connection that had not come when the process was gone, to close or to hand to another. */
  constructor(
    private readonly process: ChildProcess,
    onLost: (connection: HandedConnection) => void,
  ) {
    this.watchNode();
    process.once('exit', () =>
      setTimeout(() => {
        const lost = [...this.waiting.values()];
        this.waiting.clear();
        for (const connection of lost) onLost(connection);
      }, readWithinMs),
    );
  }

  /** Hands it to the process. A new one that the process does not want, as it has as many as it may, is closed. */
  hand(connection: HandedConnection): void {
    const { handle, message } = connection;
    if ('kind' in message) {
      this.waiting.set(handle, connection);
      void sendConnection(this.process, handle, message.isKept).then(() => this.waiting.delete(handle));
    } else {
      this.process.send({ ...message, seq: `again-${++this.again}` }, handle as unknown as SendHandle);
    }
  }

  /** Node tells nobody but the process what it hands out, and us nothing of the answers. */
  private watchNode(): void {
    const { process, waiting } = this;
    const send = process.send.bind(process) as (...values: unknown[]) => boolean;
    process.send = (...values: unknown[]): boolean => {
      const [message, handle] = values;
      if (handle && isNewConnection(message)) waiting.set(message.seq, { handle: handle as TcpHandle, message });
      return send(...values);
    };
    process.on('internalMessage', ({ ack }: { readonly ack?: number | string }) => {
      if (ack === undefined) return;
      // Node closes its own, or gives those that are not wanted to another process.
      if (typeof ack === 'string') waiting.get(ack)?.handle.close();
      waiting.delete(ack);
    });
  }
}

function isNewConnection(message: unknown): message is NewConnectionMessage {
  return typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn';
}
