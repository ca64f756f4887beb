import net from 'node:net';

/** Bytes that a client lets its own machine hold. */
const receiveBytes = 32 * 1024;

/** Clients that take an answer a little at a time, and come again when they are cut off. */
export class SlowReaders {
  bytes = 0;
  /** How often one was cut off. */
  cuts = 0;
  private readonly sockets = new Set<net.Socket>();
  private isOver = false;

  constructor(
    private readonly port: number,
    private readonly head: string,
    private readonly pauseMs: number,
  ) {}

  get open(): number {
    return this.sockets.size;
  }

  /** So many more clients. */
  async start(clients: number): Promise<void> {
    for (let count = 0; count < clients; count++) {
      this.connect();
      // Not all in the same instant: the queue of a listening socket is short.
      if (count % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  end(): void {
    this.isOver = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private connect(): void {
    const socket: net.Socket = net.connect({
      port: this.port,
      host: '127.0.0.1',
      onread: { buffer: Buffer.alloc(receiveBytes), callback: (size) => this.onRead(socket, size) },
    });
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.isOver) return;
      this.cuts++;
      this.connect();
    });
    socket.write(this.head);
  }

  /** Takes no more for a while. */
  private onRead(socket: net.Socket, size: number): boolean {
    this.bytes += size;
    setTimeout(() => socket.resume(), this.pauseMs);
    socket.pause();
    return true;
  }
}
