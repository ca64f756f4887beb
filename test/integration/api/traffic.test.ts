import { randomUUID } from 'node:crypto';
import type { TrafficSpan } from '#domain';
import { writeTraffic } from '#persistence';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const start = new Date('2026-11-10T10:00:30Z');
const actor = { kind: 'cli', id: null } as const;
const MINUTE = 60_000;
const ofVersion = (name: string) => `/api/v1/publisher/apis/weather/versions/${name}`;
const version = ofVersion('v1');
const product = '/api/v1/publisher/products/weather';

interface Summary {
  readonly calls: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number } | null;
}
interface Traffic {
  readonly code?: string;
  readonly total: Summary;
  readonly groups: readonly (Summary & { readonly id: string | null; readonly label: string })[];
  readonly buckets: readonly (Summary & { readonly at: string; readonly group: string | null })[];
}
interface Splits {
  readonly code?: string;
  readonly detail?: string;
  readonly subsets: readonly { readonly name: string; readonly targets: readonly string[] }[];
  readonly splits: readonly {
    readonly rule: string | null;
    readonly shares: object[];
    readonly writtenShares: object[] | null;
  }[];
}

const shares = (stable: number, canary: number) => [
  { subset: 'stable', weight: stable },
  { subset: 'canary', weight: canary },
];
const fileOf = (split: readonly object[], title = 'Weather') => ({
  apis: [
    {
      ...weatherApi({
        v1: {
          upstream: {
            targets: [
              { url: 'http://user:secret@127.0.0.1:9/', subset: 'stable' },
              { url: 'http://127.0.0.1:10/', subset: 'canary' },
            ],
            traffic: {
              rules: [{ name: 'testers', match: [{ headers: { 'x-canary': { exact: 'yes' } } }], subset: 'canary' }],
              default: { split },
            },
          },
        },
        v2: {},
      }),
      title,
    },
  ],
  products: [weatherProduct({ plans: [] })],
});

