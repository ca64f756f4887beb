import { type QuotaKey, PostgresMoneyLeases, PostgresQuotaLeases } from '#limits';
import { beginGatewayEpoch, writeGatewayHeartbeat } from '#persistence';
import { listOpenLeases, rebuildQuotas, writeOffLeases } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubscriptionRow } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCatalog, aConsumer, subscriptionRowOf } from '../../support/factories.js';
import { ingestUsage } from '../../support/usage-events.js';

const actor = { kind: 'cli', id: null } as const;
const price = { model: 'per_unit', unitAmount: '1' } as const;
let database: TestDatabase;
let key: QuotaKey;
let phaseId: string;
let row: SubscriptionRow;

beforeEach(async () => {
  database = await createTestDatabase();
  const catalog = await aCatalog(database, {
    upstreamUrl: 'http://127.0.0.1:1',
    definition: {
      quotas: [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' }],
      prices: [{ meter: 'requests', included: '0', price }],
    },
  });
  const consumer = await aConsumer(database, catalog);
  const { subscription, phase } = consumer;
  row = subscriptionRowOf(consumer, catalog);
  phaseId = phase.id;
  key = {
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    meter: 'requests',
    periodStartMs: subscription.anchorAt.getTime(),
  };
  await begin('dead');
});
afterEach(() => database.dispose());

const ask = (atLeast: number) => ({ ...key, limit: 100, atLeast, atMost: 100, usedUp: [] });
const optionsOf = (gatewayId: string, epoch = 1) => {
  const { unitOfWork, clock, context } = database;
  return { unitOfWork, clock, ids: context.ids, gatewayId, epoch };
};
const leasesOf = (gatewayId: string, epoch = 1) => new PostgresQuotaLeases(optionsOf(gatewayId, epoch));

async function begin(id: string, epoch = 1): Promise<void> {
  const now = database.clock.now();
  await database.unitOfWork.inSystem((transaction) =>
    beginGatewayEpoch(transaction, { id, epoch, startedAt: now, admittedThrough: now }),
  );
}

function beat(id: string, state: 'running' | 'stopped', epoch = 1): Promise<boolean> {
  const now = database.clock.now();
  return database.unitOfWork.inSystem((transaction) =>
    writeGatewayHeartbeat(transaction, {
      id,
      epoch,
      state,
      heartbeatAt: now,
      admittedThrough: now,
      sealedSegment: 0,
      snapshotNumber: 0,
    }),
  );
}

/** Usage as the ledger has it after a segment of that gateway and epoch. */
function addToLedger(gatewayId: string, quantity: string, epoch = 1): Promise<void> {
  return ingestUsage(database, row, { gatewayId, epoch, quantities: { requests: quantity } });
}

const audit = () =>
  database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ action: string; details: object }>(
      `SELECT action, details FROM audit_log WHERE actor_kind = 'cli' ORDER BY id`,
    ),
  );

describe('a gateway that never comes back', () => {
  const writeOff = () => writeOffLeases(database.context, { gatewayId: 'dead', reason: 'disk lost', actor });

  it('is written off: what the ledger has is used, and the rest of its units can be lent again', async () => {
    await leasesOf('dead').acquire(ask(80));
    const money = new PostgresMoneyLeases(optionsOf('dead'));
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query('UPDATE subscription SET money_cap_minor = 5000'),
    );
    await money.acquire({ ...ask(40_000_000), atMost: 40_000_000, phaseId });
    await addToLedger('dead', '30');
    expect(await leasesOf('alive').acquire(ask(21))).toEqual({ kind: 'refused', unleased: 20, lent: 80 });
    await expect(writeOff()).rejects.toMatchObject({ code: 'gateway_running' });
    database.clock.moveTo(database.clock.nowMs() + 61_000);
    expect(await listOpenLeases(database.context)).toMatchObject([
      { gatewayId: 'dead', state: 'running', quotaUnits: '80', moneyLeases: 1, moneyUnits: '40' },
    ]);
    expect(await writeOff()).toEqual({
      quota: { count: 1, granted: 80n, used: 30n },
      money: { count: 1, granted: 40_000_000n, used: 30_000_000n },
    });
    expect(await listOpenLeases(database.context)).toEqual([]);
    expect(await leasesOf('alive').acquire(ask(70))).toMatchObject({ kind: 'granted', unleased: 0 });
    expect(await audit()).toEqual([
      {
        action: 'wrote off leases of',
        details: {
          quota: { leases: 1, granted: '80', used: '30' },
          money: { leases: 1, granted: '40000000', used: '30000000' },
          reason: 'disk lost',
        },
      },
    ]);
  });

  it('finds its name taken should it live after all', async () => {
    database.clock.moveTo(database.clock.nowMs() + 61_000);
    await writeOff();
    expect(await beat('dead', 'running')).toBe(false);
    await expect(writeOffLeases(database.context, { gatewayId: 'nobody', reason: null, actor })).rejects.toMatchObject({
      code: 'gateway_not_found',
    });
  });
});

it('leases under a money cap that their gateway does not know of end unused, and only they', async () => {
  const money = (gatewayId: string, epoch: number) => new PostgresMoneyLeases(optionsOf(gatewayId, epoch));
  const askMoney = (units: number) => ({ ...key, phaseId, limit: 100, atLeast: units, atMost: units, usedUp: [] });
  const known = (await money('dead', 2).acquire(askMoney(1))) as { lease: { id: string } };
  await money('dead', 2).acquire(askMoney(2));
  await money('dead', 1).acquire(askMoney(4));
  await money('alive', 2).acquire(askMoney(8));
  await money('dead', 2).endUnknown({ ...key, phaseId }, [known.lease.id]);
  const open = await database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ granted: number }>(
      'SELECT granted_micro::int AS granted FROM money_lease WHERE settled_at IS NULL ORDER BY 1',
    ),
  );
  expect(open.map(({ granted }) => granted)).toEqual([1, 4, 8]);
});

describe('rebuilding quotas', () => {
  const rebuild = () => rebuildQuotas(database.context, { actor });

  it('counts what the ledger has and no lease covers, once', async () => {
    const answer = await leasesOf('dead').acquire(ask(10));
    if (answer.kind !== 'granted') throw new Error('not granted');
    await leasesOf('dead').settle([{ id: answer.lease.id, used: 3 }]);
    await addToLedger('dead', '3');
    await addToLedger('dead', '4.5');
    await addToLedger('other', '20');
    const [changed, ...others] = await rebuild();
    expect(others).toEqual([]);
    expect(changed).toMatchObject({ meter: 'requests', before: 3, after: 28 });
    expect(await rebuild()).toEqual([]);
    expect(await leasesOf('alive').acquire(ask(73))).toMatchObject({ kind: 'refused', unleased: 72 });
    expect(await audit()).toMatchObject([{ action: 'rebuilt a quota of', details: { before: 3, after: 28 } }]);
  });

  it('frees what an epoch that is over has not used, and leaves open leases and running epochs alone', async () => {
    for (const gateway of ['dead', 'running']) {
      const answer = await leasesOf(gateway).acquire(ask(20));
      if (answer.kind !== 'granted') throw new Error('not granted');
      await leasesOf(gateway).settle([{ id: answer.lease.id, used: 20 }]);
      await addToLedger(gateway, '5');
    }
    await begin('running');
    await beat('dead', 'stopped');
    expect(await rebuild()).toMatchObject([{ before: 40, after: 25 }]);
    await begin('dead', 2);
    await leasesOf('dead', 2).acquire(ask(10));
    await addToLedger('dead', '9', 2);
    expect(await rebuild()).toEqual([]);
  });
});
