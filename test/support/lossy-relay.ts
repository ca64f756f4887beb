import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server on which answers can be lost. */
export interface LossyRelay {
  readonly url: string;
  /** The bodies that came through, in their order. */
  readonly bodies: { readonly bytes: Buffer; readonly headers: http.IncomingHttpHeaders }[];
  /** Breaks the connection instead of giving the next answer, which the server has given by then. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

/** Passes requests on to a server, whole, and its answers back. */
export async function startLossyRelay(targetUrl: string): Promise<LossyRelay> {
  let isLosing = false;
  const bodies: LossyRelay['bodies'] = [];
  const relay = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const { method, headers, url } = request;
      bodies.push({ bytes, headers });
      const onward = http.request(targetUrl + url, { method, headers, agent: false }, (answer) => {
        if (isLosing) {
          isLosing = false;
          answer.resume().on('end', () => request.socket.resetAndDestroy());
          return;
        }
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => request.socket.destroy());
      onward.end(bytes);
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    bodies,
    loseNextAnswer: () => (isLosing = true),
    close: () =>
      new Promise((resolve) => {
        relay.close(() => resolve());
        relay.closeAllConnections();
      }),
  };
}