let database: TestDatabase;
let api: RunningApi;
let ada: Person;
let bob: Person;
let v1: string;
beforeAll(async () => {
  database = await createTestDatabase(start.toISOString());
  api = await RunningApi.start(database);
  await applyFile(database, fileOf(shares(95, 5)));
  [{ id: v1 }] = (await rows<{ id: string }>(`SELECT id FROM api_version WHERE name = 'v1'`)) as [{ id: string }];
  await rows(`INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $2)`, [
    randomUUID(),
    start,
  ]);
  [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
  await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
  await grantStaff(database.context, { email: bob.email, grant: { team: 'sea' }, actor });
});
afterAll(async () => {
  await api.stop();
  await database.dispose();
});

const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
  database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
const get = <Body>(address: string, as = ada) => api.call<Body>(address, { as });

describe('traffic for a publisher', () => {
  const span = (minutesAgo: number, changes: Partial<TrafficSpan> = {}): TrafficSpan => ({
    apiVersionId: v1,
    startsAtMs: Math.floor(start.getTime() / MINUTE - minutesAgo) * MINUTE,
    operation: 'getNow',
    subset: 'stable',
    mode: 'live',
    statusClass: 2,
    calls: 10,
    total: { buckets: [50, 70], counts: [9, 1] },
    upstream: { buckets: [49], counts: [10] },
    ...changes,
  });
  beforeAll(() =>
    database.unitOfWork.inSystem((transaction) =>
      writeTraffic(transaction, { gatewayId: 'gateway-1', epoch: 1 }, [
        span(0),
        span(5),
        span(5, { subset: 'canary', statusClass: 5, calls: 2, total: { buckets: [70], counts: [2] } }),
        span(5, { operation: 'getYear', statusClass: 4, calls: 1 }),
        span(5, { mode: 'test', calls: 7 }),
        span(300),
        span(5, { apiVersionId: randomUUID(), calls: 99 }),
      ]),
    ),
  );

  it('has the calls of the time that is asked for, with failures and percentiles, live ones unless said', async () => {
    const { body, status } = await get<Traffic>(`${version}/traffic?minutes=60`);
    expect(status).toBe(200);
    expect(body.total).toMatchObject({ calls: 23, clientErrors: 1, serverErrors: 2 });
    expect(body.buckets.map(({ at, calls }) => [at, calls])).toEqual([
      ['2026-11-10T09:55:00.000Z', 13],
      ['2026-11-10T10:00:00.000Z', 10],
    ]);
    const { p50Ms, p95Ms } = body.total.latency!;
    // What latencyOfBucket says of the buckets 50 and 70.
    expect([p50Ms, p95Ms]).toEqual([11.18, 75.21]);
    expect((await get<Traffic>(`${version}/traffic?mode=test`)).body.total.calls).toBe(7);
    expect((await get<Traffic>(`${version}/traffic?minutes=600&bucket=hour`)).body.total.calls).toBe(33);
  });

  it('is told apart by subset and by operation, the busiest first, the rest together', async () => {
    const bySubset = (await get<Traffic>(`${version}/traffic?groupBy=subset`)).body;
    expect(bySubset.groups.map(({ label, calls, serverErrors }) => [label, calls, serverErrors])).toEqual([
      ['stable', 21, 0],
      ['canary', 2, 2],
    ]);
    expect((await get<Traffic>(`${version}/traffic?groupBy=subset&subset=canary`)).body.total.calls).toBe(2);
    const byOperation = (await get<Traffic>(`${product}/traffic?groupBy=operation`)).body;
    expect(byOperation.groups.map(({ id, label, calls }) => [id, label, calls])).toEqual([
      [`${v1}/getNow`, 'getNow (weather v1)', 22],
      [`${v1}/getYear`, 'getYear (weather v1)', 1],
    ]);
    const one = (await get<Traffic>(`${product}/traffic?groupBy=operation&limit=1`)).body;
    expect(one.groups.map(({ id, label, calls }) => [id, label, calls])).toEqual([
      [`${v1}/getNow`, 'getNow (weather v1)', 22],
      [null, 'All others', 1],
    ]);
    expect((await get<Traffic>(`${product}/traffic?apiVersionId=${randomUUID()}`)).body.total.calls).toBe(0);
    expect((await get<Traffic>(`${product}/traffic?operation=getYear`)).body.total.calls).toBe(1);
  });

  it('is refused where nobody could look at it, in words that say what to do', async () => {
    const many = await get<Traffic>(`${version}/traffic?minutes=40000&bucket=minute`);
    expect([many.status, many.body.code]).toEqual([400, 'traffic_range_invalid']);
    expect(many.text).toContain('ask for larger spans');
    expect((await get<Traffic>(`${version}/traffic?minutes=1440&groupBy=operation`)).body.code).toBe(
      'traffic_range_invalid',
    );
    expect((await get(`${version}/traffic?minutes=99999999`)).status).toBe(400);
    expect((await get(`${version}/traffic?groupBy=organization`)).status).toBe(400);
  });

  it('is of one’s own products and versions only: others are not there', async () => {
    for (const address of [`${version}/traffic`, `${version}/splits`, `${product}/traffic`])
      expect((await get(address, bob)).status).toBe(404);
    const body = { splits: [{ shares: shares(1, 1) }] };
    const headers = { 'if-match': '*' };
    expect((await api.call(`${version}/splits`, { as: bob, method: 'PATCH', body, headers })).status).toBe(404);
  });
});

describe('the shares of subsets', () => {
  const read = () => get<Splits>(`${version}/splits`);
  const change = (body: unknown, ifMatch: string | null) =>
    api.call<Splits>(`${version}/splits`, {
      as: ada,
      method: 'PATCH',
      body,
      ...(ifMatch !== null && { headers: { 'if-match': ifMatch } }),
    });
  const inForce = async () => (await read()).body.splits.map(({ rule, shares: now }) => [rule, now]);
  const lastChange = async () => {
    const [row] = await rows<{ max: string }>('SELECT max(number)::text AS max FROM change_log');
    return Number(row!.max);
  };

  it('are read with the subsets and what each rule says; a password in an address is not told', async () => {
    const { body } = await read();
    expect(body.subsets).toEqual([
      { name: 'stable', targets: ['http://127.0.0.1:9/'] },
      { name: 'canary', targets: ['http://127.0.0.1:10'] },
    ]);
    expect(body.splits).toEqual([
      { rule: 'testers', shares: [{ subset: 'canary', weight: 1 }], writtenShares: null },
      { rule: null, shares: shares(95, 5), writtenShares: null },
    ]);
    expect((await get<Splits>(`${ofVersion('v2')}/splits`)).body).toEqual({ subsets: [], splits: [] });
  });

  it('are changed only by whoever saw what is there, and once', async () => {
    const etag = (await read()).headers.get('etag')!;
    const body = { splits: [{ shares: shares(90, 10) }] };
    expect((await change(body, null)).body.code).toBe('if_match_needed');
    const changed = await change(body, etag);
    expect(changed.status).toBe(200);
    expect(changed.body.splits[1]).toEqual({ rule: null, shares: shares(90, 10), writtenShares: shares(95, 5) });
    expect(changed.headers.get('etag')).toBe((await read()).headers.get('etag'));
    expect((await change(body, etag)).body.code).toBe('changed_meanwhile');
  });

  it('are told to gateways and written down, unless nothing changes', async () => {
    const before = await lastChange();
    await change({ splits: [{ shares: shares(9, 1) }] }, '*');
    expect(await lastChange()).toBe(before + 1);
    await change({ splits: [{ shares: shares(9, 1).toReversed() }] }, '*');
    expect(await lastChange()).toBe(before + 1);
    const [entry] = await rows<{ actor_id: string; action: string; noun_id: string; details: object }>(
      `SELECT actor_id, action, noun_id, details FROM audit_log WHERE noun = 'API version' ORDER BY created_at DESC, id DESC LIMIT 1`,
    );
    expect(entry).toEqual({
      actor_id: ada.userId,
      action: 'split',
      noun_id: 'weather/v1',
      details: { splits: [{ rule: null, from: shares(90, 10), to: shares(9, 1) }] },
    });
  });

  it('are all changed or none, and faults say which', async () => {
    const now = await inForce();
    const refused = async (splits: readonly object[]) => {
      const { status, body } = await change({ splits }, '*');
      return [status, body.code, body.detail];
    };
    expect(await refused([{ shares: shares(1, 1) }, { rule: 'nobody', shares: shares(1, 1) }])).toEqual([
      404,
      'traffic_rule_not_found',
      'There is no rule "nobody": there are testers.',
    ]);
    expect((await refused([{ shares: [{ subset: 'blue', weight: 1 }] }]))[2]).toContain('there are stable, canary');
    expect((await refused([{ shares: [...shares(1, 1), { subset: 'canary', weight: 2 }] }]))[1]).toBe('shares_invalid');
    expect((await refused([{ shares: shares(0, 0) }]))[1]).toBe('shares_invalid');
    for (const weight of [-1, 0.5, 1e9, '5'])
      expect((await refused([{ shares: [{ subset: 'canary', weight }] }]))[0]).toBe(400);
    expect((await refused([]))[0]).toBe(400);
    expect(await inForce()).toEqual(now);
    const other = await api.call<Splits>(`${ofVersion('v2')}/splits`, {
      as: ada,
      method: 'PATCH',
      body: { splits: [{ shares: shares(1, 1) }] },
      headers: { 'if-match': '*' },
    });
    expect([other.status, other.body.code]).toEqual([409, 'no_subsets']);
  });

  it('stay when a file is applied that says what it said, which the apply tells; and go when it says others', async () => {
    await change({ splits: [{ rule: 'testers', shares: shares(1, 0) }, { shares: shares(1, 0) }] }, '*');
    const changes = await applyFile(database, fileOf(shares(95, 5)));
    expect(changes.map(({ action, name }) => [action, name])).toEqual([['keep', 'weather/v1']]);
    expect(changes[0]!.remarks).toEqual([
      expect.stringContaining('upstream.traffic.rules.testers: stable 1, canary 0 was set since the file was applied'),
      expect.stringContaining('the file says stable 95, canary 5'),
    ]);
    expect(await inForce()).toEqual([
      ['testers', shares(1, 0)],
      [null, shares(1, 0)],
    ]);
    const known = await lastChange();
    await applyFile(database, fileOf(shares(95, 5)));
    expect(await lastChange()).toBe(known);
    await applyFile(database, fileOf(shares(80, 20)));
    expect((await read()).body.splits).toEqual([
      { rule: 'testers', shares: shares(1, 0), writtenShares: [{ subset: 'canary', weight: 1 }] },
      { rule: null, shares: shares(80, 20), writtenShares: null },
    ]);
  });

  it('are taken back to what was written', async () => {
    await change({ splits: [{ rule: 'testers', shares: null }] }, '*');
    expect((await read()).body.splits.map(({ writtenShares }) => writtenShares)).toEqual([null, null]);
    expect(await applyFile(database, fileOf(shares(80, 20)))).toEqual([]);
  });

  it('of another version that begins with the same upstream are its own', async () => {
    await change({ splits: [{ shares: shares(1, 0) }] }, '*');
    const body = {
      name: 'v3',
      basePath: '/weather/v3',
      like: 'v1',
      source: '{"openapi":"3.1.0","info":{"title":"W","version":"3"},"paths":{}}',
    };
    const created = await api.call('/api/v1/publisher/apis/weather/versions', { as: ada, body });
    expect(created.status).toBe(201);
    const { splits } = (await get<Splits>(`${ofVersion('v3')}/splits`)).body;
    expect(splits.at(-1)).toEqual({ rule: null, shares: shares(1, 0), writtenShares: null });
  });
});
