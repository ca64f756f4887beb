import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivered {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: { readonly id: string; readonly type: string; readonly pending_webhooks: number };
}

/** A webhook endpoint that answers with `statuses` in turn, and with 200 from then on. */
export async function anEndpoint(statuses: number[] = []) {
  const delivered: Delivered[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      delivered.push({ headers: request.headers, body, event: JSON.parse(body) as Delivered['event'] });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { delivered, url, [Symbol.asyncDispose]: dispose };
}

export const hasCome = (count: number) => (delivered: readonly Delivered[]) => delivered.length >= count;
