import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CircuitBreakerPolicy, RetryPolicy, TrafficPolicy, Upstream } from '#domain';
import { changeShares, createApplication } from '#services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { aConsumer, aCredential, aSubscriptionTo, anOrganization } from '../../support/factories.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
let log: string;
let descriptor: number;
let stable: TestUpstream;
let canary: TestUpstream;
let twin: TestUpstream;
beforeAll(async () => {
  log = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-traffic-')), 'log');
  descriptor = fs.openSync(log, 'a');
  const cache = { routes: [{ selector: 'getThing', scope: 'shared' as const, maxBodyBytes: 1_000 }] };
  under = await startGatewayUnderTest(
    { version: { policies: { cache } } },
    { accessLog: 'all', accessLogDescriptor: descriptor },
  );
});
afterAll(async () => {
  await under.dispose();
  fs.closeSync(descriptor);
  fs.rmSync(path.dirname(log), { recursive: true });
});
beforeEach(async () => {
  [stable, canary, twin] = await Promise.all([startUpstream(), startUpstream(), startUpstream()]);
  stable.answer(200, 'stable');
  canary.answer(200, 'canary');
  twin.answer(200, 'twin');
  return async () => {
    await Promise.all([stable, canary, twin].map((upstream) => upstream.close()));
  };
});

const retries: RetryPolicy = {
  attempts: 3,
  retryOn: ['5xx'],
  retriableStatusCodes: [],
  methods: ['GET'],
  perTryTimeoutMs: null,
  backOffMs: 1,
  maxReplayBytes: 1_000,
  budgetPercent: 100,
};
const all = (subset: string) => [{ subset, weight: 1 }];
const defaultSplit = all('stable');
const rule = (match: TrafficPolicy['rules'][number]['match'][number], split = all('canary')) => ({
  rules: [{ name: 'rule', match: [match], split }],
  defaultSplit,
});
/** The canary is in one place, or with its twin in two. */
const route = (traffic: TrafficPolicy, { twins = false, ...changes }: Partial<Upstream> & { twins?: boolean } = {}) =>
  pointUpstreamAt(under, {
    url: stable.url,
    targets: [
      { url: stable.url, weight: 1, subset: 'stable' },
      { url: canary.url, weight: 1, subset: 'canary' },
      ...(twins ? [{ url: twin.url, weight: 1, subset: 'canary' }] : []),
    ],
    traffic,
    ...changes,
  });
const ask = async (place = '/things', headers: Record<string, string> = {}, key = under.consumer.key) =>
  (await under.call(place, { headers, key })).body;

