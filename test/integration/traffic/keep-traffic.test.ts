import { randomUUID } from 'node:crypto';
import { TRAFFIC_DAYS, type TrafficSpan } from '#domain';
import { readTraffic, writeTraffic } from '#persistence';
import { keepTraffic } from '#services';
import { beforeEach, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const NOW = '2026-11-22T12:30:00Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const apiVersionId = randomUUID();

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(NOW);
  return () => database.dispose();
});

const write = (startsAtMs: number, changes: Partial<TrafficSpan> = {}, gatewayId = 'gateway-1') =>
  database.unitOfWork.inSystem((transaction) =>
    writeTraffic(transaction, { gatewayId, epoch: 1 }, [
      {
        apiVersionId,
        startsAtMs,
        operation: 'list',
        subset: 'stable',
        mode: 'live',
        statusClass: 2,
        calls: 3,
        total: { buckets: [20, 40], counts: [2, 1] },
        upstream: { buckets: [19], counts: [2] },
        ...changes,
      },
    ]),
  );
const read = () =>
  database.unitOfWork.inSystem((transaction) =>
    readTraffic(transaction, {
      apiVersionIds: [apiVersionId],
      from: new Date(database.clock.nowMs() - 60 * DAY),
      to: database.clock.now(),
      bucket: 'hour',
      groupBy: 'subset',
      limit: 10,
      mode: 'live',
    }),
  );
const stored = () =>
  database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ seconds: number; calls: string }>(
      'SELECT seconds, calls FROM traffic_span ORDER BY seconds, starts_at',
    ),
  );
const keepAll = async () => {
  for (let round = 0; await keepTraffic(database.context); round++) if (round > 50) throw new Error('it never ends');
};

it('makes hours of what is older than a day, of all gateways, that say what the minutes said', async () => {
  const at = Date.parse(NOW) - 30 * HOUR;
  for (const minute of [0, 1, 5]) await write(at + minute * MINUTE);
  await write(at, {
    statusClass: 5,
    calls: 1,
    total: { buckets: [40], counts: [1] },
    upstream: { buckets: [], counts: [] },
  });
  await write(at, {}, 'gateway-2');
  await write(at, { subset: 'canary', mode: 'test' });
  const before = await read();
  await keepAll();
  expect(await read()).toEqual(before);
  expect(before).toMatchObject([{ calls: 13, serverErrors: 1, total: { buckets: [20, 40], counts: [8, 5] } }]);
  expect((await stored()).map(({ seconds }) => seconds)).toEqual([3600, 3600, 3600]);
});

it('adds minutes that arrive later to their hour', async () => {
  const at = Date.parse(NOW) - 30 * HOUR;
  await write(at);
  await keepAll();
  await write(at + MINUTE, {}, 'gateway-late');
  await keepAll();
  expect(await stored()).toEqual([{ seconds: 3600, calls: '6' }]);
  expect(await read()).toMatchObject([{ calls: 6, total: { counts: [4, 2] }, upstream: { counts: [4] } }]);
});

it('leaves three hours by the minute, and a day by the quarter of an hour', async () => {
  for (const hours of [2, 4, 24])
    for (const minute of [0, 1]) await write(Date.parse(NOW) - hours * HOUR + minute * MINUTE);
  const before = await read();
  await keepAll();
  expect((await stored()).map(({ seconds, calls }) => [seconds, calls])).toEqual([
    [60, '3'],
    [60, '3'],
    [900, '6'],
    [900, '6'],
  ]);
  expect(await read()).toEqual(before);
});

it('makes the same hours by way of quarters as at once', async () => {
  const at = Math.floor(Date.parse(NOW) / HOUR - 5) * HOUR;
  for (let minute = 0; minute < 60; minute += 7) await write(at + minute * MINUTE);
  const before = await read();
  await keepAll();
  expect((await stored()).map(({ seconds }) => seconds)).toEqual([900, 900, 900, 900]);
  database.clock.moveTo(database.clock.nowMs() + DAY);
  await keepAll();
  expect((await stored()).map(({ seconds }) => seconds)).toEqual([3600]);
  expect(await read()).toEqual(before);
});

it('deletes what is older than a month by the clock of the installation, and nothing younger', async () => {
  await write(Date.parse(NOW) - TRAFFIC_DAYS * DAY - MINUTE);
  await write(Date.parse(NOW) - TRAFFIC_DAYS * DAY + HOUR);
  await keepAll();
  expect(await stored()).toHaveLength(1);
  database.clock.moveTo(database.clock.nowMs() + DAY);
  await keepAll();
  expect(await stored()).toEqual([]);
});

it('does a bounded part at once, and says whether there is more', async () => {
  const at = Date.parse(NOW) - 40 * HOUR;
  for (const hour of [0, 1, 2]) await write(at + hour * HOUR);
  expect(await keepTraffic(database.context)).toBe(true);
  expect((await stored()).map(({ seconds }) => seconds)).toEqual([60, 60, 3600]);
  await keepAll();
  expect(await keepTraffic(database.context)).toBe(false);
});
