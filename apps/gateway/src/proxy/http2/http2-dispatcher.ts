import type { Socket } from 'node:net';
import type { Dispatcher, buildConnector } from 'undici';
import type { UpstreamDispatch, UpstreamDispatcher } from '../upstream-dispatcher.js';
import { AttemptTimeoutError } from '../upstream-fault.js';
import { Http2Connection } from './http2-connection.js';
import { Http2Exchange } from './http2-exchange.js';
import { UpgradeByHttp1 } from './upgrade-by-http1.js';

/** The upstream does not speak the protocol that its version says. */
export class UpstreamProtocolError extends Error {
  readonly code = 'UPSTREAM_PROTOCOL';
}

interface Waiting {
  readonly request: UpstreamDispatch;
  readonly handler: Dispatcher.DispatchHandler;
}

/** So many requests wait for one connection that is being made. */
const maxWaiting = 100;

interface Attempt {
  readonly waiting: Waiting[];
}

/**
 * Requests to one place by HTTP/2: over TLS where the place is https, with prior knowledge where it is http. A connection
 * carries as many requests at once as the upstream allows; another one is made beyond that.
 */
export class Http2Dispatcher implements UpstreamDispatcher {
  private readonly connections = new Set<Http2Connection>();
  private readonly attempts = new Set<Attempt>();
  private readonly url: URL;
  private isDestroyed = false;
  private isClosing = false;

  constructor(
    private readonly origin: string,
    private readonly connect: buildConnector.connector,
    /** To the same place by HTTP/1.1: there goes what asks for another protocol, if it cannot be had by HTTP/2. */
    private readonly upgrades: UpstreamDispatcher,
  ) {
    this.url = new URL(origin);
  }

  dispatch(request: UpstreamDispatch, handler: Dispatcher.DispatchHandler): void {
    for (const connection of this.connections) if (connection.hasRoom) return this.begin(connection, request, handler);
    for (const { waiting } of this.attempts)
      if (waiting.length < maxWaiting) return void waiting.push({ request, handler });
    this.open({ waiting: [{ request, handler }] });
  }

  /** Connections end when their last answer has. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const connection of this.connections) connection.leave();
    await this.upgrades.close();
  }

  async destroy(): Promise<void> {
    this.isDestroyed = true;
    for (const connection of this.connections) connection.destroy();
    await this.upgrades.destroy();
  }

  private open(attempt: Attempt): void {
    this.attempts.add(attempt);
    const { protocol, hostname, host, port } = this.url;
    const target = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port };
    this.connect(target as buildConnector.Options, (...[error, socket]: buildConnector.CallbackArgs) => {
      this.attempts.delete(attempt);
      const fault = error ?? (this.isDestroyed ? new Error('the gateway stops') : protocolFault(socket, protocol));
      if (fault) {
        socket?.destroy();
        for (const { request, handler } of attempt.waiting)
          if (request.upgrade && fault instanceof UpstreamProtocolError) this.upgrades.dispatch(request, handler);
          else fail(handler, fault);
        return;
      }
      const connection = new Http2Connection(this.origin, socket!, () => this.connections.delete(connection));
      this.connections.add(connection);
      for (const { request, handler } of attempt.waiting)
        if (connection.hasRoom) this.begin(connection, request, handler);
        else this.dispatch(request, handler);
      if (this.isClosing) connection.leave();
    });
  }

  private begin(connection: Http2Connection, request: UpstreamDispatch, handler: Dispatcher.DispatchHandler): void {
    if (!request.upgrade) return new Http2Exchange(connection, request, handler).start(this.url);
    connection.whenSettled(request.headersTimeout, (verdict) => {
      switch (verdict) {
        case 'connect':
          if (!connection.hasRoom) return this.dispatch(request, handler);
          return new Http2Exchange(connection, request, handler).start(this.url);
        case 'no_connect':
          return void this.upgrades.dispatch(request, new UpgradeByHttp1(handler));
        case 'silent':
          return fail(handler, new AttemptTimeoutError('the upstream has sent no settings'));
      }
    });
  }
}

function protocolFault(socket: Socket | null, protocol: string): Error | null {
  const agreed = (socket as { alpnProtocol?: string | false } | null)?.alpnProtocol;
  if (protocol === 'http:' || agreed === 'h2') return null;
  return new UpstreamProtocolError(`the upstream speaks ${agreed || 'no HTTP/2'}`);
}

function fail(handler: Dispatcher.DispatchHandler, error: Error): void {
  handler.onResponseError?.(null as never, error);
}
