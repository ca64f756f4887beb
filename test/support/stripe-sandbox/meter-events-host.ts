import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestAuthority } from '../certificates.js';
import { startSecureUpstream } from '../secure-upstream.js';

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
  const host = await startSecureUpstream('https', await authority.issue({ dns: [HOST] }));
  host.handle((request, response) => {
    asked.push(request.url!);
    const headers = { ...request.headers, host: new URL(sandboxUrl).host };
    const onward = http.request(`${sandboxUrl}${request.url}`, { method: request.method!, headers }, (answer) => {
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
    const onward = net.connect(Number(new URL(host.url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, SSL_CERT_FILE: trusted },
    asked,
    [Symbol.asyncDispose]: async () => {
      await host.close();
      await new Promise((resolve) => proxy.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
