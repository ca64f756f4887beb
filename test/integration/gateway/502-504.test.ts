import net, { type AddressInfo } from 'node:net';
import { appendChange } from '#persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
let hostile: net.Server;
let say: (socket: net.Socket, request: string) => void;

beforeAll(async () => {
  hostile = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (request) => say(socket, request.toString('latin1')));
  });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  under = await startGatewayUnderTest({
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
  });
  await pointUpstreamAt(`http://127.0.0.1:${(hostile.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await under.dispose();
  hostile.close();
});
afterEach(async () => {
  const healthy = await under.call('/nowhere');
  expect(healthy.status).toBe(404);
});

async function pointUpstreamAt(url: string): Promise<void> {
  const { database, catalog } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    const upstream = { url, connectTimeoutMs: 300, responseTimeoutMs: 300 };
    await transaction.query('UPDATE api_version SET upstream = $2 WHERE id = $1', [catalog.version.id, upstream]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

async function expectFault(status: number, code: string, outcome: string): Promise<void> {
  const answer = await under.call('/things');
  expect(answer.status).toBe(status);
  expect(answer.json()).toMatchObject({ status, code, requestId: answer.headers['tollgate-request-id'] });
  expect(answer.headers['usage']).toBe(`"requests";cost=1;billable=?0;reason="${outcome}"`);
  const event = await under.eventOf(answer.headers['tollgate-request-id']);
  expect(event).toMatchObject({ status, outcome, reason: outcome, billable: false, countsToQuota: false, bytesOut: 0 });
}

describe('an upstream that does not answer as it should', () => {
  it.each<[string, string]>([
    ['closes at once', ''],
    ['sends no HTTP', 'hello\r\n\r\n'],
    ['sends two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc'],
    ['sends length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['sends status 000', 'HTTP/1.1 000 None\r\ncontent-length: 0\r\n\r\n'],
    ['sends status 999', 'HTTP/1.1 999 None\r\ncontent-length: 0\r\n\r\n'],
    ['switches protocols', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['floods with 1xx', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(50)],
    ['sends huge fields', `HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['sends a control character', 'HTTP/1.1 200 OK\r\nx-a: \u0001\r\ncontent-length: 0\r\n\r\n'],
  ])('gives 502 when it %s', async (_name, bytes) => {
    say = (socket) => socket.end(bytes, 'latin1');
    await expectFault(502, 'upstream_broke', 'upstream_broke');
  });

  it('gives 504 when it is silent for longer than its time-out', async () => {
    say = () => undefined;
    await expectFault(504, 'upstream_timeout', 'upstream_timeout');
  });

  it.each<[string, string, string]>([
    ['hints', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', 'content-length: 2\r\n\r\nok'],
    ['says that it goes on, which nobody asked', 'HTTP/1.1 100 Continue\r\n\r\n', 'content-length: 2\r\n\r\nok'],
    [
      'says so, and answers in chunks',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
  ])('is no fault when it %s', async (_name, hint, rest) => {
    const final = `HTTP/1.1 200 OK\r\n${rest}`;
    for (const pause of [0, 20]) {
      say = (socket) => {
        if (pause === 0) return void socket.write(hint + final);
        socket.write(hint);
        setTimeout(() => socket.write(final), pause);
      };
      expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
    }
  });

  it('breaks the client’s connection when it stops in the middle, and nothing is billed', async () => {
    say = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', 'latin1');
    await expect(under.call('/things')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    say = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n', 'latin1', () =>
        socket.destroy(),
      );
    };
    await expect(under.call('/things')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    const broken = (await under.events()).filter(
      ({ outcome, status }) => outcome === 'upstream_broke' && status === 200,
    );
    expect(broken).toHaveLength(2);
    for (const event of broken) expect(event).toMatchObject({ billable: false, countsToQuota: false });
  });

  it('gives 502 when nothing listens, or the name is nobody’s', async () => {
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await pointUpstreamAt(`http://127.0.0.1:${port}`);
    await expectFault(502, 'upstream_refused', 'upstream_refused');
    await pointUpstreamAt('http://unknown.invalid');
    await expectFault(502, 'upstream_refused', 'upstream_refused');
  });

  it('gives 504 when connecting takes too long: the other side is there and never ends the handshake', async () => {
    say = () => undefined;
    await pointUpstreamAt(`https://127.0.0.1:${(hostile.address() as AddressInfo).port}`);
    await expectFault(504, 'upstream_timeout', 'upstream_timeout');
  });

  it('leaves the quota as it was', async () => {
    const counted = (await under.events()).filter(({ countsToQuota }) => countsToQuota).length;
    await pointUpstreamAt(under.upstream.url);
    const answer = await under.call('/things');
    expect(answer.headers['ratelimit']).toMatch(new RegExp(`^"monthly";r=${1_000 - counted - 1};`));
  });
});
