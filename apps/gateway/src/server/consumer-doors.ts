import type { GatewayCore } from '../gateway-core.js';
import { type ConnectionBounds, ConnectionCount } from './connection-bounds.js';
import { Http2Server } from './http2-server.js';
import { type GiveConnection, type HttpServer, createHttpServer } from './http-server.js';
import { listen, stopListening } from './listen.js';
import type { TcpHandle } from './tcp-handle.js';
import { TlsListener, type TlsListenerOptions } from './tls-listener.js';

export interface ConsumerDoorsOptions {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** HTTPS; absent: none. */
  readonly tls?: { readonly port: number } & Pick<TlsListenerOptions, 'folder' | 'watchMs'>;
  readonly bounds: ConnectionBounds;
  /** The time of day. */
  readonly machineMs: () => number;
}

/** Where consumers call: HTTP, and HTTPS with HTTP/2 where there are certificates. */
export class ConsumerDoors {
  port = 0;
  /** Null without HTTPS. */
  tlsPort: number | null = null;
  private readonly http: HttpServer;
  private readonly http2Server: Http2Server;
  private readonly tlsListener: TlsListener | null;

  constructor(
    gateway: GatewayCore,
    private readonly options: ConsumerDoorsOptions,
  ) {
    const { bounds, tls, machineMs } = options;
    const count = new ConnectionCount(bounds.maxConnectionsPerAddress, gateway.trustedForwarding);
    const http = createHttpServer(gateway, bounds, count, machineMs);
    const http2Server = new Http2Server(gateway, bounds);
    this.http = http;
    this.http2Server = http2Server;
    this.tlsListener = tls
      ? new TlsListener({
          ...tls,
          log: gateway.log,
          maxConnections: bounds.maxConnections,
          onHttp1: (socket) => http.server.emit('connection', socket),
          onHttp2: (socket) => (count.admit(socket) ? http2Server.accept(socket) : socket.destroy()),
        })
      : null;
  }

  /** @throws GatewayStartError `port_unavailable`, `tls_certificate_missing` */
  async open(): Promise<void> {
    const { host, port, tls } = this.options;
    await this.tlsListener?.load();
    this.port = await listen(this.http.server, host, port, 'GATEWAY_PORT', true);
    if (tls) this.tlsPort = await listen(this.tlsListener!.server, host, tls.port, 'GATEWAY_TLS_PORT', true);
  }

  /** Undoes `open`, however far that came. */
  close(): void {
    this.http.server.close();
    this.tlsListener?.stopWatching();
  }

  /** Reads the certificates anew. */
  async reload(): Promise<void> {
    await this.tlsListener?.reload();
  }

  /** Takes no new connections, and tells the callers of those that are there to take their next requests elsewhere. */
  drain(): void {
    stopListening(this.http.server);
    if (this.tlsListener) {
      stopListening(this.tlsListener.server);
      this.tlsListener.stopWatching();
    }
    this.http2Server.announceEnd();
  }

  /** Lets go of every connection that another process can take, which is one without TLS on which nothing is under way. Returns when they are gone. */
  giveAway(give: GiveConnection): Promise<void> {
    return this.http.giveAway(give);
  }

  /** Goes on with a connection that another process has let go of. */
  takeOver(handle: TcpHandle, isKept: boolean): void {
    this.http.takeOver(handle, isKept);
  }

  /** Ends every connection; those of HTTP/2 when their answers have left. */
  endConnections(): void {
    this.http2Server.close();
    this.http.server.closeIdleConnections();
    this.http.server.closeAllConnections();
  }

  destroy(): void {
    this.http2Server.destroy();
  }
}
