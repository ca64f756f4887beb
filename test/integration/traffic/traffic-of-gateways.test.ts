import { type TrafficSpan, latencyPercentiles } from '#domain';
import { readTraffic, writeTraffic } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningGateway } from '../../../apps/gateway/src/gateway.server.js';
import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCredential } from '../../support/factories.js';
import { call, makeJournalFolder, readJournal } from '../../support/gateway.js';
import { CountingGateways } from './counting-gateways.js';

const MINUTE = 60_000;
let world: CountingGateways;
let database: TestDatabase;
let catalog: Catalog;

beforeEach(async () => {
  world = await CountingGateways.prepare('2026-11-22T12:00:30Z');
  ({ database, catalog } = world);
});
afterEach(() => world.dispose());

const filter = () => ({
  apiVersionIds: [catalog.version.id],
  from: new Date(database.clock.nowMs() - 60 * MINUTE),
  to: new Date(database.clock.nowMs() + MINUTE),
  bucket: 'minute' as const,
  groupBy: null,
  limit: 10,
  mode: 'live' as const,
});
const read = (changes: Partial<Parameters<typeof readTraffic>[1]> = {}) =>
  database.unitOfWork.inSystem((transaction) => readTraffic(transaction, { ...filter(), ...changes }));
const calls = async (changes?: Parameters<typeof read>[0]) =>
  (await read(changes)).reduce((sum, row) => sum + row.calls, 0);
const written = (wanted: number, changes?: Parameters<typeof read>[0]) =>
  eventually(
    () => calls(changes),
    (found) => found === wanted,
  );
const metric = async ({ adminPort }: RunningGateway, line: string) =>
  Number(
    (await call(`http://127.0.0.1:${adminPort}/metrics`)).body
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.split(' ')[1],
  );

describe('the traffic of gateways', () => {
  it('is the sum of what all of them have seen, by operation and class of status, with times of both', async () => {
    const [one, two] = [await world.start('gateway-1'), await world.start('gateway-2')];
    await world.ask(one, 3);
    await world.ask(two, 4);
    world.upstream.answer(500, 'broken');
    await world.ask(two, 2);
    await written(9);
    const [row] = await read({ groupBy: 'operation' });
    expect(row).toMatchObject({
      group: `${catalog.version.id}/listThings`,
      calls: 9,
      serverErrors: 2,
      clientErrors: 0,
    });
    expect(row!.total.counts.reduce((sum, count) => sum + count, 0)).toBe(9);
    const [total, ofUpstream] = [latencyPercentiles(row!.total)!, latencyPercentiles(row!.upstream)!];
    expect(total.p50Ms).toBeGreaterThan(0);
    expect(ofUpstream.p50Ms).toBeLessThanOrEqual(total.p99Ms);
  });

  it('keeps calls with test keys apart, and leaves out what was refused', async () => {
    const gateway = await world.start('gateway-1');
    const { key: testKey } = await aCredential(database, { application: world.consumer.application, mode: 'test' });
    await eventually(
      async () => {
        await world.ask(gateway, 1, testKey);
        return calls({ mode: 'test' });
      },
      (found) => found > 0,
    );
    await world.ask(gateway, 1, 'tg_live_nobody');
    await world.ask(gateway, 2);
    expect(await written(2)).toBe(2);
  });

  it('keeps what a gateway has counted before and after a start within the same minute', async () => {
    const folder = makeJournalFolder();
    await world.ask(await world.start('gateway-1', folder), 3);
    await world.stopLast();
    expect(await calls()).toBe(3);
    await world.ask(await world.start('gateway-1', folder), 2);
    await written(5);
    expect(await read()).toHaveLength(1);
  });

  it('arrives after the database was away, each call in its minute', async () => {
    const gateway = await world.start('gateway-1');
    await world.ask(gateway, 1);
    await written(1);
    world.proxy.cut();
    await world.ask(gateway, 2);
    database.clock.moveTo(database.clock.nowMs() + MINUTE);
    await world.ask(gateway, 3);
    expect(await calls()).toBe(1);
    world.proxy.restore();
    await written(6);
    expect((await read()).map((row) => row.calls)).toEqual([3, 3]);
    expect(await metric(gateway, 'tollgate_gateway_lost_traffic_total{reason="unwritten"}')).toBe(0);
  });

  it('is lost, and counted as that, where the database is away for longer than there is room; the journal has it all', async () => {
    const folder = makeJournalFolder();
    const gateway = await world.start('gateway-1', folder, 2);
    world.proxy.cut();
    for (let minute = 0; minute < 5; minute++) {
      await world.ask(gateway, 2);
      database.clock.moveTo(database.clock.nowMs() + MINUTE);
    }
    await world.ask(gateway, 1);
    await eventually(
      () => metric(gateway, 'tollgate_gateway_lost_traffic_total{reason="unwritten"}'),
      (lost) => lost === 6,
    );
    expect(await readJournal(folder)).toHaveLength(11);
    world.proxy.restore();
    await written(5);
  });
});

describe('what a gateway writes', () => {
  const span = (counted: number): TrafficSpan => ({
    apiVersionId: catalog.version.id,
    startsAtMs: Date.parse('2026-11-22T12:00:00Z'),
    operation: 'listThings',
    subset: '',
    mode: 'live',
    statusClass: 2,
    calls: counted,
    total: { buckets: [10, 12], counts: [counted - 1, 1] },
    upstream: { buckets: [], counts: [] },
  });
  const write = (counted: number, epoch = 1) =>
    database.unitOfWork.inSystem((transaction) =>
      writeTraffic(transaction, { gatewayId: 'gateway-1', epoch }, [span(counted)]),
    );

  it('is counted once, however often it is written and in whichever order tries arrive', async () => {
    for (const counted of [2, 5, 5, 3]) await write(counted);
    expect(await read()).toMatchObject([{ calls: 5, total: { buckets: [10, 12], counts: [4, 1] } }]);
  });

  it('is added to what an earlier start of the same gateway has written of the minute', async () => {
    await write(5);
    await write(2, 2);
    expect(await read()).toMatchObject([{ calls: 7, total: { counts: [5, 2] } }]);
  });
});