describe('traffic of an upstream with subsets', () => {
  it('goes where the header fields of a call say', async () => {
    await route(rule({ headers: { 'x-canary': { regex: 'y(es)?' } } }));
    expect(await ask('/things', { 'X-Canary': 'yes' })).toBe('canary');
    expect(await ask('/things', { 'X-Canary': 'yesterday' })).toBe('stable');
    expect(await ask()).toBe('stable');
    expect(canary.requests.map(({ url }) => url)).toEqual(['/things']);
  });

  it('goes where the organization that calls says, and its plan; a test key has none', async () => {
    const [named] = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ slug: string }>('SELECT slug FROM organization WHERE id = $1', [
        under.consumer.application.organizationId,
      ]),
    );
    const other = await aConsumer(under.database, under.catalog);
    await route(rule({ organizations: [named!.slug] }));
    expect([await ask(), await ask('/things', {}, other.key)]).toEqual(['canary', 'stable']);
    const test = await aCredential(under.database, { application: other.application, mode: 'test' });
    await route(rule({ plans: [`${under.catalog.product.slug}/${under.catalog.plan.slug}`] }));
    expect([await ask('/things', {}, other.key), await ask('/things', {}, test.key)]).toEqual(['canary', 'stable']);
  });

  it('goes where its application says, also one that is made after the rule', async () => {
    const organization = await anOrganization(under.database);
    await route(rule({ applications: [`${organization.slug}/Shop / window`] }));
    expect(await ask()).toBe('stable');
    const application = await createApplication(under.database.context, {
      organizationId: organization.id,
      name: 'Shop / window',
      actor: { kind: 'cli', id: null },
    });
    await aSubscriptionTo(under.database, { application, catalog: under.catalog });
    const { key } = await aCredential(under.database, { application });
    await under.sync();
    expect([await ask('/things', {}, key), await ask()]).toEqual(['canary', 'stable']);
  });

  it('keeps each application on its side, and moves some of one side only as the weight grows', async () => {
    const consumers = await Promise.all(Array.from({ length: 24 }, () => aConsumer(under.database, under.catalog)));
    const sidesAt = async (weight: number) => {
      await route({
        rules: [],
        defaultSplit: [
          { subset: 'stable', weight: 100 - weight },
          { subset: 'canary', weight },
        ],
      });
      const sides: string[] = [];
      for (const { key } of consumers) {
        sides.push(await ask('/things', {}, key));
        expect(await ask('/things?again', {}, key)).toBe(sides.at(-1));
      }
      return sides;
    };
    const before = await sidesAt(30);
    expect(new Set(before)).toEqual(new Set(['stable', 'canary']));
    const after = await sidesAt(60);
    expect(after.filter((side) => side === 'canary').length).toBeGreaterThan(
      before.filter((side) => side === 'canary').length,
    );
    for (const [index, side] of before.entries()) if (side === 'canary') expect(after[index]).toBe('canary');
  });

  it('goes nowhere when no rule matches and the default is none: 404, and nothing is counted', async () => {
    await route({ ...rule({ headers: { 'x-canary': { present: true } } }), defaultSplit: [] });
    expect(await ask('/things', { 'x-canary': '1' })).toBe('canary');
    const events = (await under.events()).length;
    const refused = await under.call('/things');
    expect(refused.json()).toMatchObject({ status: 404, code: 'route_not_found' });
    expect(await under.events()).toHaveLength(events);
    expect(stable.requests).toHaveLength(0);
  });

  it('is repeated within its subset', async () => {
    await route({ rules: [], defaultSplit: all('canary') }, { retries, twins: true });
    canary.answer(503);
    expect(await ask()).toBe('twin');
    twin.answer(503);
    expect((await under.call('/things')).status).toBe(503);
    expect(canary.requests.length + twin.requests.length).toBeGreaterThanOrEqual(5);
    expect(stable.requests).toHaveLength(0);
  });

  it('is repeated and waited for as its rule says, and that of no rule as the upstream says', async () => {
    const { rules } = rule({ headers: { 'x-canary': { present: true } } });
    await route({ rules: [{ ...rules[0]!, retries, responseTimeoutMs: 200 }], defaultSplit });
    for (const upstream of [stable, canary]) upstream.answer(500);
    expect((await under.call('/things')).status).toBe(500);
    expect((await under.call('/things', { headers: { 'x-canary': '1' } })).status).toBe(500);
    expect([stable.requests.length, canary.requests.length]).toEqual([1, 4]);
    canary.handle(() => undefined);
    expect((await under.call('/things', { headers: { 'x-canary': '1' } })).status).toBe(504);
  });

  it('is refused while all of its subset rests; the others go on', async () => {
    const circuitBreaker: CircuitBreakerPolicy = { consecutiveFailures: 2, openMs: 60_000, maxConcurrent: null };
    await route(rule({ headers: { 'x-canary': { present: true } } }), { circuitBreaker });
    canary.answer(500);
    const statuses: number[] = [];
    for (let index = 0; index < 3; index++)
      statuses.push((await under.call('/things', { headers: { 'x-canary': '' } })).status);
    expect(statuses).toEqual([500, 500, 503]);
    expect(await ask()).toBe('stable');
    expect(canary.requests).toHaveLength(2);
  });

  it('gets no answer that another subset gave before', async () => {
    await route(rule({ headers: { 'x-canary': { present: true } } }));
    const fresh = { 'cache-control': 'public, max-age=60', date: under.database.clock.now().toUTCString() };
    stable.answer(200, 'stable', fresh);
    canary.answer(200, 'canary', fresh);
    for (let index = 0; index < 2; index++) {
      expect(await ask('/things/1')).toBe('stable');
      expect(await ask('/things/1', { 'x-canary': '1' })).toBe('canary');
    }
    expect([stable.requests.length, canary.requests.length]).toEqual([1, 1]);
  });

  it('goes to other subsets once somebody has changed the shares, and back', async () => {
    await route({ rules: [], defaultSplit: all('stable') });
    const { context } = under.database;
    const version = { api: under.catalog.api.slug, version: under.catalog.version.name, publisherUserId: null };
    const split = async (shares: typeof defaultSplit | null) => {
      await changeShares(context, { ...version, splits: [{ rule: null, shares }], actor: { kind: 'cli', id: null } });
      await under.sync();
    };
    expect(await ask()).toBe('stable');
    await split(all('canary'));
    expect(await ask()).toBe('canary');
    await split(null);
    expect(await ask()).toBe('stable');
  });

  it('is told apart in the access log and in the metrics', async () => {
    await route(rule({ headers: { 'x-canary': { present: true } } }));
    const before = await metricsOf('canary', '5xx');
    canary.answer(500);
    const answer = await under.call('/things', { headers: { 'x-canary': '1' } });
    const line = await eventually(
      () =>
        fs
          .readFileSync(log, 'utf8')
          .split('\n')
          .find((one) => one.includes(String(answer.headers['tollgate-request-id']))),
      (one) => one !== undefined,
    );
    expect(JSON.parse(line!)).toMatchObject({ status: 500, outcome: 'delivered', subset: 'canary' });
    expect(await metricsOf('canary', '5xx')).toBe(before + 1);
    expect(await ask('/things')).toBe('stable');
    expect(await metricsOf('stable', '2xx')).toBeGreaterThan(0);
    const text = (await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).body;
    expect(text).toMatch(/^tollgate_gateway_subset_upstream_seconds_bucket\{.*subset="canary",le="0.025"\} [1-9]/m);
  });
});

async function metricsOf(subset: string, status: string): Promise<number> {
  const text = (await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).body;
  const { id, basePath } = under.catalog.version;
  const labels = `api_version="${id}",base_path="${basePath}",subset="${subset}",status="${status}"`;
  const line = text.split('\n').find((one) => one.startsWith(`tollgate_gateway_subset_requests_total{${labels}} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
