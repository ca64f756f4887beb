import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type MeterBinding, type PlanDefinition, addDecimals } from '#domain';
import { type ChangedNoun, appendChange } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConsumer, aPlanVersion } from '../../support/factories.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { acceptWebSocket, maskedTextFrame, textFrame, webSocketRequest } from '../../support/web-socket.js';

/** Each message counts `weight` units, of which at most ten are reserved at a time. */
const messages = (weight: string): MeterBinding[] => [
  { selector: '*', weight, value: { from: 'messages', maximum: '10' } },
];
const nothing: MeterBinding[] = [];
/** A list of operations that no plan has before a test makes one. */
const withoutReading: Partial<PlanDefinition> = { entitlements: { operations: { deny: ['listThings'] } } };

let under: GatewayUnderTest;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let upstream: { socket: Duplex; received: string };
beforeAll(async () => {
  under = await startGatewayUnderTest(
    {
      meters: [
        { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
        { slug: 'messages', title: 'Messages', unit: 'message', bindings: messages('1') },
        { slug: 'later', title: 'Later', unit: 'message', bindings: nothing },
      ],
      definition: { quotas: [{ name: 'later', meter: 'later', limit: 4, enforcement: 'hard' }] },
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
});
beforeEach(async () => {
  consumer = await aConsumer(under.database, under.catalog);
  await under.sync();
});
afterAll(() => under.dispose());

/** Changes a row, as a service does, and waits until the gateway knows. */
async function change(noun: ChangedNoun, id: string, statement: string, parameters: unknown[]): Promise<void> {
  const { unitOfWork, clock } = under.database;
  await unitOfWork.inSystem(async (transaction) => {
    await transaction.query(statement, parameters);
    await appendChange(transaction, noun, id, clock.now());
  });
  await under.sync();
}

const bindMeter = (slug: string, bindings: MeterBinding[]) =>
  change('catalog', 'all', 'UPDATE meter SET bindings = $2 WHERE slug = $1', [slug, JSON.stringify(bindings)]);

async function changePlanTo(definition: Partial<PlanDefinition>): Promise<void> {
  const planVersion = await aPlanVersion(under.database, await anotherPlan(), definition);
  const { id } = consumer.subscription;
  await change('subscription', id, 'UPDATE subscription_phase SET plan_version_id = $2 WHERE subscription_id = $1', [
    id,
    planVersion.id,
  ]);
}

async function anotherPlan() {
  const { database, catalog } = under;
  const id = database.context.ids.next();
  const plan = { ...catalog.plan, id, slug: `plan-${id.slice(-8)}` };
  await database.unitOfWork.inSystem((transaction) => transaction.repository('plan').insert(plan));
  return plan;
}

async function openTunnel(key = consumer.key) {
  const client = await RawConnection.open(under.origin);
  client.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, key));
  const head = await client.until('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  return { client, requestId: /tollgate-request-id: (\S+)/.exec(head)![1]! };
}

async function openEvents() {
  const reached = Promise.withResolvers<http.ServerResponse>();
  under.upstream.handle((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    reached.resolve(response);
  });
  const request = http.request(`${under.url}/things`, { agent: false, headers: { 'x-api-key': consumer.key } });
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return { response, source: await reached.promise, requestId: response.headers['tollgate-request-id'] };
}

const rowsOf = async (requestId: unknown) => (await under.events()).filter(({ id }) => id === requestId);
const untilRows = (requestId: unknown, count: number) =>
  eventually(
    () => rowsOf(requestId),
    (rows) => rows.length >= count,
  );
const sumOf = (rows: Awaited<ReturnType<typeof rowsOf>>, meter: string) =>
  addDecimals(...rows.map(({ quantities }) => quantities[meter] ?? '0'));

async function say(client: RawConnection, text: string): Promise<void> {
  client.socket.write(maskedTextFrame(text));
  await eventually(
    () => upstream.received,
    (received) => received.includes(text),
  );
}

async function hangUp(client: RawConnection): Promise<void> {
  upstream.socket.end(Buffer.from([0x88, 0]));
  await client.untilClosed();
}

describe('an open stream whose plan is changed for one without its operation', () => {
  it('is closed with 1008 when it is a WebSocket connection, after its last row', async () => {
    const { client, requestId } = await openTunnel();
    await changePlanTo(withoutReading);
    expect(await client.untilClosed()).toContain('\x88\x17\x03\xf0operation_not_in_plan');
    const rows = await untilRows(requestId, 2);
    expect(rows.at(-1)).toMatchObject({ seq: 1, outcome: 'interrupted', reason: 'operation_not_in_plan' });
    expect(rows.at(-1)!.planVersionId).toBe(under.catalog.planVersion.id);
  });

  it('is broken off at its next checkpoint when it is a long answer', async () => {
    const { response, source, requestId } = await openEvents();
    source.write('data: 1\n\n');
    await once(response, 'data');
    await changePlanTo({ entitlements: { operations: { deny: ['GET /things'] } } });
    const closed = new Promise((resolve) => response.resume().once('close', resolve));
    const { clock } = under.database;
    clock.moveTo(clock.nowMs() + 56_000);
    await closed;
    expect(response.complete).toBe(false);
    const rows = await untilRows(requestId, 2);
    expect(rows.at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'operation_not_in_plan' });
    expect(rows.map(({ bytesOut }) => bytesOut)).toEqual([9, 0]);
  });

  it('goes on under a plan that has it, in a row of its own', async () => {
    const { client, requestId } = await openTunnel();
    await say(client, 'before');
    await changePlanTo({ entitlements: { operations: { allow: ['listThings'] } } });
    await untilRows(requestId, 2);
    await say(client, 'after');
    await hangUp(client);
    const rows = await untilRows(requestId, 3);
    const { id } = under.catalog.planVersion;
    expect(rows.map(({ planVersionId, quantities }) => [planVersionId === id, quantities['messages']])).toEqual([
      [true, undefined],
      [true, '1'],
      [false, '1'],
    ]);
  });
});

describe('an open stream under a changed catalogue', () => {
  it('writes no row of its own when nothing of it has changed', async () => {
    const { client, requestId } = await openTunnel();
    await change('catalog', 'all', `UPDATE api_product SET title = 'Other'`, []);
    await say(client, 'after');
    await hangUp(client);
    expect((await untilRows(requestId, 2)).map(({ seq, outcome }) => [seq, outcome])).toEqual([
      [0, 'checkpoint'],
      [1, 'delivered'],
    ]);
  });

  it('counts by the weight of now what passes from now on', async () => {
    const { client, requestId } = await openTunnel();
    for (const text of ['one', 'two']) await say(client, text);
    await bindMeter('messages', messages('0.5'));
    await untilRows(requestId, 2);
    await say(client, 'three');
    await bindMeter('messages', messages('3'));
    await untilRows(requestId, 3);
    await say(client, 'four');
    await hangUp(client);
    const rows = await untilRows(requestId, 4);
    expect(rows.map(({ quantities }) => quantities['messages'])).toEqual([undefined, '2', '0.5', '3']);
    await bindMeter('messages', messages('1'));
  });

  it('is held to the hard quota of a meter that came to count it', async () => {
    await bindMeter('messages', nothing);
    const { client, requestId } = await openTunnel();
    await say(client, 'free');
    // The catalogue changes while a frame is under way: its head has passed, and part of its text.
    upstream.socket.write(textFrame('half a frame').subarray(0, 6));
    await client.until('half');
    await bindMeter('later', messages('1'));
    await untilRows(requestId, 2);
    upstream.socket.write(textFrame('half a frame').subarray(6));
    await client.until('half a frame');
    for (let count = 1; count <= 6; count++) client.socket.write(maskedTextFrame(`no ${count};`));
    expect(await client.untilClosed()).toContain('quota_exceeded');
    expect(upstream.received.match(/no \d;/g)).toHaveLength(3);
    const rows = await untilRows(requestId, 3);
    expect(sumOf(rows, 'later')).toBe('4');
    expect(rows.every(({ overrun }) => overrun === undefined)).toBe(true);
    await bindMeter('later', nothing);
    await bindMeter('messages', messages('1'));
  });

  it('ends when its operation is not there any more, or its API in no product of its application', async () => {
    const { version, product } = under.catalog;
    const first = await openTunnel();
    const routes = (kept: typeof version.routes) =>
      change('catalog', 'all', 'UPDATE api_version SET routes = $2 WHERE id = $1', [version.id, JSON.stringify(kept)]);
    await routes(version.routes.filter(({ operation }) => operation !== 'listThings'));
    expect(await first.client.untilClosed()).toContain('operation_removed');
    await routes(version.routes);
    const second = await openTunnel();
    const parameters = [product.id, under.catalog.api.id];
    const row = 'api_product_api WHERE api_product_id = $1 AND api_id = $2';
    await change('catalog', 'all', `DELETE FROM ${row}`, parameters);
    expect(await second.client.untilClosed()).toContain('not_subscribed');
    await change('catalog', 'all', 'INSERT INTO api_product_api (api_product_id, api_id) VALUES ($1, $2)', parameters);
    expect((await rowsOf(second.requestId)).at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'not_subscribed' });
  });

  it('ends when the API does not allow its address any more', async () => {
    const { id, policies } = under.catalog.version;
    const { client, requestId } = await openTunnel();
    const apply = (kept: object) =>
      change('catalog', 'all', 'UPDATE api_version SET policies = $2 WHERE id = $1', [id, kept]);
    await apply({ ...policies, addresses: { allow: [], deny: ['127.0.0.0/8'] } });
    expect(await client.untilClosed()).toContain('address_not_allowed');
    await apply(policies);
    expect((await rowsOf(requestId)).at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'address_not_allowed' });
  });

  it('ends when its key is restricted to other operations', async () => {
    const { client } = await openTunnel();
    const restrictions = { allowedAddresses: [], products: [], operations: ['POST /things'] };
    const { id } = consumer.credential;
    await change('credential', id, 'UPDATE credential SET restrictions = $2 WHERE id = $1', [id, restrictions]);
    expect(await client.untilClosed()).toContain('operation_not_in_scope');
  });
});
