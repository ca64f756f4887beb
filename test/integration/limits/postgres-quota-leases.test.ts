import { type QuotaKey, type QuotaVerdict, MICRO, PostgresQuotaLeases, QuotaHand, QuotaStoreError } from '#limits';
import { UnitOfWork, beginGatewayEpoch, createDataSource } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubscriptionRow } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { PATIENT_MS } from '../../support/eventually.js';
import { aCatalog, aConsumer, subscriptionRowOf } from '../../support/factories.js';
import { ingestUsage } from '../../support/usage-events.js';

let database: TestDatabase;
let key: QuotaKey;
let row: SubscriptionRow;

beforeEach(async () => {
  database = await createTestDatabase();
  const catalog = await aCatalog(database, { upstreamUrl: 'http://127.0.0.1:1' });
  const consumer = await aConsumer(database, catalog);
  const { subscription } = consumer;
  row = subscriptionRowOf(consumer, catalog);
  key = {
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    meter: 'requests',
    periodStartMs: subscription.anchorAt.getTime(),
  };
});
afterEach(() => database.dispose());

function leasesOf(gatewayId: string, epoch = 1): PostgresQuotaLeases {
  const { unitOfWork, clock, context } = database;
  return new PostgresQuotaLeases({ unitOfWork, clock, ids: context.ids, gatewayId, epoch });
}

async function run(gatewayId: string): Promise<void> {
  const now = database.clock.now();
  await database.unitOfWork.inSystem((transaction) =>
    beginGatewayEpoch(transaction, { id: gatewayId, epoch: 1, startedAt: now, admittedThrough: now }),
  );
}

const ask = (limit: number, atLeast = 1, atMost = 1_000) => ({ ...key, limit, atLeast, atMost, usedUp: [] });

async function readQuota(): Promise<{ used: number; lent: number; open: number }> {
  const [row] = await database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ used: string; lent: string; open: string }>(
      `SELECT coalesce(sum(used), 0) AS used, coalesce(sum(granted) FILTER (WHERE used IS NULL), 0) AS lent,
              count(*) FILTER (WHERE used IS NULL) AS open FROM quota_lease`,
    ),
  );
  return { used: Number(row!.used), lent: Number(row!.lent), open: Number(row!.open) };
}

/** Usage as the ledger has it after a segment of that gateway and epoch. */
function addLedgerEvent(gatewayId: string, epoch: number, quantity: string, countsToQuota = true): Promise<void> {
  return ingestUsage(database, row, { gatewayId, epoch, quantities: { requests: quantity }, countsToQuota });
}

