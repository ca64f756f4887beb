import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type MeterValue, type PlanDefinition, addDecimals, monthlyPeriodAt } from '#domain';
import { suspendSubscription } from '#services';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { acceptWebSocket, maskedTextFrame, textFrame, webSocketRequest } from '../../support/web-socket.js';

let under: GatewayUnderTest;
let upstream: { socket: Duplex; received: string };
afterEach(() => under.dispose());

const slugOf = { messages: 'messages', request_bytes: 'sent', response_bytes: 'received', seconds: 'seconds' } as const;
type Source = keyof typeof slugOf;

/** A gateway whose meters count these values, with a hard quota for some. */
async function start(values: readonly (MeterValue & { from: Source })[], quotas: Partial<Record<Source, number>> = {}) {
  under = await startGatewayUnderTest(
    {
      meters: [
        { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
        ...values.map((value) => {
          const slug = slugOf[value.from];
          return { slug, title: slug, unit: slug, bindings: [{ selector: '*', weight: '1', value }] };
        }),
      ],
      definition: {
        quotas: Object.entries(quotas).map(([source, limit]): PlanDefinition['quotas'][number] => {
          const meter = slugOf[source as Source];
          return { name: meter, meter, limit, enforcement: 'hard' };
        }),
      },
    },
    { streams: { checkpointMs: 55_000, reviewMs: 20 } },
  );
  under.upstream.upgrade((request: IncomingMessage, socket: Duplex) => {
    const tunnel = { socket, received: '' };
    upstream = tunnel;
    acceptWebSocket(request, socket);
    socket.on('data', (chunk: Buffer) => (tunnel.received += chunk.toString('latin1')));
    socket.on('end', () => socket.end());
  });
}

async function openTunnel() {
  const client = await RawConnection.open(under.origin);
  client.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, under.consumer.key));
  const head = await client.until('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  return { client, requestId: /tollgate-request-id: (\S+)/.exec(head)![1]! };
}

const rowsOf = async (requestId: unknown) => (await under.events()).filter(({ id }) => id === requestId);
const untilRows = (requestId: unknown, count: number) =>
  eventually(
    () => rowsOf(requestId),
    (rows) => rows.length >= count,
  );
const untilReceived = (text: string) =>
  eventually(
    () => upstream.received,
    (received) => received.includes(text),
  );
const sumOf = (rows: Awaited<ReturnType<typeof rowsOf>>, meter: string) =>
  addDecimals(...rows.map(({ quantities }) => quantities[meter] ?? '0'));
const leases = () =>
  under.database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ period_start: Date; granted: string; used: string | null }>(
      'SELECT period_start, granted, used FROM quota_lease ORDER BY period_start, created_at',
    ),
  );

describe('what passes through a WebSocket connection', () => {
  it('is counted minute by minute: messages, bytes and seconds, each row with its own', async () => {
    await start([{ from: 'messages' }, { from: 'request_bytes' }, { from: 'response_bytes' }, { from: 'seconds' }]);
    const { client, requestId } = await openTunnel();
    const { clock } = under.database;
    client.socket.write(Buffer.concat([maskedTextFrame('one'), maskedTextFrame('two')]));
    await untilReceived('two');
    clock.moveTo(clock.nowMs() + 56_000);
    await untilRows(requestId, 2);
    upstream.socket.write(textFrame('three'));
    await client.until('three');
    clock.moveTo(clock.nowMs() + 30_500);
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    const rows = await untilRows(requestId, 3);
    expect(rows.map(({ seq, quantities, overrun }) => [seq, quantities, overrun])).toEqual([
      [0, { requests: '1' }, undefined],
      [1, { messages: '2', sent: '6', seconds: '56' }, undefined],
      [2, { messages: '1', received: '5', seconds: '30.5' }, undefined],
    ]);
  });

  it('reserves anew in the period in which it goes on', async () => {
    await start([{ from: 'messages', maximum: '10' }], { messages: 100 });
    const { client, requestId } = await openTunnel();
    const { clock } = under.database;
    client.socket.write(maskedTextFrame('before'));
    await untilReceived('before');
    clock.moveTo(clock.nowMs() + 31 * 86_400_000);
    await untilRows(requestId, 2);
    for (let count = 1; count <= 12; count++) client.socket.write(maskedTextFrame(`after ${count}`));
    await untilReceived('after 12');
    upstream.socket.end(Buffer.from([0x88, 0]));
    await client.untilClosed();
    const rows = await untilRows(requestId, 3);
    const [first, next] = [...new Set(rows.map(({ periodStartMs }) => periodStartMs))];
    expect(rows.map(({ periodStartMs, quantities }) => [periodStartMs, quantities['messages']])).toEqual([
      [first, undefined],
      [first, '1'],
      [next, '12'],
    ]);
    // All of the old period's leases end with the one message that was used.
    const settled = await eventually(leases, (all) =>
      all.filter(({ period_start }) => period_start.getTime() === first).every(({ used }) => used !== null),
    );
    expect(settled.filter(({ period_start }) => period_start.getTime() === first)).toMatchObject([{ used: '1' }]);
    expect(settled.some(({ period_start }) => period_start.getTime() === next)).toBe(true);
  });
});

