import { TRAFFIC_DAYS } from '#domain';
import { keepTraffic, refusedCalls } from '#services';
import { readRefusedKinds } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCredential, anApplication } from '../../support/factories.js';
import { makeJournalFolder, readJournal } from '../../support/gateway.js';
import { CountingGateways } from './counting-gateways.js';

const HOUR = 3_600_000;
let world: CountingGateways;
let database: TestDatabase;
let catalog: Catalog;
let consumer: CountingGateways['consumer'];

beforeEach(async () => {
  const rate = { name: 'burst', limit: 2, windowSeconds: 60, algorithm: 'fixed_window', policy: 'local' } as const;
  world = await CountingGateways.prepare('2026-11-22T12:20:30Z', { definition: { rateLimits: [rate] } });
  ({ database, catalog, consumer } = world);
});
afterEach(() => world.dispose());

const range = () => ({ from: new Date(database.clock.nowMs() - 24 * HOUR), to: new Date(database.clock.nowMs() + 1) });
/** As "code calls caller", for everybody. */
const kinds = () =>
  database.unitOfWork.inSystem(async (transaction) => {
    const found = await readRefusedKinds(transaction, { organizationId: null, bucket: 'hour', ...range() }, 100);
    return found.map(({ code, calls, caller }) => `${code} ${calls} ${caller?.mode ?? 'nobody'}`).toSorted();
  });
const written = (...wanted: readonly string[]) =>
  eventually(kinds, (found) => JSON.stringify(found) === JSON.stringify(wanted.toSorted()));
const own = ({ organizationId }: { organizationId: string }, more = {}) =>
  refusedCalls(database.context, { organizationId, ...range(), ...more });

describe('calls that gateways have refused', () => {
  it('are the sum of what all of them have refused, each to its own organization', async () => {
    const stranger = await anApplication(database);
    const { key: strangersKey } = await aCredential(database, { application: stranger });
    const [one, two] = [await world.start('gateway-1'), await world.start('gateway-2')];
    await world.ask(one, 1, strangersKey);
    await world.ask(one, 4);
    await world.ask(two, 3);
    await world.ask(two, 2, 'tg_live_nobody');
    await written('not_subscribed 1 live', 'rate_limit_exceeded 3 live', 'invalid_api_key 2 nobody');
    const { application, credential } = consumer;
    const report = await own(application);
    expect(report).toMatchObject({ calls: 3, bucket: 'hour' });
    expect(report.buckets).toEqual([
      { at: new Date('2026-11-22T12:00:00Z'), code: 'rate_limit_exceeded', status: 429, calls: 3 },
    ]);
    expect(report.kinds).toMatchObject([
      {
        operation: 'listThings',
        caller: { application: application.name, key: credential.name, mode: 'live' },
        code: 'rate_limit_exceeded',
        calls: 3,
      },
    ]);
    expect((await own(stranger)).kinds).toMatchObject([
      { code: 'not_subscribed', caller: { key: expect.any(String) } },
    ]);
    // What was admitted is in the journal, and nothing else.
    expect(await readJournal(world.folders[0]!)).toHaveLength(2);
  });

  it('are found by application, key, version and operation', async () => {
    await world.ask(await world.start('gateway-1'), 3);
    await written('rate_limit_exceeded 1 live');
    const { application, credential } = consumer;
    const callsOf = async (more: object) => (await own(application, more)).calls;
    const right = {
      applicationId: application.id,
      credentialId: credential.id,
      apiVersionId: catalog.version.id,
      operation: 'listThings',
    };
    expect(await callsOf(right)).toBe(1);
    for (const [field, wrong] of Object.entries({ ...right, operation: 'other' }))
      if (field !== 'operation') expect(await callsOf({ ...right, [field]: database.context.ids.next() })).toBe(0);
      else expect(await callsOf({ ...right, operation: wrong })).toBe(0);
  });

  it('stay when a gateway starts again within the hour, and arrive after the database was away', async () => {
    const folder = makeJournalFolder();
    await world.ask(await world.start('gateway-1', folder), 3);
    await world.stopLast();
    await written('rate_limit_exceeded 1 live');
    const gateway = await world.start('gateway-1', folder);
    world.proxy.cut();
    await world.ask(gateway, 1, 'tg_live_nobody');
    database.clock.moveTo(database.clock.nowMs() + HOUR);
    await world.ask(gateway, 2, 'tg_live_nobody');
    expect(await kinds()).toEqual(['rate_limit_exceeded 1 live']);
    world.proxy.restore();
    await written('invalid_api_key 3 nobody', 'rate_limit_exceeded 1 live');
  });

  it('are kept for a month', async () => {
    await world.ask(await world.start('gateway-1'), 1, 'tg_live_nobody');
    await written('invalid_api_key 1 nobody');
    const stored = () =>
      database.unitOfWork.inSystem((transaction) => transaction.query('SELECT calls FROM refused_calls'));
    await world.stopLast();
    const begun = Date.parse('2026-11-22T12:00:00Z');
    database.clock.moveTo(begun + TRAFFIC_DAYS * 24 * HOUR);
    await keepTraffic(database.context);
    expect(await stored()).toHaveLength(1);
    database.clock.moveTo(begun + TRAFFIC_DAYS * 24 * HOUR + 1);
    await keepTraffic(database.context);
    expect(await stored()).toHaveLength(0);
  });

  it('are asked for over a time that is kept, or refused', async () => {
    const { application } = consumer;
    const to = database.clock.now();
    await expect(async () => own(application, { from: to, to })).rejects.toThrow('later than');
    const from = new Date(to.getTime() - (TRAFFIC_DAYS + 1) * 24 * HOUR);
    await expect(async () => own(application, { from, to })).rejects.toThrow('31 days');
    const wide = await own(application, { from: new Date(to.getTime() - 10 * 24 * HOUR), to });
    expect(wide.bucket).toBe('day');
  });
});
