import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningDemoApi, startDemoApi } from './running-demo-api.js';

let api: RunningDemoApi;

beforeAll(async () => {
  api = await startDemoApi();
});
afterAll(() => api.stop());

/** What the server sends back for `head`, byte for byte, until it closes the connection. */
async function rawExchange(head: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end(head);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

describe('the Atlas API over HTTP', () => {
  it.each([
    '/v1/countries',
    '/v1/countries/FR',
    '/v1/countries/FR/flag',
    '/v1/countries/XX',
    '/v1/status/503',
    '/healthz',
  ])('answers HEAD %s with the head of GET and no content', async (path) => {
    const get = await fetch(api.url + path);
    const head = await fetch(api.url + path, { method: 'HEAD' });
    expect(head.status).toBe(get.status);
    for (const name of ['content-type', 'content-length', 'link']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
    expect(await head.text()).toBe('');
    expect((await get.text()).length).toBeGreaterThan(0);
  });

  it('answers HEAD of the stream at once and with nothing', async () => {
    const raw = await rawExchange(
      'HEAD /v1/countries/stream?delayMs=1000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw).toContain('Content-Type: application/x-ndjson');
    expect(raw.endsWith('\r\n\r\n')).toBe(true);
  });

  it.each([
    ['DELETE', '/v1/countries', 'GET, HEAD, OPTIONS'],
    ['POST', '/v2/countries/FR', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/echo', 'POST, OPTIONS'],
  ])('refuses %s %s with 405 and says in Allow what works', async (method, path, allow) => {
    const response = await fetch(api.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('tells in answer to OPTIONS what works', async () => {
    const response = await fetch(`${api.url}/v1/countries`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it.each([
    '/',
    '/v3/countries',
    '/v1/countries/',
    '/v1/countries//flag',
    '/v1/nothing',
    '/v2/calling-codes/33',
    '/v1/distance',
  ])('has nothing at %s', async (path) => {
    const response = await fetch(api.url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'about:blank', status: 404 });
  });

  it('refuses a path whose percent-encoding is broken, and takes "//" for a path', async () => {
    expect((await fetch(`${api.url}/v1/countries/%ff`)).status).toBe(400);
    expect(await rawExchange('GET //v1/countries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 404/,
    );
    expect(await rawExchange('GET http:// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400/,
    );
  });

  it('sends each line of the stream as soon as it is ready', async () => {
    const caller = new AbortController();
    const response = await fetch(`${api.url}/v1/countries/stream?count=2&delayMs=1000`, { signal: caller.signal });
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString('utf8')).toMatch(/^\{"code":"AF".*\}\n$/);
    caller.abort();
  });

  it('waits as long as it is told, and no longer for a caller who has gone', async () => {
    const startedMs = performance.now();
    await fetch(`${api.url}/v1/slow?ms=60`);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(58);
    await expect(fetch(`${api.url}/v1/slow?ms=30000`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  });

  it('echoes the bytes that it was sent', async () => {
    const body = '{ "price": 1.50, "name": "Åland" }\n';
    const response = await fetch(`${api.url}/v2/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.atlas+json; charset=utf-8' },
      body,
    });
    expect(await response.text()).toBe(body);
  });

  it('links the pages of a list to each other, from the first to the last', async () => {
    const names: string[] = [];
    let url: URL | null = new URL('/v2/countries?region=Oceania&limit=10', api.url);
    while (url !== null) {
      const response: Response = await fetch(url);
      const page = (await response.json()) as { readonly items: { readonly name: string }[]; readonly total: number };
      expect(page.total).toBe(27);
      names.push(...page.items.map(({ name }) => name));
      const next: string | undefined = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      url = next === undefined ? null : new URL(next, url);
    }
    expect(new Set(names).size).toBe(27);
  });

  it('finds a population for nearly every country, each its own', async () => {
    const page = await fetch(`${api.url}/v2/countries?sort=-population&limit=100&offset=100`);
    const { items } = (await page.json()) as { readonly items: { readonly population: number | null }[] };
    expect(items.every(({ population }) => population !== null)).toBe(true);
    for (const [code, population] of [
      ['TR', 82319724],
      ['CV', 543767],
      ['CD', 84068091],
      ['GN', 12414318],
      ['GQ', 1308974],
    ] as const) {
      expect(await (await fetch(`${api.url}/v1/countries/${code}`)).json()).toMatchObject({ population });
    }
  });
});
