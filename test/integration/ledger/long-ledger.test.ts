import { PostgresMoneyLeases, PostgresQuotaLeases } from '#limits';
import { type Transaction, UnitOfWork, ensureUsagePartitions } from '#persistence';
import {
  type ServiceContext,
  closeDuePeriods,
  explainLine,
  findUsageRequest,
  listUsageRequests,
  rebuildQuotas,
  writeOffLeases,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aGateway, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { ingestUsage } from '../../support/usage-events.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DAYS = 80;
/** The days of a month and those that are made ahead. */
const OF_A_MONTH = 40;
const anchor = new Date('2026-04-05T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;

/** Of one transaction, when it was about to end. */
interface Locks {
  /** Days of the ledger that it had opened. */
  readonly days: number;
  /** Quotas and caps that nobody else could use. */
  readonly places: number;
}

/** Looks at what each transaction holds when its work is done. */
class WatchedUnitOfWork extends UnitOfWork {
  readonly seen: Locks[] = [];

  override inOrganization<Result>(id: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.inOrganization(id, this.watch(work));
  }

  override inSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.inSystem(this.watch(work));
  }

  override inLedgerSnapshot<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.inLedgerSnapshot(this.watch(work));
  }

  most(what: keyof Locks): number {
    if (this.seen.length === 0) throw new Error('No transaction was watched.');
    return Math.max(...this.seen.map((locks) => locks[what]));
  }

  private watch<Result>(work: (transaction: Transaction) => Promise<Result>) {
    return async (transaction: Transaction): Promise<Result> => {
      const result = await work(transaction);
      const [locks] = await transaction.query<Locks>(
        `SELECT count(DISTINCT relation) FILTER (WHERE relation::regclass::text ~ '^usage_event_2[0-9]{7}$')::integer AS days,
           count(*) FILTER (WHERE locktype = 'advisory')::integer AS places
         FROM pg_locks WHERE pid = pg_backend_pid()`,
      );
      this.seen.push(locks!);
      return result;
    };
  }
}

