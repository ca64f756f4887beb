import type { Socket } from 'node:net';
import type { DirectExchange } from './direct-exchange.js';
import { readInPlace } from '../../read-in-place.js';
import { ReplayedConnection } from './replayed-connection.js';

/** Thrown at an upstream that ends a connection on which an answer is due. */
class ConnectionEndedError extends Error {
  readonly code = 'UND_ERR_SOCKET';
}

/** What a connection needs of whoever keeps it. */
export interface ConnectionKeeper {
  /** It can have another request. */
  onIdle(connection: DirectConnection, keepAliveMs: number | null): void;
  onClosed(connection: DirectConnection): void;
  /** What has come on it is for a full implementation of HTTP. */
  onUnusual(connection: ReplayedConnection, exchange: DirectExchange): void;
}

/** A connection to an upstream, with one request at a time. */
export class DirectConnection {
  /** When it is given up, as long as nobody uses it. */
  idleUntilMs = 0;
  private current: DirectExchange | null = null;
  private replayed: ReplayedConnection | null = null;

  constructor(
    private readonly keeper: ConnectionKeeper,
    readonly socket: Socket,
  ) {
    readInPlace(socket, this.onData);
    socket.on('end', this.onEnd);
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
  }

  send(exchange: DirectExchange): void {
    this.current = exchange;
    if (exchange.begin(this)) exchange.sendOn(this.socket);
    else if (!this.socket.destroyed) this.release(true);
  }

  /** The answer is whole. `isClean`: nothing came after it. */
  release(isClean: boolean): void {
    const exchange = this.current!;
    this.current = null;
    if (!isClean) return void this.socket.destroy();
    if (exchange.paused) this.socket.resume();
    this.keeper.onIdle(this, exchange.keepAliveMs);
  }

  drop(reason: Error): void {
    this.current = null;
    if (this.replayed !== null) this.replayed.destroy(reason);
    else this.socket.destroy();
  }

  checkTime(nowMs: number): void {
    if (this.current !== null) this.current.checkTime(nowMs);
    else if (nowMs > this.idleUntilMs) this.socket.destroy();
  }

  private handOver(exchange: DirectExchange, received: Buffer): void {
    const { socket } = this;
    socket.off('end', this.onEnd);
    socket.off('error', this.onError);
    socket.off('close', this.onClose);
    this.current = null;
    exchange.handOver();
    const replayed = new ReplayedConnection(socket, Buffer.from(received));
    readInPlace(socket, (chunk) => replayed.receive(Buffer.from(chunk)));
    this.replayed = replayed;
    this.keeper.onClosed(this);
    this.keeper.onUnusual(replayed, exchange);
  }

  private readonly onData = (chunk: Buffer): void => {
    const exchange = this.current;
    // It says something unasked: whatever that is, it is no answer to what comes next.
    if (exchange === null) return void this.socket.destroy();
    try {
      const unusual = exchange.read(chunk);
      if (unusual !== null) this.handOver(exchange, unusual);
    } catch (error) {
      this.current = null;
      this.socket.destroy();
      exchange.crash(error as Error);
    }
  };

  private readonly onEnd = (): void => {
    this.end(new ConnectionEndedError('the upstream has ended the connection'));
  };

  private readonly onError = (error: Error): void => {
    this.end(error);
  };

  private readonly onClose = (): void => {
    this.keeper.onClosed(this);
    this.end(new ConnectionEndedError('the connection to the upstream was closed'));
  };

  private end(error: Error): void {
    const exchange = this.current;
    this.current = null;
    this.socket.destroy();
    exchange?.fail(error);
  }
}
