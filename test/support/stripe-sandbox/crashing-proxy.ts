import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** When the caller is to die: before the request reached Stripe, or after, with the answer lost. */
export type Crash = 'before' | 'after';

/**
 * Stands between the adapter and the sandbox and lets the adapter die at a chosen request: that request and all after it
 * fail, until `revive`. The answer forbids the SDK to retry, so that what follows is what the next process would do.
 */
export class CrashingProxy {
  /** `METHOD /path` of each request that came since `reset`. */
  readonly requests: string[] = [];
  private crashAt: (request: string, count: number) => Crash | undefined = () => undefined;
  private dead = false;
  private readonly server;

  private constructor(private readonly target: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
        ) as Record<string, string>;
        this.answer(request.method!, request.url!, headers, Buffer.concat(chunks)).then(
          ({ status, body }) => response.writeHead(status, { 'stripe-should-retry': 'false' }).end(body),
          () => response.destroy(),
        );
      });
    });
  }

  static async start(target: string): Promise<CrashingProxy> {
    const proxy = new CrashingProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  reset(crashAt: (request: string, count: number) => Crash | undefined = () => undefined): void {
    this.requests.length = 0;
    this.crashAt = crashAt;
    this.dead = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(method: string, url: string, headers: Record<string, string>, body: Buffer) {
    const request = `${method} ${url.split('?')[0]}`;
    this.requests.push(request);
    const crash = this.dead ? 'before' : this.crashAt(request, this.requests.length);
    if (crash !== undefined) this.dead = true;
    if (crash === 'before') return { status: 500, body: '{"error":{"type":"api_error","message":"dead"}}' };
    const response = await fetch(`${this.target}${url}`, {
      method,
      headers,
      ...(body.length > 0 && { body }),
    });
    const text = await response.text();
    return crash === 'after'
      ? { status: 500, body: '{"error":{"type":"api_error","message":"dead"}}' }
      : { status: response.status, body: text };
  }
}