describe('a ledger of many days', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  let watched: WatchedUnitOfWork;
  let context: ServiceContext;

  beforeEach(async () => {
    database = await createTestDatabase('2026-05-01T12:00:00Z');
    const { unitOfWork, clock } = database;
    for (let ago = 0; ago < DAYS; ago += 40)
      await unitOfWork.inSystem((transaction) =>
        ensureUsagePartitions(transaction, clock.nowMs() - (ago + 39) * DAY, clock.nowMs() - ago * DAY),
      );
    const definition = {
      quotas: [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' as const }],
      prices: [
        { meter: 'requests', included: '0', price: { model: 'per_unit' as const, unitAmount: '1' } },
        { meter: 'tokens', included: '0', price: { model: 'per_unit' as const, unitAmount: '1' } },
      ],
    };
    subscription = await aSubscription(database, { anchorAt: anchor, definition: aPlanDefinition(definition) });
    for (const ago of [1, 5, 20])
      await ingestUsage(database, subscription, { at: new Date(clock.nowMs() - ago * DAY), gatewayId: 'dead' });
    watched = new WatchedUnitOfWork(database.dataSource);
    context = { ...database.context, unitOfWork: watched };
  });
  afterEach(() => database.dispose());

  const leasesOf = (gatewayId: string) => ({
    unitOfWork: watched,
    clock: database.clock,
    ids: database.context.ids,
    gatewayId,
    epoch: 2,
  });

  it('is opened no further back than the newest requests are', async () => {
    const { organizationId } = subscription;
    const { requests } = await listUsageRequests(context, { organizationId, limit: 1 });
    expect(requests).toHaveLength(1);
    expect(watched.most('days')).toBeLessThan(12);
    await listUsageRequests(context, { organizationId, limit: 1, status: '200' });
    expect(watched.most('days')).toBeLessThan(12);
  });

  it('is opened no further back than there is usage by who looks for more', async () => {
    const { organizationId } = subscription;
    const all = await listUsageRequests(context, { organizationId, limit: 50 });
    expect(all.requests).toHaveLength(3);
    const none = await listUsageRequests(context, { organizationId, limit: 50, status: '404' });
    expect(none).toEqual({ requests: [], next: null });
    expect(watched.most('days')).toBeLessThan(25);
  });

  it('leaves no request out where hours count calls of several meters more than once', async () => {
    const { organizationId } = subscription;
    const at = database.clock.nowMs() - DAY;
    for (const hours of [3, 2, 1])
      await ingestUsage(database, subscription, {
        at: new Date(at + hours * HOUR),
        quantities: { requests: '1', tokens: '1' },
      });
    const { requests } = await listUsageRequests(context, { organizationId, limit: 4 });
    const hoursLater = requests.map(({ admittedAt }) => (admittedAt.getTime() - at) / HOUR);
    expect(hoursLater).toEqual([3, 2, 1, 0]);
    const found = await listUsageRequests(context, { organizationId, limit: 2, status: '200' });
    expect(found.requests).toEqual(requests.slice(0, 2));
    expect(found.next).toBe(requests[1]!.requestId);
  });

  it('is opened at the day of a request that is asked for by its id', async () => {
    const { organizationId } = subscription;
    const { requests } = await listUsageRequests(context, { organizationId, limit: 1 });
    watched.seen.length = 0;
    await findUsageRequest(context, { organizationId, requestId: requests[0]!.requestId });
    expect(watched.most('days')).toBe(1);
  });

  it('is opened at one period by who closes it, and by who asks what a line of its invoice bills', async () => {
    await aGateway(database, { id: 'stopped', state: 'stopped', admittedThrough: new Date('2026-05-06T00:00:00Z') });
    database.clock.moveTo(new Date('2026-05-05T12:00:00Z'));
    const { closed } = await closeDuePeriods(context, { graceMs: HOUR });
    expect(closed).toMatchObject([{ totalMinor: 400n }]);
    const explained = await explainLine(context, { invoice: closed[0]!.number!, line: 2 }, async () => {});
    expect(explained).toMatchObject({ eventCount: 3, agrees: true });
    expect(watched.most('days')).toBeLessThan(OF_A_MONTH);
  });

  describe('of which a dead gateway has left leases open', () => {
    const LEASES = 250;
    const ENDED_TOGETHER = 100;
    beforeEach(async () => {
      const { organizationId, id, phaseId } = subscription;
      const periodStart = anchor;
      await tamper(
        database,
        `INSERT INTO quota_lease (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch, granted, created_at)
         SELECT gen_random_uuid(), $1, CASE number WHEN 7 THEN $2 ELSE gen_random_uuid() END, 'requests', $3, 'dead', 1, 40, $3
         FROM generate_series(1, ${LEASES}) AS number`,
        [organizationId, id, periodStart],
      );
      await tamper(
        database,
        `INSERT INTO money_lease (id, organization_id, subscription_id, period_start, phase_id, meter, gateway_id, gateway_epoch,
           granted_micro, created_at)
         SELECT gen_random_uuid(), $1, CASE number WHEN 7 THEN $2 ELSE gen_random_uuid() END, $3, $4, 'requests', 'dead', 1,
           40000000, $3
         FROM generate_series(1, ${LEASES}) AS number`,
        [organizationId, id, periodStart, phaseId],
      );
    });
    const ended = () =>
      database.unitOfWork.inSystem((transaction) =>
        transaction.query(
          `SELECT sum(used)::integer AS used, count(*) FILTER (WHERE settled_at IS NULL)::integer AS open FROM quota_lease
           UNION ALL SELECT (sum(used_micro) / 1000000)::integer, count(*) FILTER (WHERE settled_at IS NULL)::integer FROM money_lease`,
        ),
      );
    const expectFewLocks = () => {
      expect(watched.most('places')).toBeLessThanOrEqual(2 * ENDED_TOGETHER);
      expect(watched.most('days')).toBeLessThan(OF_A_MONTH);
    };

    it('ends them some at a time, with what the ledger says was used', async () => {
      expect(await new PostgresQuotaLeases(leasesOf('dead')).settleEpochs(1)).toBe(LEASES);
      expect(await new PostgresMoneyLeases(leasesOf('dead')).settleEpochs(1)).toBe(LEASES);
      expectFewLocks();
      expect(await ended()).toEqual([
        { used: 3, open: 0 },
        { used: 3, open: 0 },
      ]);
    });

    it('has them written off some at a time, each time with a line in the audit log', async () => {
      await aGateway(database, { id: 'dead', admittedThrough: anchor });
      database.clock.moveTo(database.clock.nowMs() + HOUR);
      const writtenOff = await writeOffLeases(context, { gatewayId: 'dead', reason: null, actor });
      expect(writtenOff).toEqual({
        quota: { count: LEASES, granted: 40n * BigInt(LEASES), used: 3n },
        money: { count: LEASES, granted: 40_000_000n * BigInt(LEASES), used: 3_000_000n },
      });
      expectFewLocks();
      expect(await ended()).toMatchObject([{ open: 0 }, { open: 0 }]);
      const lines = await database.unitOfWork.inSystem((transaction) =>
        transaction.query(
          `SELECT (details #>> '{quota,leases}')::integer AS quota, (details #>> '{money,leases}')::integer AS money
           FROM audit_log WHERE action = 'wrote off leases of' ORDER BY id`,
        ),
      );
      expect(lines).toEqual([
        { quota: 100, money: 100 },
        { quota: 100, money: 100 },
        { quota: 50, money: 50 },
      ]);
    });
  });

  it('is opened at one period by who counts a quota anew', async () => {
    const rebuilt = await rebuildQuotas(context, { actor });
    expect(rebuilt).toMatchObject([{ before: 0, after: 3 }]);
    expect(watched.most('days')).toBeLessThan(OF_A_MONTH);
  });

  it('has what a stream counts in a later period than it began in', async () => {
    const before = new Date(anchor.getTime() - 3 * DAY);
    await ingestUsage(database, subscription, {
      at: before,
      seq: 1,
      endedAtMs: anchor.getTime() + DAY,
      periodStartMs: anchor.getTime(),
      gatewayId: 'dead',
    });
    expect(await rebuildQuotas(context, { actor })).toMatchObject([{ before: 0, after: 4 }]);
    expect(watched.most('days')).toBeLessThan(OF_A_MONTH);
  });
});
