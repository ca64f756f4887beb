import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { RawConnection } from '../../support/raw-http.js';
import { acceptWebSocket, maskedTextFrame, textFrame, webSocketRequest } from '../../support/web-socket.js';

let under: GatewayUnderTest;
/** The connections that the upstream has switched, and the requests for it. */
let tunnels: { request: IncomingMessage; socket: Duplex; received: string }[] = [];

function switchProtocols(request: IncomingMessage, socket: Duplex): void {
  const tunnel = { request, socket, received: '' };
  tunnels.push(tunnel);
  acceptWebSocket(request, socket);
  socket.on('data', (chunk: Buffer) => (tunnel.received += chunk.toString('latin1')));
  socket.on('end', () => socket.end());
}

beforeAll(async () => {
  under = await startGatewayUnderTest({}, { streams: { checkpointMs: 55_000, reviewMs: 20 } });
  under.upstream.upgrade(switchProtocols);
});
beforeEach(() => {
  tunnels = [];
});
afterAll(() => under.dispose());

const path = () => `${under.catalog.version.basePath}/things`;

async function openRaw(key = under.consumer.key): Promise<RawConnection> {
  const connection = await RawConnection.open(under.origin);
  connection.send(...webSocketRequest(path(), key, ['sec-websocket-protocol: chat', 'x-consumer-id: forged']));
  return connection;
}

/** An open connection through the gateway, both ends of it, and its request's id. */
async function openTunnel() {
  const client = await openRaw();
  const head = await client.until('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  const requestId = /tollgate-request-id: (\S+)/.exec(head)![1]!;
  return { client, head, requestId, upstream: tunnels.at(-1)! };
}

const rowsOf = async (requestId: string) => (await under.events()).filter(({ id }) => id === requestId);
const untilRows = (requestId: string, count: number) =>
  eventually(
    () => rowsOf(requestId),
    (rows) => rows.length >= count,
  );

describe('a WebSocket connection', () => {
  it('speaks in both directions, and is one request that counts at 101', async () => {
    const { client, head, requestId, upstream } = await openTunnel();
    expect(head).toMatch(/^connection: upgrade\r$/m);
    expect(head).toMatch(/^upgrade: websocket\r$/m);
    expect(head).toMatch(/^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m);
    expect(head).toContain('usage: "requests";cost=1;billable=?1;reason="ok"');
    expect(upstream.request.headers).toMatchObject({
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-protocol': 'chat',
      'x-consumer-id': under.consumer.application.organizationId,
    });
    expect(upstream.request.headers).not.toHaveProperty('x-api-key');
    expect(await rowsOf(requestId)).toMatchObject([
      {
        seq: 0,
        status: 101,
        outcome: 'checkpoint',
        billable: true,
        countsToQuota: true,
        quantities: { requests: '1' },
      },
    ]);
    client.socket.write(maskedTextFrame('up'));
    await eventually(
      () => upstream.received,
      (received) => received.endsWith('up'),
    );
    upstream.socket.write(textFrame('down!'));
    await client.until('down!');
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    expect(await untilRows(requestId, 2)).toMatchObject([
      { seq: 0 },
      { seq: 1, outcome: 'delivered', bytesIn: 2, bytesOut: 5, quantities: {}, billable: true },
    ]);
  });

  it('is understood by a client of its own', async () => {
    const socket = new WebSocket(under.origin.replace('http', 'ws') + path(), {
      headers: { 'x-api-key': under.consumer.key },
    });
    await once(socket, 'open');
    const message = once(socket, 'message') as Promise<[MessageEvent]>;
    tunnels.at(-1)!.socket.write(textFrame('hello'));
    expect((await message)[0].data).toBe('hello');
    const closed = once(socket, 'close');
    socket.close();
    await eventually(
      () => tunnels.at(-1)!.received,
      (received) => received.includes('\x88'),
    );
    tunnels.at(-1)!.socket.end(Buffer.from([0x88, 0]));
    await closed;
  });

  it('passes on what the client has sent before it had its answer', async () => {
    const client = await RawConnection.open(under.origin);
    client.send(
      webSocketRequest(path(), under.consumer.key).join('\r\n') + maskedTextFrame('early').toString('latin1'),
    );
    await client.until('\r\n\r\n');
    await eventually(
      () => tunnels.at(-1)?.received ?? '',
      (received) => received.includes('early'),
    );
    client.socket.destroy();
  });

  it('is slowed down by the slower side', async () => {
    const { client, upstream } = await openTunnel();
    client.socket.pause();
    const block = Buffer.concat([Buffer.from([0x82, 126, 0xff, 0xff]), Buffer.alloc(65_535)]);
    let sent = 0;
    let isStill = false;
    const fill = (): void => {
      while (sent < 2_000 && upstream.socket.write(block)) sent++;
      if (sent < 2_000) upstream.socket.once('drain', fill);
    };
    fill();
    let last = -1;
    await eventually(
      () => {
        isStill = sent === last;
        last = sent;
        return isStill;
      },
      (still) => still,
    );
    expect(sent).toBeLessThan(500);
    client.socket.destroy();
    upstream.socket.destroy();
  });

  it('whose client is gone ends at the upstream too, and is recorded as aborted', async () => {
    const { client, requestId, upstream } = await openTunnel();
    const closed = once(upstream.socket, 'close');
    client.socket.destroy();
    await closed;
    expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ seq: 1, outcome: 'client_aborted' });
  });

  it('whose upstream breaks ends at the client, and keeps what was counted', async () => {
    const { client, requestId, upstream } = await openTunnel();
    upstream.socket.destroy();
    await client.untilClosed();
    expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ seq: 1, outcome: 'upstream_broke' });
  });

  it('with frames that are none harms nobody', async () => {
    const { client, requestId } = await openTunnel();
    const hostile = Buffer.from([0x8f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    for (let count = 0; count < 1_000; count++) client.socket.write(hostile);
    client.socket.destroy();
    expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ outcome: 'client_aborted', bytesOut: 0 });
    expect((await under.call('/things')).status).toBe(200);
  });
});

