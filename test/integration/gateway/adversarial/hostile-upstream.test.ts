import type net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { RawConnection } from '../../../support/raw-http.js';
import { type RawUpstream, startRawUpstream } from '../../../support/raw-upstream.js';

let under: GatewayUnderTest;
let hostile: RawUpstream;
beforeAll(async () => {
  hostile = await startRawUpstream();
  under = await startGatewayUnderTest({
    version: { upstream: { url: hostile.url, connectTimeoutMs: 1_000, responseTimeoutMs: 1_000 } },
  });
});
afterAll(async () => {
  await under.dispose();
  hostile.close();
});
/** The gateway is alive, and the next answer is the next answer: nothing is left of the one before. */
afterEach(async () => {
  say('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nsound');
  for (let round = 0; round < 3; round++)
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'sound' });
});

function say(bytes: string, { ends = false } = {}): void {
  hostile.requests.length = 0;
  hostile.answer = (socket) => (ends ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1'));
}

async function expectBroken(answer: Answer): Promise<void> {
  expect(answer.status).toBe(502);
  expect(answer.json()).toMatchObject({ code: 'upstream_broke' });
  const event = await under.eventOf(answer.headers['tollgate-request-id']);
  expect(event).toMatchObject({ outcome: 'upstream_broke', billable: false, countsToQuota: false, attempts: 1 });
  expect(hostile.requests).toHaveLength(1);
}

describe('an answer that is no sound HTTP', () => {
  it.each<[string, string]>([
    ['no HTTP', 'hello\r\n\r\n'],
    ['HTTP/0.9', '<html></html>'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
    ['status 000', 'HTTP/1.1 000 None\r\ncontent-length: 0\r\n\r\n'],
    ['status 099', 'HTTP/1.1 099 None\r\ncontent-length: 0\r\n\r\n'],
    ['status 600', 'HTTP/1.1 600 None\r\ncontent-length: 0\r\n\r\n'],
    ['status 999', 'HTTP/1.1 999 None\r\ncontent-length: 0\r\n\r\n'],
    ['a negative status', 'HTTP/1.1 -200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['lengths that differ', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd'],
    ['lengths that agree', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 3, 3\r\n\r\nabc'],
    ['a signed length', 'HTTP/1.1 200 OK\r\ncontent-length: +3\r\n\r\nabc'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -3\r\n\r\nabc'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\nabc'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks and a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 3\r\n\r\nabc'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: 3\r\n\r\nabc'],
    ['a bare line feed', 'HTTP/1.1 200 OK\r\nx-a: b\nset-cookie: c\r\ncontent-length: 3\r\n\r\nabc'],
    ['a bare carriage return', 'HTTP/1.1 200 OK\r\nx-a: b\rset-cookie: c\r\ncontent-length: 3\r\n\r\nabc'],
    ['a null byte', 'HTTP/1.1 200 OK\r\nx-a: b\0\r\ncontent-length: 3\r\n\r\nabc'],
    ['a control character', 'HTTP/1.1 200 OK\r\nx-a: \u0001\r\ncontent-length: 0\r\n\r\n'],
    ['a field without name', 'HTTP/1.1 200 OK\r\n: b\r\ncontent-length: 0\r\n\r\n'],
    ['a name with a blank', 'HTTP/1.1 200 OK\r\nx a: b\r\ncontent-length: 0\r\n\r\n'],
    ['fields that are too large', `HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['seventeen hints', `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(17)}HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n`],
    [
      'a coding that nobody asked for',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['1xx without end', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1_000)],
    ['an unknown 1xx without end', 'HTTP/1.1 199 What\r\n\r\n'.repeat(1_000)],
  ])('is a 502: %s', async (_name, bytes) => {
    say(bytes, { ends: true });
    await expectBroken(await under.call('/things'));
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a status line', 'HTTP/1.1 20'],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['a hint and nothing else', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('is a 502 when it ends after %s', async (_name, bytes) => {
    say(bytes, { ends: true });
    await expectBroken(await under.call('/things'));
  });
});

describe('an answer whose body is not what its head says', () => {
  it.each<[string, string]>([
    ['shorter than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello'],
    ['without its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ['with a chunk size that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n'],
    [
      'with a signed chunk size',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n+5\r\nworld\r\n0\r\n\r\n',
    ],
    [
      'with a bare line feed after a size',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\nworld\r\n0\r\n\r\n',
    ],
  ])('never looks complete: %s', async (_name, bytes) => {
    say(bytes, { ends: true });
    const answer = await under.call('/things').catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    if (typeof answer === 'string') expect(answer).toMatch(/ECONNRESET|aborted|hang up/);
    else await expectBroken(answer);
  });

  it.each<[string, string, string]>([
    ['more than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok'],
    ['more than its chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'ok'],
    ['a body with 204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['a body with 204 and a length', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n', ''],
    ['a body with 304', 'HTTP/1.1 304 Not Modified\r\n\r\n', ''],
    ['a body with 304 and a length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 200\r\n\r\n', ''],
  ])('reaches neither this caller nor the next: %s', async (_name, head, body) => {
    say(`${head}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`);
    const answer = await under.call('/things');
    expect(answer.body).toBe(body);
    // RFC 9110 §8.6: a length of what cannot be there.
    if (answer.status === 204) expect(answer.headers).not.toHaveProperty('content-length');
    const next = await Promise.all(Array.from({ length: 5 }, () => under.call('/things')));
    for (const { body: other } of next) expect(other).not.toContain('forged');
  });

  it('has none with HEAD, whatever comes', async () => {
    say('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged');
    const answer = await under.call('/things', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('6');
  });

  it('is not what an idle connection says before it is asked', async () => {
    let idle: net.Socket | undefined;
    const dropped = Promise.withResolvers<void>();
    hostile.answer = (socket) => {
      hostile.answer = (other) => other.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntrue');
      idle = socket;
      socket.on('close', () => dropped.resolve());
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    };
    expect((await under.call('/things')).body).toBe('ok');
    idle!.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged');
    await dropped.promise;
    expect((await under.call('/things')).body).toBe('true');
  });
});

describe('a field of an answer', () => {
  it('that only the gateway sets is ours, and what is for one hop does not pass', async () => {
    say(
      [
        'HTTP/1.1 200 OK',
        'content-length: 2',
        'connection: keep-alive, X-Hop',
        'x-hop: a',
        'keep-alive: timeout=1000',
        'proxy-authenticate: Basic',
        'te: trailers',
        'upgrade: h2c',
        'tollgate-request-id: forged',
        'usage: "requests";cost=0',
        'ratelimit: "a";r=1;t=1',
        'ratelimit-policy: "a";q=1;w=1',
        'x-stays: b',
        '',
        'ok',
      ].join('\r\n'),
    );
    const { headers } = await under.call('/things');
    expect(headers).toMatchObject({ 'x-stays': 'b', usage: '"requests";cost=1;billable=?1;reason="ok"' });
    expect(headers['tollgate-request-id']).not.toBe('forged');
    for (const name of ['x-hop', 'proxy-authenticate', 'te', 'upgrade', 'ratelimit', 'ratelimit-policy'])
      expect(headers).not.toHaveProperty(name);
    expect(headers['keep-alive'] ?? '').not.toContain('1000');
  });

  it('that comes several times does so at the caller as well', async () => {
    say('HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nvary: a\r\nvary: b\r\ncontent-length: 2\r\n\r\nok');
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `GET ${under.catalog.version.basePath}/things HTTP/1.1`,
      'host: a',
      `x-api-key: ${under.consumer.key}`,
      'connection: close',
      '',
      '',
    );
    const received = await connection.untilClosed();
    expect(received.match(/^(set-cookie|vary): .*$/gm)?.map((line) => line.trim())).toEqual([
      'set-cookie: a=1',
      'set-cookie: b=2',
      'vary: a',
      'vary: b',
    ]);
  });

  it.each([
    ['in the lane of plain requests', []],
    ["by Node's own server", ['connection: close']],
  ])('that comes after the body passes with all others that may, byte for byte, %s', async (_where, fields) => {
    const odd = Buffer.from('č', 'utf8').toString('latin1');
    const trailers = `x-first: a\r\nx-odd: ${odd}\r\nx-last: z\r\n\r\n`;
    const ours = 'content-type: a/b\r\nusage: forged\r\n';
    say(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${ours}${trailers}`);
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `GET ${under.catalog.version.basePath}/things HTTP/1.1`,
      'host: a',
      `x-api-key: ${under.consumer.key}`,
      ...fields,
      '',
      '',
    );
    const received = await connection.until('x-last');
    expect(received.split('\r\n0\r\n')[1]).toBe(trailers);
    connection.socket.destroy();
  });

  it('cannot begin another answer: the upstream’s line ends are line ends', async () => {
    say('HTTP/1.1 200 OK\r\nx-a: b\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged', { ends: true });
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `GET ${under.catalog.version.basePath}/things HTTP/1.1`,
      'host: a',
      `x-api-key: ${under.consumer.key}`,
      'connection: close',
      '',
      '',
    );
    const received = await connection.untilClosed();
    expect(received).toMatch(/^transfer-encoding: chunked\r$/im);
    expect(received.match(/^HTTP\/1\.1/gm)).toHaveLength(2);
    expect(received.indexOf('forged')).toBeGreaterThan(received.indexOf('\r\n\r\n'));
  });
});
