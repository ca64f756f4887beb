import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestAuthority } from '../certificates.js';

/** The one host of Stripe's that its command line cannot be told to look for elsewhere. */
const HOST = 'meter-events.stripe.com';

export interface MeterEventsHost extends AsyncDisposable {
  /** What a program needs in its environment to meet it; it must read `HTTPS_PROXY` and `SSL_CERT_FILE`, as those written in Go do. */
  readonly env: Readonly<Record<string, string>>;
  /** The paths that it was asked for. */
  readonly asked: readonly string[];
}

/**
 * Stands where Stripe takes streams of usage: a proxy that leads to that host and no other, with a certificate of its own, and asks `sandboxUrl`
 * what it is asked.
 */
export async function aMeterEventsHost(sandboxUrl: string): Promise<MeterEventsHost> {
  const authority = await TestAuthority.create('Meter events');
  const folder = mkdtempSync(path.join(tmpdir(), 'meter-events-'));
  const trusted = path.join(folder, 'authority.pem');
  writeFileSync(trusted, authority.pem);

  const asked: string[] = [];
  const host = https.createServer(await authority.issue({ dns: [HOST] }), (request, response) => {
    asked.push(request.url!);
    const { method } = request;
    const headers = { ...request.headers, host: new URL(sandboxUrl).host };
    const onward = http.request(`${sandboxUrl}${request.url}`, { method: method!, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const proxy = http.createServer().on('connect', ({ url }, client: net.Socket) => {
    if (url !== `${HOST}:443`) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const onward = net.connect(portOf(host), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const)
      one.on('error', () => other.destroy());
  });
  await Promise.all([host, proxy].map(listen));
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`, SSL_CERT_FILE: trusted },
    asked,
    [Symbol.asyncDispose]: async () => {
      host.closeAllConnections();
      await Promise.all([host, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const portOf = (server: net.Server) => (server.address() as AddressInfo).port;

function listen(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