describe('the metrics', () => {
  const metrics = () => fetch(`http://127.0.0.1:${under.gateway.adminPort}/metrics`).then((answer) => answer.text());
  const messages = (text: string, direction: string) =>
    Number(
      new RegExp(`^tollgate_gateway_websocket_messages_total\\{direction="${direction}"\\} (\\d+)$`, 'm').exec(
        text,
      )![1],
    );

  it('tell how many connections are open, and how many messages have passed', async () => {
    const { client, upstream } = await openTunnel();
    const before = await metrics();
    expect(before).toMatch(/^tollgate_gateway_open_websockets [1-9]/m);
    for (const text of ['a', 'b']) client.socket.write(maskedTextFrame(text));
    upstream.socket.write(textFrame('c'));
    await client.until('c');
    await eventually(
      metrics,
      (text) =>
        messages(text, 'in') - messages(before, 'in') === 2 && messages(text, 'out') - messages(before, 'out') === 1,
    );
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    await eventually(metrics, (text) => /^tollgate_gateway_open_websockets 0$/m.test(text));
  });
});

describe('a request for WebSocket', () => {
  it('is refused like any other', async () => {
    const client = await openRaw('nonsense');
    const answer = await client.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('"code":"invalid_api_key"');
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(tunnels).toEqual([]);
  });

  it('gets the answer of an upstream that does not switch', async () => {
    under.upstream.answer(200, '{"plain":true}');
    under.upstream.upgrade((_request, socket) => {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnone');
    });
    const count = (await under.events()).length;
    const client = await openRaw();
    const answer = await client.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/none$/);
    const events = await eventually(
      () => under.events(),
      (all) => all.length > count,
    );
    expect(events.at(-1)).toMatchObject({ seq: 0, status: 404, outcome: 'delivered', billable: false });
    under.upstream.upgrade(switchProtocols);
  });

  it('for another protocol, or with a body, is a request like any', async () => {
    for (const headers of [{ upgrade: 'h2c', connection: 'Upgrade' }]) {
      expect((await under.call('/things', { headers })).status).toBe(200);
    }
    expect(under.upstream.requests.at(-1)!.headers).not.toHaveProperty('upgrade');
  });
});

describe('an open connection that may not go on', () => {
  it('is closed with 1008 when its key is revoked, after the last row', async () => {
    const { client, requestId, upstream } = await openTunnel();
    const closed = once(upstream.socket, 'close');
    const { database, consumer } = under;
    const { credential } = consumer;
    const setRevoked = (at: Date | null) =>
      database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query('UPDATE credential SET revoked_at = $2 WHERE id = $1', [credential.id, at]);
        await appendChange(transaction, 'credential', credential.id, database.clock.now());
      });
    await setRevoked(database.clock.now());
    const received = await client.untilClosed();
    await closed;
    expect(received).toContain(`\x88\x0d\x03\xf0key_revoked`);
    expect((await rowsOf(requestId)).at(-1)).toMatchObject({ seq: 1, outcome: 'interrupted', reason: 'key_revoked' });
    await setRevoked(null);
    await under.sync();
  });
});

describe('a long connection', () => {
  it('writes a row at least once a minute, each with what has passed since the one before', async () => {
    const { client, requestId, upstream } = await openTunnel();
    const { clock } = under.database;
    client.socket.write(maskedTextFrame('one'));
    await eventually(
      () => upstream.received,
      (received) => received.includes('one'),
    );
    clock.moveTo(clock.nowMs() + 60_000);
    await untilRows(requestId, 2);
    client.socket.write(maskedTextFrame('three'));
    await eventually(
      () => upstream.received,
      (received) => received.includes('three'),
    );
    clock.moveTo(clock.nowMs() + 60_000);
    await untilRows(requestId, 3);
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    const rows = await untilRows(requestId, 4);
    expect(rows.map(({ seq, outcome, bytesIn }) => [seq, outcome, bytesIn])).toEqual([
      [0, 'checkpoint', 0],
      [1, 'checkpoint', 3],
      [2, 'checkpoint', 5],
      [3, 'delivered', 0],
    ]);
    const periods = new Set(rows.map(({ periodStartMs }) => periodStartMs));
    expect(periods.size).toBe(1);
  });

  it('counts in the period in which its span began', async () => {
    const { client, requestId, upstream } = await openTunnel();
    const { clock } = under.database;
    const [first] = await rowsOf(requestId);
    clock.moveTo(clock.nowMs() + 31 * 86_400_000);
    const [, before] = await untilRows(requestId, 2);
    expect(before!.periodStartMs).toBe(first!.periodStartMs);
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    const last = (await untilRows(requestId, 3)).at(-1)!;
    expect(last.outcome).toBe('delivered');
    expect(last.periodStartMs).toBeGreaterThan(first!.periodStartMs!);
  });
});

describe('a gateway that stops', () => {
  it('closes what is open with 1001, after the last row', async () => {
    const { client, requestId } = await openTunnel();
    const stopped = under.gateway.stop();
    expect(await client.untilClosed()).toContain(`\x88\x11\x03\xe9gateway_stopped`);
    expect((await rowsOf(requestId)).at(-1)).toMatchObject({
      outcome: 'interrupted',
      reason: 'gateway_stopped',
      billable: true,
    });
    await stopped;
  });
});
