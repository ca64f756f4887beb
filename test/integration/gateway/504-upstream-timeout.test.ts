import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type RawUpstream, startRawUpstream } from '../../support/raw-upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
let raw: RawUpstream;
beforeAll(async () => {
  raw = await startRawUpstream();
  under = await startGatewayUnderTest();
  const changes = { url: raw.url, connectTimeoutMs: 5_000, responseTimeoutMs: 300, idleTimeoutMs: 300 };
  await pointUpstreamAt(under, changes);
});
afterAll(async () => {
  await under.dispose();
  raw.close();
});

describe('an upstream that is silent', () => {
  it.each<[string, string]>([
    ['from the beginning', ''],
    ['in the middle of its head', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['after a hint', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'],
  ])('%s gives 504', async (_name, bytes) => {
    raw.answer = (socket) => socket.write(bytes);
    const answer = await under.call('/things');
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ code: 'upstream_timeout' });
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'upstream_timeout', billable: false, countsToQuota: false, attempts: 1 });
  });

  it.each<[string, string]>([
    ['of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello'],
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('in the middle of a body %s breaks the caller’s connection, and is not billed', async (_name, bytes) => {
    const known = (await under.events()).length;
    raw.answer = (socket) => socket.write(bytes);
    await expect(under.call('/things')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    await expect.poll(async () => (await under.events()).length).toBe(known + 1);
    const event = (await under.events()).at(-1);
    expect(event).toMatchObject({ outcome: 'upstream_timeout', status: 200, billable: false, bytesOut: 5 });
  });
});
