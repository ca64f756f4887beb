import http, { type IncomingMessage, type RequestListener } from 'node:http';
import http2, {
  type Http2ServerRequest,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface SecureUpstream {
  readonly url: string;
  /** Connections that were made, failed handshakes included. */
  connections: number;
  handle(listener: RequestListener): void;
  /** Switches protocols for who asks by HTTP/1.1, which one with TLS speaks as well. */
  upgrade(listener: (request: IncomingMessage, socket: Duplex) => void): void;
  /** Answers extended CONNECT (RFC 8441), which one by HTTP/2 takes when its settings say so. */
  connect(listener: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void): void;
  close(): Promise<void>;
}

type Kind = 'https' | 'h2' | 'h2c';

/** A real server on localhost by TLS or HTTP/2, that answers "ok". */
export async function startSecureUpstream(kind: Kind, tls: SecureServerOptions = {}): Promise<SecureUpstream> {
  let listener: RequestListener = (request, response) => {
    request.resume();
    response.end('ok');
  };
  const onRequest = (...[request, response]: Parameters<RequestListener>): void => listener(request, response);
  const server = serverOf(kind, tls, onRequest as never);
  const sockets = new Set<Socket>();
  const upstream = {
    url: '',
    connections: 0,
    handle: (other: RequestListener) => void (listener = other),
    upgrade: (other: (request: IncomingMessage, socket: Duplex) => void) => void server.on('upgrade', other),
    connect: (other: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void) => {
      server.removeAllListeners('connect');
      server.on('connect', (request: unknown) => {
        const { stream, headers } = request as Http2ServerRequest;
        other(stream, headers);
      });
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  server.on('connection', (socket: Socket) => {
    upstream.connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  upstream.url = `${kind === 'h2c' ? 'http' : 'https'}://localhost:${port}`;
  return upstream;
}

function serverOf(kind: Kind, tls: SecureServerOptions, onRequest: never): http.Server {
  if (kind === 'https') return https.createServer(tls, onRequest);
  if (kind === 'h2c') return http2.createServer({ settings: tls.settings ?? {} }, onRequest) as unknown as http.Server;
  return http2.createSecureServer({ allowHTTP1: true, ...tls }, onRequest) as unknown as http.Server;
}
