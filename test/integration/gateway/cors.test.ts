import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

const cors = {
  allowOrigins: ['https://app.example.com', 'https://*.example.org'],
  allowMethods: [],
  allowHeaders: [],
  exposeHeaders: ['X-Page'],
  allowCredentials: true,
  maxAgeSeconds: 300,
};

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({ version: { policies: { cors } } });
});
afterAll(() => under.dispose());

const preflight = (origin: string, headers: Record<string, string> = {}) =>
  call(`${under.url}/things`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', ...headers },
  });

describe('the preflight of a browser', () => {
  it('is answered without a key, never reaches the upstream and is no usage', async () => {
    const answer = await preflight('https://app.example.com', {
      'access-control-request-headers': 'x-api-key, x-trace',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'x-api-key, x-trace',
      'access-control-max-age': '300',
      vary: 'Origin, Access-Control-Request-Headers',
    });
    expect(answer.headers['tollgate-request-id']).toBeDefined();
    expect(under.upstream.requests).toEqual([]);
    expect(await under.events()).toEqual([]);
    const metrics = await (await fetch(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).text();
    expect(metrics).toMatch(/^tollgate_gateway_open_requests 0$/m);
  });

  it('of another origin is told that nothing is allowed', async () => {
    const answer = await preflight('https://a.b.example.org');
    expect(answer.status).toBe(204);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(answer.headers['vary']).toContain('Origin');
  });

  it('with a body ends its connection, on which nothing is run that follows', async () => {
    const { basePath } = under.catalog.version;
    const connection = await RawConnection.open(under.origin);
    const asks = ['origin: https://app.example.com', 'access-control-request-method: POST', 'content-length: 1'];
    const follows = ['host: a', `x-api-key: ${under.consumer.key}`, 'content-length: 1'];
    connection.send(
      `OPTIONS ${basePath}/things HTTP/1.1`,
      'host: a',
      ...asks,
      '',
      `xPOST ${basePath}/things HTTP/1.1`,
      ...follows,
      '',
      'y',
    );
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 204 [^]*\r\nconnection: close\r\n/);
    expect(connection.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(under.upstream.requests).toEqual([]);
    expect(await under.events()).toEqual([]);
  });

  it('is only that: another OPTIONS is a method like any', async () => {
    const answer = await call(`${under.url}/things`, { method: 'OPTIONS' });
    expect(answer.status).toBe(405);
  });
});

describe('an answer', () => {
  it('may be read by the page that is allowed, with the fields of the gateway', async () => {
    under.upstream.answer(200, '{}', { 'access-control-allow-origin': '*', vary: 'Accept' });
    const answer = await under.call('/things', { headers: { origin: 'https://a.example.org' } });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example.org',
      'access-control-allow-credentials': 'true',
      vary: 'Accept, Origin',
    });
    const exposed = answer.headers['access-control-expose-headers'];
    for (const name of ['Tollgate-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Usage', 'X-Page']) {
      expect(exposed).toContain(name);
    }
  });

  it('to nobody else, and says that it depends on the origin', async () => {
    for (const headers of [{ origin: 'https://evil.test' }, {}]) {
      const answer = await under.call('/things', { headers });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.headers['vary']).toContain('Origin');
    }
  });

  it('may also be read when it is a refusal, or none of the upstream', async () => {
    const headers = { origin: 'https://app.example.com' };
    const refusals = [
      await under.call('/things', { key: 'nonsense', headers }),
      await under.call('/things', { method: 'PUT', headers }),
    ];
    under.upstream.handle((request) => request.socket.destroy());
    refusals.push(await under.call('/things', { headers }));
    expect(refusals.map(({ status }) => status)).toEqual([401, 405, 502]);
    for (const answer of refusals) {
      expect(answer.headers['access-control-allow-origin']).toBe('https://app.example.com');
      expect(answer.headers['access-control-expose-headers']).toContain('Tollgate-Request-Id');
    }
  });
});
