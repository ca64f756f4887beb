import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

const maxBodyBytes = 100_000;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: { policies: { sizes: { maxBodyBytes } } },
    definition: {
      rateLimits: [{ name: 'burst', limit: 1_000, windowSeconds: 3_600 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }],
    },
  });
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.answer();
  under.upstream.requests.length = 0;
});

const path = () => `${under.catalog.version.basePath}/things`;
const left = (limits: unknown) => /"burst";r=(\d+);.*"monthly";r=(\d+);/.exec(String(limits))!.slice(1).map(Number);

/** Opens a POST without a declared length, and gives its answer. */
function openStream(): { readonly request: http.ClientRequest; readonly answered: Promise<http.IncomingMessage> } {
  const headers = { 'x-api-key': under.consumer.key };
  const request = http.request(`${under.url}/things`, { agent: false, method: 'POST', headers });
  request.on('error', () => undefined);
  const answered = once(request, 'response').then(([response]) => response as http.IncomingMessage);
  return { request, answered };
}

describe('a body that is declared too large', () => {
  it('is refused with 413 before admission: no event, nothing counted, nothing sent', async () => {
    const before = left((await under.call('/things')).headers['ratelimit']);
    const count = (await under.events()).length;
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `POST ${path()} HTTP/1.1`,
      'host: a',
      `x-api-key: ${under.consumer.key}`,
      `content-length: ${maxBodyBytes + 1}`,
      'expect: 100-continue',
      '',
      '',
    );
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"body_too_large"');
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toMatch(/^usage: "requests";cost=0;billable=\?0;reason="body_too_large"\r$/m);
    expect(await under.events()).toHaveLength(count);
    expect(under.upstream.requests).toHaveLength(1);
    const after = left((await under.call('/things')).headers['ratelimit']);
    expect(after).toEqual(before.map((units) => units - 1));
  });

  it('is refused for test keys as well', async () => {
    const { application } = under.consumer;
    const { key } = await aCredential(under.database, { application, mode: 'test' });
    await under.sync();
    const answer = await call(`${under.url}/things`, { method: 'POST', key, body: Buffer.alloc(maxBodyBytes + 1) });
    expect(answer.status).toBe(413);
    expect(under.upstream.requests).toEqual([]);
  });

  it('passes when it just fits', async () => {
    const fits = await under.call('/things', { method: 'POST', body: Buffer.alloc(maxBodyBytes) });
    expect(fits.status).toBe(200);
    expect(under.upstream.requests[0]!.body).toHaveLength(maxBodyBytes);
  });

  it('lets its caller send on for a moment, as a reset would take the answer with it', async () => {
    const { hostname, port } = new URL(under.origin);
    const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    let received = '';
    let errors = 0;
    socket.on('error', () => errors++);
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.write(
      `POST ${path()} HTTP/1.1\r\nhost: a\r\nx-api-key: ${under.consumer.key}\r\ncontent-length: 10000000\r\n\r\n`,
    );
    await once(socket, 'end');
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    for (let part = 0; part < 20; part++) {
      socket.write(Buffer.alloc(10_000));
      await new Promise(setImmediate);
    }
    const closed = once(socket, 'close');
    socket.end();
    await closed;
    expect(errors).toBe(0);
  });

  it('arrives at a caller that is still sending', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024);
    for (let round = 0; round < 10; round++) {
      const answer = await call(`${under.url}/things`, { method: 'POST', key: under.consumer.key, body });
      expect(answer.status).toBe(413);
    }
    expect(under.upstream.requests).toEqual([]);
  });
});

describe('a body that turns out to be too large', () => {
  it('is cut at the bound: 413, the upstream’s request breaks off, and the event is not billed', async () => {
    let received = 0;
    const broken = Promise.withResolvers<void>();
    under.upstream.handle((request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.length));
      request.on('error', () => broken.resolve());
      request.on('end', () => broken.reject(new Error('the body came to an end')));
      response.on('error', () => undefined);
    });
    const { request, answered } = openStream();
    for (let part = 0; part < 30; part++) request.write(Buffer.alloc(10_000));
    const response = await answered;
    expect(response.statusCode).toBe(413);
    expect(response.headers['usage']).toBe('"requests";cost=1;billable=?0;reason="body_too_large"');
    expect(response.headers['connection']).toBe('close');
    await broken.promise;
    expect(received).toBeLessThanOrEqual(maxBodyBytes);
    const event = await under.eventOf(response.headers['tollgate-request-id']);
    expect(event).toMatchObject({ status: 413, outcome: 'body_too_large', billable: false, countsToQuota: false });
    expect(event.bytesIn).toBeLessThanOrEqual(maxBodyBytes);
    request.destroy();
  });

  it('passes when it just fits', async () => {
    const { request, answered } = openStream();
    for (let part = 0; part < 10; part++) request.write(Buffer.alloc(10_000));
    request.end();
    const response = await answered;
    expect(response.statusCode).toBe(200);
    expect(under.upstream.requests[0]!.body).toHaveLength(maxBodyBytes);
    response.resume();
  });

  it('breaks the answer off when that has begun', async () => {
    under.upstream.handle((request, response) => {
      request.on('error', () => undefined).resume();
      response.writeHead(200).write('hello');
    });
    const { request, answered } = openStream();
    request.write('a');
    const response = await answered;
    const closed = Promise.withResolvers<void>();
    response
      .on('error', () => undefined)
      .on('close', () => closed.resolve())
      .resume();
    for (let part = 0; part < 30; part++) request.write(Buffer.alloc(10_000));
    await closed.promise;
    expect(response.complete).toBe(false);
    const event = await under.eventOf(response.headers['tollgate-request-id']);
    expect(event).toMatchObject({ status: 200, outcome: 'body_too_large', billable: false, bytesOut: 5 });
  });
});
