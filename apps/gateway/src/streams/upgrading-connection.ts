import type { Socket } from 'node:net';

/** What a client may send before it is told that the protocol is switched. */
const maxEarlyBytes = 64 * 1024;

/** The connection of a client that has asked for WebSocket and waits: what it sends early is kept, up to a bound. */
export class UpgradingConnection {
  private early: Buffer[];
  private earlyBytes: number;

  constructor(
    private readonly socket: Socket,
    head: Buffer,
  ) {
    this.early = head.length > 0 ? [head] : [];
    this.earlyBytes = head.length;
    socket.on('error', () => undefined);
    socket.on('end', this.onEnd);
    // Without reading, nobody would see that the client goes away.
    socket.on('data', this.onData);
  }

  /** Gives the connection to somebody else: all bytes that came are ahead of those to come. */
  handOver(): void {
    const { socket, early } = this;
    socket.off('data', this.onData);
    socket.off('end', this.onEnd);
    socket.pause();
    this.early = [];
    if (early.length > 0) socket.unshift(Buffer.concat(early));
  }

  private readonly onData = (chunk: Buffer): void => {
    this.early.push(chunk);
    this.earlyBytes += chunk.length;
    if (this.earlyBytes > maxEarlyBytes) this.socket.pause();
  };

  private readonly onEnd = (): void => {
    this.socket.destroy();
  };
}
