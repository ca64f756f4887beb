import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import type { MeterBinding } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

function withMeter(value: MeterBinding['value'], quota?: number) {
  return startGatewayUnderTest({
    meters: [
      { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
      { slug: 'tokens', title: 'Tokens', unit: 'token', bindings: [{ selector: '*', weight: '1', value }] },
    ],
    definition: { quotas: quota ? [{ name: 'tokens', meter: 'tokens', limit: quota, enforcement: 'hard' }] : [] },
  });
}

const eventOf = ({ headers }: { headers: IncomingMessage['headers'] }) => under.eventOf(headers['tollgate-request-id']);

async function metric(name: string): Promise<number> {
  const { body } = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(body)?.[1]);
}

/** What is left of the quota, as the next answer says. */
async function remaining(): Promise<number> {
  under.upstream.answer(500);
  const { headers } = await under.call('/things');
  return Number(/"tokens";r=(\d+)/.exec(String(headers['ratelimit']))?.[1]);
}

describe('a cost in a header', () => {
  it('is what is billed and what the quota loses, and is on the receipt', async () => {
    under = await withMeter({ from: 'response_header', maximum: '100' }, 1_000);
    under.upstream.answer(200, '{}', { 'x-usage-cost': '2.5' });
    const answer = await under.call('/things');
    expect(answer.headers['usage']).toBe(
      '"requests";cost=1;billable=?1;reason="ok", "tokens";cost=2.5;billable=?1;reason="ok"',
    );
    const event = await eventOf(answer);
    expect(event).toMatchObject({ quantities: { requests: '1', tokens: '2.5' }, billable: true });
    expect(event).not.toHaveProperty('estimated');
    expect(event).not.toHaveProperty('overrun');
    expect(await remaining()).toBe(1_000 - 100 - 3);
  });

  it('above the maximum is billed as the maximum; the rest is an overrun that raises an alarm', async () => {
    under = await withMeter({ from: 'response_header', maximum: '100' });
    under.upstream.answer(200, '{}', { 'x-usage-cost': '1000000' });
    const event = await eventOf(await under.call('/things'));
    expect(event).toMatchObject({ quantities: { tokens: '100' }, overrun: { tokens: '999900' } });
    expect(await metric('tollgate_gateway_overruns_total')).toBe(1);
  });

  it('that is missing is estimated at the maximum', async () => {
    under = await withMeter({ from: 'response_header', maximum: '100' });
    const answer = await under.call('/things');
    expect(answer.headers['usage']).toContain('"tokens";state=reserved;max=100');
    expect(await eventOf(answer)).toMatchObject({ quantities: { tokens: '100' }, estimated: true });
    expect(await metric('tollgate_gateway_estimates_total')).toBe(1);
  });

  it('never lets the quota be exceeded: the maximum is reserved before the call, and the rest comes back', async () => {
    under = await withMeter({ from: 'response_header', maximum: '100' }, 250);
    under.upstream.answer(200, '{}', { 'x-usage-cost': '10' });
    let used = 0;
    let last = await under.call('/things');
    for (; last.status === 200; last = await under.call('/things')) used += 10;
    // The sixteenth call has 250 - 150 left, which is just its maximum; the next one has less.
    expect(used).toBe(160);
    expect(last.json()).toMatchObject({ code: 'quota_exceeded' });
  });

  it('costs nothing of the quota when the call does not count', async () => {
    under = await withMeter({ from: 'response_header', maximum: '100' }, 100);
    under.upstream.answer(503, '{}', { 'x-usage-cost': '10' });
    for (let attempt = 0; attempt < 5; attempt++) expect((await under.call('/things')).status).toBe(503);
    under.upstream.answer(200, '{}', { 'x-usage-cost': '10' });
    expect((await under.call('/things')).status).toBe(200);
  });
});

