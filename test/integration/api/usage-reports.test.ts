import {
  closeDuePeriods,
  createIngestToken,
  ingestSegment,
  listIngestTokens,
  revokeIngestToken,
  verifyLedger,
} from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { RunningApi } from './running-api.js';

const anchor = new Date('2026-02-01T00:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const peppers = [{ id: '1', secret: Buffer.alloc(32, 7) }];

interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly requestIds: readonly string[];
  readonly code?: string;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
}

describe('reports of usage that no gateway has seen', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let own: SubscriptionRow;
  let foreign: SubscriptionRow;
  let token: string;
  let nextId = 0;

  beforeAll(async () => {
    database = await createTestDatabase(anchor.toISOString());
    api = await RunningApi.start(database, { KEY_PEPPERS: `1:${peppers[0]!.secret.toString('base64')}` });
    own = await aSubscription(database, { anchorAt: anchor });
    foreign = await aSubscription(database, { anchorAt: anchor, organizationName: 'Grace Ltd' });
    database.clock.moveTo('2026-02-10T12:00:00Z');
    token = (
      await createIngestToken(database.context, { publisher: await publisherOf(own), name: 'batch', peppers, actor })
    ).token;
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const publisherOf = async ({ apiProductId }: SubscriptionRow) =>
    (
      await rows<{ slug: string }>(
        `SELECT publisher_team.slug FROM api_product JOIN publisher_team ON publisher_team.id = publisher_team_id WHERE api_product.id = $1`,
        [apiProductId],
      )
    )[0]!.slug;
  const anEvent = (overrides: Readonly<Record<string, unknown>> = {}) => ({
    specversion: '1.0',
    type: 'tollgate.usage',
    source: 'batch-1',
    id: `event-${++nextId}`,
    subject: own.id,
    time: '2026-02-10T11:00:00Z',
    data: { quantities: { requests: '2.5' } },
    ...overrides,
  });
  const report = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    api.call<Outcome>('/api/v1/usage-reports', {
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json', ...headers },
    });
  const counted = async () =>
    (
      await rows<{ units: string; events: number }>(
        `SELECT coalesce(sum(quantity_sum), 0)::float::text AS units, coalesce(sum(event_count), 0)::integer AS events FROM usage_rollup`,
      )
    )[0]!;

  it('are counted once, single or many, under their names, however often they are sent', async () => {
    const single = await report(anEvent(), { 'content-type': 'application/cloudevents+json; charset=utf-8' });
    expect(single).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 0 } });
    const batch = [
      anEvent(),
      anEvent({ data: { quantities: { requests: 4 }, operation: 'nightly', billable: false } }),
    ];
    const first = await report(batch);
    expect(first.body).toMatchObject({ accepted: 2, duplicates: 0 });
    const again = await report([
      ...batch.map((event) => ({ ...event, time: '2026-02-09T00:00:00Z' })),
      anEvent({ time: undefined }),
      batch[0],
    ]);
    expect(again.body).toMatchObject({ accepted: 1, duplicates: 3 });
    expect(again.body.requestIds.slice(0, 2)).toEqual(first.body.requestIds);
    expect(again.body.requestIds[3]).toBe(first.body.requestIds[0]);
    expect(await counted()).toEqual({ units: '11.5', events: 4 });
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
    const [row] = await rows(
      `SELECT operation, method, billable, counts_to_quota AS quota FROM usage_event WHERE id = $1`,
      [first.body.requestIds[1]],
    );
    expect(row).toEqual({ operation: 'nightly', method: 'REPORT', billable: false, quota: false });
  });

  it('are counted once when many senders send the same at the same time', async () => {
    const before = await counted();
    const batch = Array.from({ length: 20 }, () => anEvent());
    const answers = await Promise.all(Array.from({ length: 6 }, () => report(batch)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20);
    expect((await counted()).events).toBe(before.events + 20);
    expect(new Set(answers.map(({ body }) => body.requestIds.join())).size).toBe(1);
  });

  it.each([
    ['another kind of event', { type: 'com.example.created' }, 'body.1.type'],
    ['no version', { specversion: undefined }, 'body.1.specversion'],
    ['no id', { id: '' }, 'body.1.id'],
    ['a subject that is none', { subject: 'acme' }, 'body.1.subject'],
    ['a time without a zone', { time: '2026-02-10T11:00:00' }, 'body.1.time'],
    ['a time that is ahead', { time: '2026-02-10T12:05:01Z' }, 'body.1.time'],
    ['a time before the subscription', { time: '2026-01-31T23:00:00Z' }, 'body.1.time'],
    ['a meter that the product has not', { data: { quantities: { tokens: '1' } } }, 'body.1.data.quantities.tokens'],
    ['a number with a fraction', { data: { quantities: { requests: 2.5 } } }, 'body.1.data.quantities.requests'],
    ['less than nothing', { data: { quantities: { requests: '-1' } } }, 'body.1.data.quantities.requests'],
    ['no quantities', { data: {} }, 'body.1.data.quantities'],
    ['something unknown', { data: { quantities: { requests: '1' }, price: '0' } }, 'body.1.data.price'],
    [
      'another product than the subscription’s',
      { data: { quantities: { requests: '1' }, product: 'maps' } },
      'body.1.data.product',
    ],
    ['a product that is no text', { data: { quantities: { requests: '1' }, product: 7 } }, 'body.1.data.product'],
    ['bytes for data', { data_base64: 'AAAA' }, 'body.1.data_base64'],
  ])('are refused as a whole for %s, which is named', async (_, overrides, path) => {
    const before = await counted();
    const { status, body } = await report([anEvent(), anEvent(overrides), anEvent()]);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'usage_report_refused' });
    expect(body.faults!.map((fault) => fault.path)).toEqual([path]);
    expect(await counted()).toEqual(before);
  });

  it('are counted for an application, as upstreams know callers, on its subscription, and once', async () => {
    const before = await counted();
    const event = anEvent({ subject: own.applicationId, time: undefined });
    const first = await report([event]);
    expect(first.body).toMatchObject({ accepted: 1, duplicates: 0 });
    const [row] = await rows(
      `SELECT subscription_id AS subscription, application_id AS application FROM usage_event WHERE id = $1`,
      [first.body.requestIds[0]],
    );
    expect(row).toEqual({ subscription: own.id, application: own.applicationId });
    const named = { ...event, data: { ...event.data, product: own.product } };
    expect((await report([{ ...named, id: `${event.id}-named` }])).body).toMatchObject({ accepted: 1 });
    // The subscription may be over when the repetition comes.
    const end = (at: string | null) =>
      rows(`UPDATE subscription_phase SET ends_at = $2 WHERE subscription_id = $1`, [own.id, at]);
    await end('2026-02-10T11:59:00Z');
    const { status, body } = await report([event, { ...event, id: `${event.id}-late` }]);
    expect({ status, faults: body.faults?.map(({ path }) => path) }).toEqual({ status: 400, faults: ['body.1.time'] });
    expect((await report([event])).body).toEqual({ ...first.body, accepted: 0, duplicates: 1 });
    await end(null);
    expect(await counted()).toEqual({ units: String(Number(before.units) + 5), events: before.events + 2 });
  });

  it('name a foreign subscription exactly as one that does not exist', async () => {
    expect(await publisherOf(foreign)).not.toBe(await publisherOf(own));
    const answers = await Promise.all(
      [foreign.id, '01900000-0000-7000-8000-000000000000', foreign.applicationId].map((subject) =>
        report([anEvent({ subject })]),
      ),
    );
    expect(answers[0]!.body.faults).toEqual(answers[1]!.body.faults);
    expect(answers[2]!.body.faults).toEqual(answers[1]!.body.faults);
    expect(answers[0]!.status).toBe(400);
  });

  it('refuse a name that was used for something else', async () => {
    const event = anEvent();
    await report([event]);
    const other = { ...event, data: { quantities: { requests: '3' } } };
    expect((await report([anEvent(), other])).body).toMatchObject({ faults: [{ path: 'body.1.id' }] });
    const fresh = anEvent();
    expect((await report([fresh, { ...fresh, data: { quantities: { requests: '3' } } }])).body).toMatchObject({
      faults: [{ path: 'body.1.id' }],
    });
  });

  it('need a token of their own that works, and a body of JSON of a fair size', async () => {
    const body = [anEvent()];
    const damaged = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    for (const authorization of [
      '',
      'Bearer ',
      `Bearer ${damaged}`,
      `Basic ${token}`,
      `Bearer tg_live_${token.slice(4)}`,
    ]) {
      expect(await report(body, { authorization })).toMatchObject({
        status: 401,
        body: { code: 'ingest_token_needed' },
      });
    }
    expect((await report([])).status).toBe(400);
    expect((await report(Array.from({ length: 1_001 }, () => anEvent()))).body.code).toBe('usage_report_size');
    expect((await report(body, { 'content-type': 'text/plain' })).status).toBe(415);
    const raw = await fetch(`${api.url}/api/v1/usage-reports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents+json' },
      body: '{"specversion":',
    });
    expect(raw.status).toBe(400);
    const [listed] = await listIngestTokens(database.context);
    expect(listed).toMatchObject({ name: 'batch', lastUsedAt: new Date('2026-02-10T12:00:00Z'), revokedAt: null });
    expect(JSON.stringify(listed)).not.toContain(token.split('_')[2]);
  });

  it('count a value of their attributes once, of which only a hash is kept', async () => {
    await rows(
      `INSERT INTO meter VALUES ($1, $2, 'users', 'Users', 'user', 'unique', '[]', '{"from": "report", "pointer": "/user/id"}'),
         ($3, $2, 'keys', 'Keys', 'key', 'unique', '[]', '{"from": "credential"}')`,
      [database.context.ids.next(), own.apiProductId, database.context.ids.next()],
    );
    const of = (user: unknown, quantities: Readonly<Record<string, string>> = { users: '1' }) =>
      anEvent({ data: { quantities, attributes: { user: { id: user, mail: 'ada@example.com' } } } });
    const events = [of('ada@example.com'), of('grace'), of('ada@example.com'), of(7), of('7')];
    expect((await report(events)).body).toMatchObject({ accepted: 5 });
    const reordered = {
      ...events[0],
      data: { attributes: { user: { mail: 'ada@example.com', id: 'ada@example.com' } }, quantities: { users: '1' } },
    };
    expect((await report([reordered])).body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await rows(`SELECT count(*)::integer AS values FROM usage_distinct_value WHERE meter = 'users'`)).toEqual([
      { values: 3 },
    ]);
    const [stored] = await rows<{ text: string }>(
      `SELECT string_agg(event::text, '') AS text FROM usage_event AS event WHERE distinct_values IS NOT NULL`,
    );
    expect(stored!.text).not.toContain('@');
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });

    const faultOf = async (event: unknown) => (await report([event])).body.faults![0];
    expect(await faultOf(of(''))).toMatchObject({ path: 'body.0.data.attributes.user.id' });
    expect(await faultOf(anEvent({ data: { quantities: { users: '1' } } }))).toMatchObject({
      path: 'body.0.data.attributes.user.id',
    });
    expect(await faultOf(of('ada', { keys: '1' }))).toMatchObject({ path: 'body.0.data.quantities.keys' });
    expect(
      await faultOf({ ...events[0], data: { quantities: { users: '1' }, attributes: { user: { id: 'bob' } } } }),
    ).toMatchObject({
      path: 'body.0.id',
    });
    expect(await faultOf(of('x'.repeat(1_001)))).toMatchObject({ path: 'body.0.data.attributes' });
  });

  it('are known by their name also when a repetition says a time at which nothing could be used', async () => {
    const event = anEvent();
    const first = await report([event]);
    const again = await report([{ ...event, time: '2020-01-01T00:00:00Z' }]);
    expect(again.body).toEqual({ accepted: 0, duplicates: 1, requestIds: first.body.requestIds });
  });

  it('settle in the next open period when their own is closed, and are on its invoice', async () => {
    database.clock.moveTo('2026-03-01T02:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    database.clock.moveTo('2026-03-02T00:00:00Z');
    const { body } = await report([anEvent({ time: '2026-02-20T00:00:00Z' })]);
    const [late] = await rows(
      `SELECT period_start AS period, settles_in AS settles FROM usage_event WHERE id = $1`,
      body.requestIds,
    );
    expect(late).toEqual({ period: anchor, settles: new Date('2026-03-01T00:00:00Z') });
    await ingestSegment(
      database.context,
      await aSegmentJob([aUsageEvent(own, { at: new Date('2026-03-01T12:00:00Z') })]),
    );
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('end with their token', async () => {
    const tokenId = token.split('_')[1]!;
    await revokeIngestToken(database.context, { tokenId, actor });
    expect((await report([anEvent()])).status).toBe(401);
    await expect(revokeIngestToken(database.context, { tokenId, actor })).rejects.toThrow(/no token/);
  });
});
