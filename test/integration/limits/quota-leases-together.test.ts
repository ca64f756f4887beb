import { type LeaseRequest, PostgresQuotaLeases } from '#limits';
import { type Transaction, UnitOfWork, insertQuotaOpenings, lockQuota } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCatalog, aConsumer } from '../../support/factories.js';

let database: TestDatabase;
let unitOfWork: CountingUnitOfWork;
let leases: PostgresQuotaLeases;
let place: Pick<LeaseRequest, 'organizationId' | 'subscriptionId' | 'periodStartMs'>;

class CountingUnitOfWork extends UnitOfWork {
  transactions = 0;

  override inSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.transactions++;
    return super.inSystem(work);
  }
}

beforeEach(async () => {
  database = await createTestDatabase();
  const { clock, context } = database;
  const { subscription } = await aConsumer(database, await aCatalog(database, { upstreamUrl: 'http://127.0.0.1:1' }));
  place = {
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    periodStartMs: subscription.anchorAt.getTime(),
  };
  unitOfWork = new CountingUnitOfWork(database.unitOfWork.dataSource);
  leases = new PostgresQuotaLeases({ unitOfWork, clock, ids: context.ids, gatewayId: 'a', epoch: 1 });
});
afterEach(() => database.dispose());

const ask = (meter: string, limit = 100, atLeast = 1, atMost = 10): LeaseRequest => ({
  ...place,
  meter,
  limit,
  atLeast,
  atMost,
  usedUp: [],
});
const openQuotaOf = (meter: string) => ({ ...place, meter, periodStart: new Date(place.periodStartMs) });

async function lentOf(meter: string): Promise<number> {
  const [row] = await database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ lent: string }>(
      'SELECT coalesce(sum(granted), 0) AS lent FROM quota_lease WHERE meter = $1 AND settled_at IS NULL',
      [meter],
    ),
  );
  return Number(row!.lent);
}

describe('units of several quotas asked for at once', () => {
  it('are lent in a few transactions, each as if it were asked for alone', async () => {
    const meters = Array.from({ length: 300 }, (_, index) => `meter-${index}`);
    const answers = await Promise.all(meters.map((meter, index) => leases.acquire(ask(meter, 1_000, 1, index + 1))));
    expect(unitOfWork.transactions).toBe(3);
    for (const [index, answer] of answers.entries()) {
      const units = Math.min(index + 1, 500);
      expect(answer).toMatchObject({ kind: 'granted', lease: { units }, unleased: 1_000 - units });
    }
    expect(await lentOf('meter-7')).toBe(8);
  });

  it('end the leases that are used up, and are refused one by one', async () => {
    const first = await leases.acquire(ask('a', 10, 10));
    const { id } = (first as { lease: { id: string } }).lease;
    const [again, other] = await Promise.all([
      leases.acquire({ ...ask('a', 12, 3), usedUp: [{ id, used: 10 }] }),
      leases.acquire(ask('b', 12, 3)),
    ]);
    expect(again).toEqual({ kind: 'refused', unleased: 2, lent: 0 });
    expect(other).toMatchObject({ kind: 'granted', lease: { units: 6 } });
    expect(await lentOf('a')).toBe(0);
  });

  it('are never more than the limit when it is one quota', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => leases.acquire(ask('a', 10, 3, 3))));
    expect(answers.filter(({ kind }) => kind === 'granted')).toHaveLength(3);
    expect(await lentOf('a')).toBe(9);
  });

  it('do not wait for a quota that somebody else has locked', async () => {
    const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
    const { promise: untilUnlocked, resolve: unlock } = Promise.withResolvers<void>();
    const holding = database.unitOfWork.inSystem(async (transaction) => {
      await lockQuota(transaction, openQuotaOf('held'));
      locked();
      await untilUnlocked;
    });
    await isLocked;
    const held = leases.acquire(ask('held'));
    await Promise.all([leases.acquire(ask('free')), leases.acquire(ask('another'))]);
    expect(await lentOf('held')).toBe(0);
    unlock();
    expect(await held).toMatchObject({ kind: 'granted' });
    await holding;
  });

  it('are not refused with one whose subscription does not exist', async () => {
    const nobody = { ...ask('a'), subscriptionId: database.context.ids.next() };
    const answers = await Promise.allSettled([
      leases.acquire(ask('b')),
      leases.acquire(nobody),
      leases.acquire(ask('c')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('wait for nothing of a quota that has to be opened first', async () => {
    const { organizationId, subscriptionId } = place;
    await database.unitOfWork.inSystem((transaction) =>
      insertQuotaOpenings(
        transaction,
        {
          organizationId,
          subscriptionId,
          periodStart: new Date(place.periodStartMs),
          meters: ['late'],
          changeNumber: 5,
        },
        database.clock.now(),
      ),
    );
    const [late, other] = await Promise.all([leases.acquire(ask('late')), leases.acquire(ask('b'))]);
    expect(other).toMatchObject({ kind: 'granted' });
    expect(late).toEqual({ kind: 'refused', unleased: 0, lent: 1 });
  });
});
