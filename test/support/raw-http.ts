import net from 'node:net';

/** A connection on which bytes are written as they are given. */
export class RawConnection {
  received = '';
  isClosed = false;
  private readonly watchers = new Set<() => void>();

  private constructor(readonly socket: net.Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.tell();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.tell();
    });
  }

  static open(origin: string): Promise<RawConnection> {
    const { hostname, port } = new URL(origin);
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname, () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.join('\r\n'), 'latin1');
  }

  /** Waits until all that was received holds `text`. */
  until(text: string): Promise<string> {
    return this.when(() => this.received.includes(text), `"${text}"`);
  }

  untilClosed(): Promise<string> {
    return this.when(() => this.isClosed, 'the end');
  }

  private when(isDone: () => boolean, what: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`${what} did not come; got: ${this.received}`)), 5_000);
      const check = (): void => {
        if (isDone()) finish(null);
        else if (this.isClosed) finish(new Error(`closed before ${what}; got: ${this.received}`));
      };
      const finish = (error: Error | null): void => {
        clearTimeout(timer);
        this.watchers.delete(check);
        if (error) reject(error);
        else resolve(this.received);
      };
      this.watchers.add(check);
      check();
    });
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}
