import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayClient, type GatewayRequest, GatewayUnreachedError } from './gateway-client.js';

describe('the client of the gateway', () => {
  let server: http.Server;
  let url: string;
  let gone: Promise<void>;
  beforeEach(async () => {
    server = http.createServer((request, response) => {
      gone = new Promise((resolve) => request.socket.once('close', () => resolve()));
      if (request.url === '/base/slow') return;
      if (request.url === '/base/drip') return void response.write('a');
      if (request.url === '/base/endless') {
        const more = () =>
          void (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more));
        return more();
      }
      response.end(JSON.stringify({ url: request.url, headers: request.headers }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = (client: GatewayClient, path: string, options: Partial<GatewayRequest> = {}) =>
    client.call({ method: 'GET', path, headers: { host: 'api.example' }, body: null, ...options });

  it('sends the path as it is, below the address of the settings', async () => {
    const client = new GatewayClient(url);
    const answer = await get(client, '/a%2F..%2Fb/../c?d=%20');
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      url: '/base/a%2F..%2Fb/../c?d=%20',
      headers: { host: 'api.example' },
    });
    await client.close();
  });

  it('gives up on an answer that does not come, or gives what came of it', async () => {
    const client = new GatewayClient(url);
    await expect(get(client, '/slow', { timeoutMs: 100 })).rejects.toMatchObject({ reason: 'time' });
    await gone;
    expect(await get(client, '/drip', { timeoutMs: 100 })).toMatchObject({
      status: 200,
      body: Buffer.from('a'),
      cut: 'time',
    });
    await gone;
    await client.close();
  });

  it('leaves an answer without end after 256 KiB', async () => {
    const client = new GatewayClient(url);
    const answer = await get(client, '/endless');
    expect([answer.body.length, answer.cut]).toEqual([262_144, 'size']);
    await gone;
    await client.close();
  });

  it('ends the call when nobody waits for it any more', async () => {
    const client = new GatewayClient(url);
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), 50);
    await expect(get(client, '/slow', { signal: waiting.signal })).rejects.toBeInstanceOf(GatewayUnreachedError);
    await gone;
    await client.close();
  });

  it('knows that nothing was sent to a gateway that is not there', async () => {
    server.close();
    const client = new GatewayClient('http://127.0.0.1:9');
    await expect(get(client, '/now')).rejects.toMatchObject({ reason: 'absent' });
    await client.close();
  });
});