describe('a WebSocket connection over its quota', () => {
  it('passes each message that the quota has, and is then closed with 1008', async () => {
    await start([{ from: 'messages', maximum: '10' }], { messages: 25 });
    const { client, requestId } = await openTunnel();
    for (let count = 1; count <= 40; count++) client.socket.write(maskedTextFrame(`no ${count};`));
    expect(await client.untilClosed()).toContain('\x88\x10\x03\xf0quota_exceeded');
    expect(upstream.received.match(/no \d+;/g)).toHaveLength(25);
    const rows = await untilRows(requestId, 2);
    expect(sumOf(rows, 'messages')).toBe('25');
    expect(rows.at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'quota_exceeded' });
    expect(rows.at(-1)).not.toHaveProperty('overrun');
    expect((await under.call('/things')).json()).toMatchObject({ code: 'quota_exceeded' });
  });

  it('ends at the last frame that the reserved bytes pay for', async () => {
    await start([{ from: 'response_bytes', maximum: '8' }], { response_bytes: 20 });
    const { client, requestId } = await openTunnel();
    for (let count = 0; count < 5; count++) upstream.socket.write(textFrame(`five${count}`));
    expect(await client.untilClosed()).toContain('five3\x88\x10\x03\xf0quota_exceeded');
    expect(sumOf(await untilRows(requestId, 2), 'received')).toBe('20');
  });

  it('ends at a frame that is longer than what is ever reserved', async () => {
    await start([{ from: 'request_bytes', maximum: '8' }], { request_bytes: 1_000 });
    const { client, requestId } = await openTunnel();
    client.socket.write(maskedTextFrame('fits'));
    client.socket.write(maskedTextFrame('far too long'));
    expect(await client.untilClosed()).toContain('frame_too_large');
    expect(upstream.received).not.toContain('far');
    expect(sumOf(await untilRows(requestId, 2), 'sent')).toBe('4');
  });

  it('ends when its seconds are over, and counts no more of them', async () => {
    await start([{ from: 'seconds' }], { seconds: 90 });
    const { client, requestId } = await openTunnel();
    const { clock } = under.database;
    clock.moveTo(clock.nowMs() + 59_000);
    await untilRows(requestId, 2);
    clock.moveTo(clock.nowMs() + 32_000);
    expect(await client.untilClosed()).toContain('quota_exceeded');
    const rows = await untilRows(requestId, 3);
    expect(sumOf(rows, 'seconds')).toBe('90');
    expect(rows.at(-1)).toMatchObject({ quantities: { seconds: '31' }, overrun: { seconds: '1' } });
  });

  it.each([
    { reason: 'payment', code: 'payment_required' },
    { reason: 'operator', code: 'subscription_suspended' },
  ] as const)('is closed with 1008 when its subscription is suspended: $reason', async ({ reason, code }) => {
    await start([{ from: 'messages' }]);
    const { client } = await openTunnel();
    const { database, consumer } = under;
    const suspension = { reason, isSuspended: true, note: null, actor: { kind: 'cli', id: null } } as const;
    await suspendSubscription(database.context, { subscriptionId: consumer.subscription.id, ...suspension });
    expect(await client.untilClosed()).toContain(code);
  });
});

describe('an answer that takes longer than a minute', () => {
  async function openStream(type = 'text/event-stream') {
    const reached = Promise.withResolvers<http.ServerResponse>();
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.flushHeaders();
      reached.resolve(response);
    });
    const request = http.request(`${under.url}/things`, { agent: false, headers: { 'x-api-key': under.consumer.key } });
    const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return { response, source: await reached.promise, requestId: response.headers['tollgate-request-id'] };
  }

  it('has what its values have counted in each row, so that a crash loses a minute at most', async () => {
    await start([{ from: 'response_bytes', maximum: '1000' }, { from: 'seconds' }], { response_bytes: 1_000 });
    const { response, source, requestId } = await openStream();
    const { clock } = under.database;
    for (const [index, data] of ['first', 'second one'].entries()) {
      source.write(data);
      await once(response, 'data');
      clock.moveTo(clock.nowMs() + 56_000);
      await untilRows(requestId, index + 1);
    }
    source.end('end');
    await once(response.resume(), 'end');
    const rows = await untilRows(requestId, 3);
    expect(rows.map(({ quantities }) => quantities)).toEqual([
      { requests: '1', received: '5', seconds: '56' },
      { received: '10', seconds: '56' },
      { received: '3' },
    ]);
    await eventually(leases, (all) => all.every(({ granted }) => Number(granted) <= 1_000));
    const { headers } = await under.call('/things', { headers: { connection: 'close' } });
    expect(headers['ratelimit']).toBeDefined();
  });

  it('is broken off when the new period has no room for it', async () => {
    await start([{ from: 'response_bytes', maximum: '1000' }], { response_bytes: 1_000 });
    const { response, source, requestId } = await openStream();
    const { clock, unitOfWork } = under.database;
    source.write('before');
    await once(response, 'data');
    const [row] = await leases();
    const startMs = row!.period_start.getTime();
    const nextPeriod = new Date(monthlyPeriodAt(startMs, startMs).endMs);
    await unitOfWork.inSystem((transaction) =>
      transaction.query(
        `INSERT INTO quota_lease (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch,
           granted, created_at)
         SELECT gen_random_uuid(), organization_id, subscription_id, meter, $1, 'gateway-2', 1, 900, created_at
         FROM quota_lease LIMIT 1`,
        [nextPeriod],
      ),
    );
    const closed = new Promise((resolve) => response.resume().once('close', resolve));
    clock.moveTo(nextPeriod.getTime() + 1_000);
    await closed;
    expect(response.complete).toBe(false);
    const rows = await untilRows(requestId, 3);
    expect(rows.at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'quota_reserved' });
    expect(sumOf(rows, 'received')).toBe('6');
  });
});
