import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A connection on which a request has been sent and the answer has begun, as it was before: what is written is dropped, as the
 * upstream has it already, and then what the upstream has said so far comes, and what it says from then on.
 */
export class ReplayedConnection extends Duplex {
  private hasBegun = false;
  private isReading = false;

  constructor(
    private readonly socket: Socket,
    private readonly received: Buffer,
  ) {
    super({ autoDestroy: true });
    socket.pause();
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      // What was read of it is still to be taken.
      if (!socket.readableEnded) this.destroy();
    });
  }

  /** Takes what the upstream says further. */
  receive(chunk: Buffer): void {
    if (!this.push(chunk)) this.socket.pause();
  }

  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      setImmediate(() => this.begin());
    }
    done();
  }

  override _read(): void {
    if (this.isReading) this.socket.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  private begin(): void {
    if (this.destroyed) return;
    const { socket } = this;
    this.isReading = true;
    this.push(this.received);
    socket.on('end', () => this.push(null));
    socket.resume();
  }
}
