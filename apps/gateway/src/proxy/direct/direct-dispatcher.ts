import type { Socket } from 'node:net';
import { Client, type Dispatcher, Pool, type buildConnector } from 'undici';
import { withoutUnaskedContinue } from '../unasked-continue.js';
import type { UpstreamDispatch, UpstreamDispatcher } from '../upstream-dispatcher.js';
import { type ConnectionKeeper, DirectConnection } from './direct-connection.js';
import { DirectExchange } from './direct-exchange.js';
import { writePlainDispatch } from './plain-dispatch.js';
import { type ReadingOptions, readingInPlace } from '../../read-in-place.js';
import type { ReplayedConnection } from './replayed-connection.js';

const checkMs = 250;
/** An upstream says how long it keeps a connection; so much earlier it is not used any more. */
const keepAliveMarginMs = 2_000;
const maxKeepAliveMs = 600_000;
/** After so many unusual answers, and as long as they are the most, the upstream is left to undici. */
const maxUnusual = 16;

/**
 * Requests to one place over plain HTTP/1.1. Those without a body or with a short one that is there, and their answers with a
 * declared length, are written and read here, for a fraction of the work. undici has all other requests from the start, and
 * an answer that is unusual in any way is read by undici as well, from its first byte: there is one place that decides about
 * those.
 */
export class DirectDispatcher implements UpstreamDispatcher, ConnectionKeeper {
  /** Of a monotonic clock, as it was when it was looked at last. */
  private nowMs = performance.now();
  private readonly url: URL;
  private readonly host: string;
  private readonly connect: buildConnector.connector;
  private readonly pool: Pool;
  private readonly connections = new Set<DirectConnection>();
  /** Of answers that are read by undici. */
  private readonly clients = new Set<Client>();
  private readonly idle: DirectConnection[] = [];
  private waiting: DirectExchange[] = [];
  private readonly timer: NodeJS.Timeout;
  private usual = 0;
  private unusual = 0;
  private isDestroyed = false;
  /** Connections that are being made. */
  private opening = 0;
  /** Told when all has ended; null while more may be sent. */
  private closing: PromiseWithResolvers<void> | null = null;

  constructor(
    private readonly origin: string,
    connector: (options: ReadingOptions) => buildConnector.connector,
    private readonly keepAliveMs: number,
  ) {
    this.url = new URL(origin);
    this.host = this.url.host;
    this.connect = connector(readingInPlace);
    const connect = withoutUnaskedContinue(connector({}));
    this.pool = new Pool(origin, { connect, keepAliveTimeout: keepAliveMs, allowH2: false });
    this.timer = setInterval(() => this.checkTime(), checkMs).unref();
  }

  dispatch(request: UpstreamDispatch, handler: Dispatcher.DispatchHandler): void {
    const isUnusual = this.unusual >= maxUnusual && this.unusual > this.usual;
    const head = isUnusual ? null : writePlainDispatch(request, this.host);
    if (head === null) return void this.pool.dispatch(request as Dispatcher.DispatchOptions, handler);
    // What an idle connection has to say, or that it has ended, is heard before it is used: see `flush`.
    if (this.waiting.push(new DirectExchange(request, handler, head)) === 1) setImmediate(this.flush);
  }

  async close(): Promise<void> {
    this.closing ??= Promise.withResolvers();
    for (const { socket } of this.idle) socket.destroy();
    await Promise.all([this.closing.promise, this.pool.close()]);
  }

  async destroy(): Promise<void> {
    this.isDestroyed = true;
    clearInterval(this.timer);
    this.closing?.resolve();
    for (const { socket } of this.connections) socket.destroy();
    await Promise.all([this.pool, ...this.clients].map((dispatcher) => dispatcher.destroy()));
  }

  onIdle(connection: DirectConnection, keepAliveMs: number | null): void {
    this.usual++;
    const lastsMs = keepAliveMs === null ? this.keepAliveMs : Math.min(keepAliveMs - keepAliveMarginMs, maxKeepAliveMs);
    if (lastsMs <= 0 || this.closing !== null) return void connection.socket.destroy();
    connection.idleUntilMs = this.nowMs + lastsMs;
    this.idle.push(connection);
  }

  onClosed(connection: DirectConnection): void {
    this.connections.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index !== -1) this.idle.splice(index, 1);
  }

  onUnusual(connection: ReplayedConnection, { request, handler }: DirectExchange): void {
    this.unusual++;
    let isTaken = false;
    const client = new Client(this.origin, {
      allowH2: false,
      connect: withoutUnaskedContinue((_options, done) => {
        const fault = isTaken ? new Error('the connection has ended') : null;
        isTaken = true;
        // undici does not expect the answer before it has asked to the end.
        queueMicrotask(() => (fault ? done(fault, null) : done(null, connection as unknown as Socket)));
      }),
    });
    client.dispatch(request as Dispatcher.DispatchOptions, handler);
    this.clients.add(client);
    client
      .close()
      .catch(() => undefined)
      .finally(() => this.clients.delete(client));
  }

  /** Sends what has gathered in this turn of the event loop, after everything that has come in it was read. */
  private readonly flush = (): void => {
    const exchanges = this.waiting;
    this.waiting = [];
    for (const exchange of exchanges) {
      const connection = this.takeIdle();
      if (connection === null) this.open(exchange);
      else connection.send(exchange);
    }
  };

  private takeIdle(): DirectConnection | null {
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      const { socket, idleUntilMs } = connection;
      if (!socket.destroyed && socket.readable && socket.writable && idleUntilMs > this.nowMs) return connection;
      socket.destroy();
    }
    return null;
  }

  private open(exchange: DirectExchange): void {
    if (this.isDestroyed) return exchange.fail(new Error('the gateway has stopped'));
    const { protocol, hostname, host, port } = this.url;
    const target = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port };
    this.opening++;
    this.connect(target as buildConnector.Options, (...[error, socket]: buildConnector.CallbackArgs) => {
      this.opening--;
      if (error) return exchange.handler.onResponseError?.(null as never, error);
      if (this.isDestroyed) socket!.destroy();
      const connection = new DirectConnection(this, socket!);
      this.connections.add(connection);
      connection.send(exchange);
    });
  }

  private checkTime(): void {
    this.nowMs = performance.now();
    for (const connection of this.connections) connection.checkTime(this.nowMs);
    if (this.closing === null || this.waiting.length + this.opening + this.connections.size + this.clients.size > 0)
      return;
    clearInterval(this.timer);
    this.closing.resolve();
  }
}
