import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request as the upstream got it. */
export interface UpstreamRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface TestUpstream {
  readonly url: string;
  readonly requests: UpstreamRequest[];
  /** What answers from now on; it gets requests before their bodies are read. */
  handle(listener: RequestListener): void;
  /** What answers requests for another protocol from now on; until then they are requests like any. */
  upgrade(listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  /** Answers 200 with this JSON again, after it has read the body: the behaviour at first. */
  answer(status?: number, body?: string, headers?: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

/** A real HTTP server in the place of a publisher's API; on a free port of 127.0.0.1 unless told otherwise. */
export async function startUpstream(host = '127.0.0.1', port = 0): Promise<TestUpstream> {
  const requests: UpstreamRequest[] = [];
  let listener: RequestListener;
  const server = http.createServer((request, response) => listener(request, response));
  const sockets = new Set<Duplex>();
  const answer: TestUpstream['answer'] = (status = 200, body = '{"ok":true}', headers = {}) => {
    listener = (request, response) =>
      void record(request).then(
        () => reply(response, status, body, headers),
        () => response.destroy(),
      );
  };
  async function record(request: IncomingMessage): Promise<void> {
    const { method = '', url = '', headers, rawHeaders } = request;
    const entry = { method, url, headers, rawHeaders, body: '' };
    requests.push(entry);
    for await (const chunk of request) entry.body += String(chunk);
  }
  answer();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    handle: (other) => (listener = other),
    upgrade: (other) => {
      server.removeAllListeners('upgrade');
      server.on('upgrade', (request, socket, head) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
        other(request, socket, head);
      });
    },
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