describe('quota leases in Postgres', () => {
  it('are blocks of unleased / 2N, never less than asked for and never more than is of use', async () => {
    await Promise.all([run('a'), run('b')]);
    const leases = leasesOf('a');
    expect(await leases.acquire(ask(1_000))).toMatchObject({ lease: { units: 250 }, unleased: 750 });
    expect(await leases.acquire(ask(1_000, 1, 10))).toMatchObject({ lease: { units: 10 }, unleased: 740 });
    expect(await leases.acquire(ask(1_000, 700))).toMatchObject({ lease: { units: 700 }, unleased: 40 });
    expect(await leases.acquire(ask(1_000, 41))).toEqual({ kind: 'refused', unleased: 40, lent: 960 });
  });

  it('are never lent beyond the limit, by four gateways that ask at once and use or release at random', async () => {
    const limit = 300;
    const hands = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (id) => {
        await run(id);
        return new QuotaHand(key, limit, leasesOf(id), undefined, PATIENT_MS);
      }),
    );
    let used = 0;
    const request = async (index: number): Promise<void> => {
      const hand = hands[index % hands.length]!;
      const verdict = hand.tryReserve(MICRO, limit)
        ? 'reserved'
        : await new Promise<QuotaVerdict>((resolve) => hand.wait(MICRO, { onQuotaVerdict: resolve }));
      if (verdict !== 'reserved') return;
      await Promise.resolve();
      if (index % 5 === 0) return hand.release(MICRO);
      hand.use(MICRO);
      used++;
    };
    for (let round = 0; round < 8; round++) {
      await Promise.all(Array.from({ length: 80 }, (_, index) => request(index)));
      const quota = await readQuota();
      expect(quota.used + quota.lent).toBeLessThanOrEqual(limit);
      expect(used).toBeLessThanOrEqual(limit);
    }
    await Promise.all(hands.map((hand) => hand.settle()));
    expect(await readQuota()).toEqual({ used, lent: 0, open: 0 });
    expect(used).toBeGreaterThan(limit / 2);
  });

  it('come back with what was used of them, once', async () => {
    const leases = leasesOf('a');
    const answer = await leases.acquire(ask(10, 10));
    const { id } = (answer as { lease: { id: string } }).lease;
    await leases.settle([{ id, used: 4 }]);
    await leases.settle([{ id, used: 9 }]);
    expect(await readQuota()).toEqual({ used: 4, lent: 0, open: 0 });
    expect(await leases.acquire(ask(10, 6))).toMatchObject({ kind: 'granted', unleased: 0 });
  });

  it('shrink and never grow', async () => {
    const leases = leasesOf('a');
    const ids = [];
    for (const units of [10, 20]) {
      const answer = await leases.acquire(ask(30, units, units));
      ids.push((answer as { lease: { id: string } }).lease.id);
    }
    await leases.shrink(key, [
      { id: ids[0]!, units: 0 },
      { id: ids[1]!, units: 5 },
    ]);
    await leases.shrink(key, [{ id: ids[1]!, units: 12 }]);
    expect(await readQuota()).toEqual({ used: 0, lent: 5, open: 1 });
  });

  it('that their gateway does not know of end unused: only its own, of this epoch and this quota', async () => {
    const leases = leasesOf('a', 2);
    const otherPeriod = { ...key, periodStartMs: key.periodStartMs + 1_000 };
    const known = (await leases.acquire(ask(100, 1, 1))) as { lease: { id: string } };
    await leases.acquire(ask(100, 2, 2));
    await leasesOf('a', 1).acquire(ask(100, 4, 4));
    await leasesOf('b', 2).acquire(ask(100, 8, 8));
    await leases.acquire({ ...ask(100, 16, 16), meter: 'bytes' });
    await leases.acquire({ ...ask(100, 32, 32), ...otherPeriod });
    await leases.endUnknown(key, [known.lease.id]);
    expect(await readQuota()).toEqual({ used: 0, lent: 1 + 4 + 8 + 16 + 32, open: 5 });
    await leases.endUnknown(key, []);
    expect(await readQuota()).toEqual({ used: 0, lent: 4 + 8 + 16 + 32, open: 4 });
  });

  it('of a crashed epoch end with what the ledger says, apart from what that epoch had settled itself', async () => {
    const crashed = leasesOf('a', 1);
    const first = (await crashed.acquire(ask(100, 10, 10))) as { lease: { id: string } };
    await crashed.acquire(ask(100, 20, 20));
    await crashed.acquire(ask(100, 30, 30));
    await leasesOf('a', 2).acquire(ask(100, 5, 5));
    await leasesOf('b', 1).acquire(ask(100, 7, 7));
    await crashed.settle([{ id: first.lease.id, used: 10 }]);
    for (const quantity of ['10', '22', '2.5']) await addLedgerEvent('a', 1, quantity);
    await addLedgerEvent('a', 1, '50', false);
    await addLedgerEvent('b', 1, '1');
    expect(await leasesOf('a', 2).settleEpochs(1)).toBe(2);
    expect(await readQuota()).toEqual({ used: 35, lent: 12, open: 2 });
    expect(await leasesOf('a', 2).settleEpochs(1)).toBe(0);
  });

  it('of a killed gateway stay lent until its journal is read, and then all that it did not use is free', async () => {
    const limit = 1_000;
    const handOf = async (id: string) => {
      await run(id);
      return new QuotaHand(key, limit, leasesOf(id), undefined, PATIENT_MS);
    };
    const useOne = async (hand: QuotaHand): Promise<QuotaVerdict> => {
      const verdict = hand.tryReserve(MICRO, limit)
        ? 'reserved'
        : await new Promise<QuotaVerdict>((resolve) => hand.wait(MICRO, { onQuotaVerdict: resolve }));
      if (verdict === 'reserved') hand.use(MICRO);
      return verdict;
    };
    const useAll = async (hand: QuotaHand) => {
      for (let used = 0; ; used++) {
        const verdict = await useOne(hand);
        if (verdict !== 'reserved') return { used, verdict };
      }
    };
    const killed = await handOf('a');
    for (let count = 0; count < 30; count++) expect(await useOne(killed)).toBe('reserved');
    const second = await useAll(await handOf('b'));
    expect(second.verdict).toBe('lent_elsewhere');
    expect(second.used).toBeLessThan(limit - 30);
    await addLedgerEvent('a', 1, '30');
    await leasesOf('a', 2).settleEpochs(1);
    const third = await useAll(await handOf('c'));
    expect(third.verdict).toBe('exceeded');
    expect(30 + second.used + third.used).toBe(limit);
  });

  it('say that the store is unavailable when it is', async () => {
    const unreachable = createDataSource({ url: 'postgres://nobody@127.0.0.1:1/none', processName: 'test' });
    const { clock, context } = database;
    const leases = new PostgresQuotaLeases({
      unitOfWork: new UnitOfWork(unreachable),
      clock,
      ids: context.ids,
      gatewayId: 'a',
      epoch: 1,
    });
    await expect(leases.acquire(ask(10))).rejects.toThrow(QuotaStoreError);
  });
});