describe('a cost in the body', () => {
  const value = { from: 'response_json', pointer: '/usage/total_tokens', maximum: '4000' } as const;
  const body = '{"usage":{"total_tokens":1234}}';

  it('is read from JSON, which passes unchanged', async () => {
    under = await withMeter(value);
    under.upstream.answer(200, body);
    const answer = await under.call('/things');
    expect(answer.headers['usage']).toContain('"tokens";state=reserved;max=4000');
    expect(answer.body).toBe(body);
    expect(await eventOf(answer)).toMatchObject({ quantities: { requests: '1', tokens: '1234' }, billable: true });
  });

  it.each([
    ['gzip', zlib.gzipSync(body)],
    ['br', zlib.brotliCompressSync(body)],
  ])('is read from a body in %s', async (coding, bytes) => {
    under = await withMeter(value);
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
      response.end(bytes);
    });
    expect(await eventOf(await under.call('/things'))).toMatchObject({ quantities: { tokens: '1234' } });
  });

  it('is the header’s, or the maximum, when the body is too long to be read', async () => {
    under = await withMeter(value);
    const long = JSON.stringify({ text: 'x'.repeat(1_100_000), usage: { total_tokens: 1 } });
    under.upstream.answer(200, long, { 'x-usage-cost': '77' });
    expect(await eventOf(await under.call('/things'))).toMatchObject({ quantities: { tokens: '77' } });
    under.upstream.answer(200, long);
    expect(await eventOf(await under.call('/things'))).toMatchObject({
      quantities: { tokens: '4000' },
      estimated: true,
    });
  });

  it('is the last that a stream of events says', async () => {
    under = await withMeter(value);
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[],"usage":null}\n\n');
      setImmediate(() => response.end('data: {"choices":[],"usage":{"total_tokens":321}}\n\ndata: [DONE]\n\n'));
    });
    const answer = await under.call('/things');
    expect(await eventOf(answer)).toMatchObject({ quantities: { tokens: '321' } });
  });
});

describe('a cost in bytes', () => {
  it('is the payload of the answer as the upstream sent it', async () => {
    under = await withMeter({ from: 'response_bytes', maximum: '1000' });
    const compressed = zlib.gzipSync('hello');
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(compressed);
    });
    const event = await eventOf(await under.call('/things'));
    expect(event).toMatchObject({ quantities: { tokens: String(compressed.length) }, bytesOut: compressed.length });
  });

  it('is cut at what is reserved, and the client can tell', async () => {
    under = await withMeter({ from: 'response_bytes', maximum: '1000' });
    under.upstream.handle((_request, response) =>
      response.writeHead(200, { 'content-length': 5_000 }).end('x'.repeat(5_000)),
    );
    const connection = await RawConnection.open(under.origin);
    const { pathname } = new URL(under.url);
    connection.send(`GET ${pathname}/things HTTP/1.1`, 'host: a', `x-api-key: ${under.consumer.key}`, '', '');
    const [head = '', body] = (await connection.untilClosed()).split('\r\n\r\n');
    expect(head).toContain('content-length: 5000');
    expect(body).toBe('x'.repeat(1_000));
    expect(await under.eventOf(/tollgate-request-id: (\S+)/.exec(head)?.[1])).toMatchObject({
      outcome: 'cut_at_maximum',
      reason: 'cut_at_maximum',
      status: 200,
      billable: true,
      quantities: { requests: '1', tokens: '1000' },
      bytesOut: 1_000,
    });
  });

  it('of the request is bounded: a longer one is refused, declared or not', async () => {
    under = await withMeter({ from: 'request_bytes', maximum: '1000' });
    const within = await under.call('/things', { method: 'POST', body: 'x'.repeat(1_000) });
    expect(await eventOf(within)).toMatchObject({ quantities: { tokens: '1000' } });
    expect((await under.call('/things', { method: 'POST', body: 'x'.repeat(1_001) })).status).toBe(413);
    const chunked = { 'transfer-encoding': 'chunked' };
    const cut = await under.call('/things', { method: 'POST', body: 'x'.repeat(1_001), headers: chunked });
    expect(cut.status).toBe(413);
    expect(await eventOf(cut)).toMatchObject({ outcome: 'body_too_large', billable: false, countsToQuota: false });
  });
});
