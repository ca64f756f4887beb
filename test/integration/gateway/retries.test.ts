import { once } from 'node:events';
import http from 'node:http';
import { IDEMPOTENT_METHODS, type RetryPolicy } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type RawUpstream, startRawUpstream } from '../../support/raw-upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

const retries: RetryPolicy = {
  attempts: 2,
  retryOn: ['gateway-error', 'retriable-status-codes'],
  retriableStatusCodes: [500],
  methods: IDEMPOTENT_METHODS,
  perTryTimeoutMs: null,
  backOffMs: 5,
  maxReplayBytes: 10_000,
  budgetPercent: 100,
};

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: {
      routes: ['GET', 'POST', 'PUT'].map((method) => ({
        method,
        template: '/things',
        operation: method,
        tags: [],
      })),
    },
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
  });
  await pointUpstreamAt(under, { retries, responseTimeoutMs: 5_000 });
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.requests.length = 0;
});

/** Answers with these statuses in turn, after the whole request has come; 0 breaks the connection. */
function answerInTurn(...statuses: readonly number[]): string[] {
  const bodies: string[] = [];
  under.upstream.handle((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const status = statuses[bodies.length] ?? 200;
      bodies.push(`${request.method} ${body}`);
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end(`answer ${bodies.length}`);
    });
  });
  return bodies;
}

describe('another attempt', () => {
  it.each<[string, readonly number[]]>([
    ['a gateway error', [503, 502]],
    ['a broken connection', [0, 0]],
    ['a status of the list', [500, 500]],
  ])('follows %s, and the call is one event with its attempts, billed once', async (_name, statuses) => {
    const before = await under.call('/things');
    const bodies = answerInTurn(...statuses);
    const answer = await under.call('/things');
    expect(answer).toMatchObject({ status: 200, body: 'answer 3' });
    expect(bodies).toHaveLength(3);
    const left = (limits: unknown) => Number(/"monthly";r=(\d+)/.exec(String(limits))![1]);
    expect(left(answer.headers['ratelimit'])).toBe(left(before.headers['ratelimit']) - 1);
    const events = (await under.events()).filter(({ id }) => id === answer.headers['tollgate-request-id']);
    expect(events).toMatchObject([{ attempts: 3, status: 200, outcome: 'delivered', billable: true }]);
  });

  it('does not follow when none are left: the last answer is the one', async () => {
    const bodies = answerInTurn(503, 503, 503, 200);
    const answer = await under.call('/things');
    expect(answer).toMatchObject({ status: 503, body: 'answer 3' });
    expect(bodies).toHaveLength(3);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ attempts: 3, billable: false });
  });

  it('does not follow an answer that no condition names, nor a method that may not be repeated', async () => {
    let bodies = answerInTurn(404, 200);
    expect((await under.call('/things')).status).toBe(404);
    expect(bodies).toHaveLength(1);
    bodies = answerInTurn(503, 200);
    const answer = await under.call('/things', { method: 'POST', body: 'hello' });
    expect(answer.status).toBe(503);
    expect(bodies).toEqual(['POST hello']);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ attempts: 1, bytesIn: 5 });
  });

  it('has the whole body again, whether its length was declared or not', async () => {
    for (const body of [Buffer.from('hello'), Buffer.alloc(9_000, 97)]) {
      for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
        const bodies = answerInTurn(503, 0, 200);
        const answer = await under.call('/things', { method: 'PUT', body, headers });
        expect(answer.status).toBe(200);
        const sent = `PUT ${body.toString()}`;
        expect(bodies).toEqual([sent, sent, sent]);
        const event = await under.eventOf(answer.headers['tollgate-request-id']);
        expect(event).toMatchObject({ attempts: 3, bytesIn: body.length });
      }
    }
  });

  it('has the part of a body that has come, and then the rest', async () => {
    const second = Promise.withResolvers<void>();
    let count = 0;
    under.upstream.handle((request, response) => {
      const isFirst = ++count === 1;
      let body = '';
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
        if (isFirst) response.writeHead(503).end();
        else second.resolve();
      });
      request.on('end', () => response.end(body));
    });
    const headers = { 'x-api-key': under.consumer.key };
    const request = http.request(`${under.url}/things`, { method: 'PUT', headers, agent: false });
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
    request.write('first');
    await second.promise;
    request.end(' and rest');
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('first and rest');
    expect(count).toBe(2);
  });

  it('does not follow when the body is too long to be kept', async () => {
    const bodies = answerInTurn(503, 200);
    const answer = await under.call('/things', { method: 'PUT', body: Buffer.alloc(10_001, 97) });
    expect(answer.status).toBe(503);
    expect(bodies).toHaveLength(1);
  });

  it('does not follow once the head of an answer has left: the caller’s connection breaks', async () => {
    let count = 0;
    under.upstream.handle((request, response) => {
      count++;
      response.writeHead(200, { 'content-length': 100 });
      response.write('hello', () => request.socket.destroy());
    });
    await expect(under.call('/things')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(count).toBe(1);
  });

  it('does not follow when the caller has gone', async () => {
    const reached = Promise.withResolvers<void>();
    let count = 0;
    under.upstream.handle(() => {
      count++;
      reached.resolve();
    });
    const request = http.get(`${under.url}/things`, { headers: { 'x-api-key': under.consumer.key }, agent: false });
    request.on('error', () => undefined);
    await reached.promise;
    const known = (await under.events()).length;
    request.destroy();
    await expect.poll(async () => (await under.events()).length).toBe(known + 1);
    expect((await under.events()).at(-1)).toMatchObject({ outcome: 'client_aborted', attempts: 1 });
    expect(count).toBe(1);
  });
});

describe('the time of an attempt', () => {
  let raw: RawUpstream;
  beforeAll(async () => {
    raw = await startRawUpstream();
  });
  afterAll(() => raw.close());

  it('is bounded on its own, and all attempts together by the time of the whole', async () => {
    const changes = {
      url: raw.url,
      retries: { ...retries, attempts: 10, perTryTimeoutMs: 100 },
      responseTimeoutMs: 350,
    };
    await pointUpstreamAt(under, changes);
    raw.answer = () => undefined;
    const answer = await under.call('/things');
    expect(answer.status).toBe(504);
    const { attempts } = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThan(5);
    expect(raw.requests).toHaveLength(attempts);
  });

  it('is short where nothing listens, and the answer is 502 after all of them', async () => {
    await pointUpstreamAt(under, { url: 'http://127.0.0.1:1', retries });
    const answer = await under.call('/things');
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ code: 'upstream_refused' });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ attempts: 3 });
  });
});
