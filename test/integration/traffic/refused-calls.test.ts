import fs from 'node:fs';
import { TRAFFIC_DAYS } from '#domain';
import { keepTraffic, refusedCalls } from '#services';
import { readRefusedKinds } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer, aCredential, anApplication } from '../../support/factories.js';
import { call, gatewayOptions, makeJournalFolder, readJournal } from '../../support/gateway.js';
import { type TcpProxy, startTcpProxy } from '../../support/tcp-proxy.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

const HOUR = 3_600_000;
let database: TestDatabase;
let proxy: TcpProxy;
let upstream: TestUpstream;
let catalog: Catalog;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let folders: string[];
let gateways: RunningGateway[];

beforeEach(async () => {
  database = await createTestDatabase('2026-11-22T12:20:30Z');
  proxy = await startTcpProxy(database.appUrl);
  upstream = await startUpstream();
  const rate = { name: 'burst', limit: 2, windowSeconds: 60, algorithm: 'fixed_window', policy: 'local' } as const;
  catalog = await aCatalog(database, { upstreamUrl: upstream.url, definition: { rateLimits: [rate] } });
  consumer = await aConsumer(database, catalog);
  folders = [];
  gateways = [];
});
afterEach(async () => {
  proxy.restore();
  for (const gateway of gateways) await gateway.stop();
  await proxy.close();
  await upstream.close();
  await database.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

async function start(gatewayId: string, journalFolder = makeJournalFolder()): Promise<RunningGateway> {
  folders.push(journalFolder);
  const options = gatewayOptions(database, {
    gatewayId,
    journalFolder,
    databaseUrl: proxy.url,
    traffic: { intervalMs: 0 },
  });
  const gateway = await startGateway(options);
  gateways.push(gateway);
  return gateway;
}
const ask = async ({ port }: RunningGateway, times = 1, key = consumer.key) => {
  const url = `http://127.0.0.1:${port}${catalog.version.basePath}/things`;
  for (let index = 0; index < times; index++) await call(url, { key });
};
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
    const [one, two] = [await start('gateway-1'), await start('gateway-2')];
    await ask(one, 1, strangersKey);
    await ask(one, 4);
    await ask(two, 3);
    await ask(two, 2, 'tg_live_nobody');
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
    expect(await readJournal(folders[0]!)).toHaveLength(2);
  });

  it('are found by application, key, version and operation', async () => {
    await ask(await start('gateway-1'), 3);
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
    await ask(await start('gateway-1', folder), 3);
    await gateways.pop()!.stop();
    await written('rate_limit_exceeded 1 live');
    const gateway = await start('gateway-1', folder);
    proxy.cut();
    await ask(gateway, 1, 'tg_live_nobody');
    database.clock.moveTo(database.clock.nowMs() + HOUR);
    await ask(gateway, 2, 'tg_live_nobody');
    expect(await kinds()).toEqual(['rate_limit_exceeded 1 live']);
    proxy.restore();
    await written('invalid_api_key 3 nobody', 'rate_limit_exceeded 1 live');
  });

  it('are kept for a month', async () => {
    await ask(await start('gateway-1'), 1, 'tg_live_nobody');
    await written('invalid_api_key 1 nobody');
    const stored = () =>
      database.unitOfWork.inSystem((transaction) => transaction.query('SELECT calls FROM refused_calls'));
    await gateways.pop()!.stop();
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
