import type { UsageEvent } from '#domain';
import { type Difference, type VerifyInput, closeDuePeriods, ingestSegment, verifyLedger } from '#services';
import { type SubscriptionRow, aGateway, aPlanDefinition, aSubscription, graduatedRequests } from './billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from './database.js';
import { GATEWAY_ID, aSegmentJob, aTestModeEvent, aUsageEvent } from './usage-events.js';

export const periodStart = new Date('2026-02-01T00:00:00Z');
export const periodEnd = new Date('2026-03-01T00:00:00Z');

/** A ledger with everything in it: two subscriptions, repeats, events kept aside, a call of no meter, a closed month with late usage, invoices. */
export class VerifiedLedger {
  private constructor(
    readonly database: TestDatabase,
    readonly subscriptions: readonly SubscriptionRow[],
    /** In the order in which they were delivered. */
    readonly events: readonly UsageEvent[],
  ) {}

  static async create(): Promise<VerifiedLedger> {
    const database = await createTestDatabase(periodStart.toISOString());
    const definition = aPlanDefinition({ fixedFee: '10.00', prices: [graduatedRequests] });
    const subscriptions = [
      await aSubscription(database, { definition }),
      await aSubscription(database, { definition, organizationName: 'Grace Ltd' }),
    ];
    const day = (number: number) => new Date(Date.UTC(2026, 1, number, 12));
    const many = (subscription: SubscriptionRow, at: Date, count: number) =>
      Array.from({ length: count }, () => aUsageEvent(subscription, { at, quantities: { requests: '30' } }));
    const [first, second] = [many(subscriptions[0]!, day(10), 5), many(subscriptions[1]!, day(11), 5)];
    const late = many(subscriptions[0]!, day(12), 2);
    const refused = aUsageEvent(subscriptions[0]!, { at: day(10), status: 500, billable: false });
    const repeated = first[0]!;

    database.clock.moveTo(day(13));
    const deliver = async (segment: number, events: readonly unknown[]) =>
      ingestSegment(database.context, await aSegmentJob(events, { segment }));
    await deliver(1, [...first, refused]);
    const withoutUnits = aUsageEvent(subscriptions[0]!, { at: day(12), quantities: {} });
    await deliver(2, [...second, repeated, repeated, aTestModeEvent(subscriptions[1]!, { at: day(11) }), withoutUnits]);
    await deliver(3, [{ ...repeated, status: 404 }, 'malformed', aUsageEvent(subscriptions[0]!, { at: day(27) })]);
    await deliver(4, []);
    database.clock.moveTo(periodEnd.getTime() + 3_600_000);
    await aGateway(database, { id: GATEWAY_ID, admittedThrough: database.clock.now(), sealedSegment: 4 });
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    await deliver(5, late);
    database.clock.moveTo(new Date('2026-04-01T01:00:00Z'));
    await aGateway(database, { id: GATEWAY_ID, admittedThrough: database.clock.now(), sealedSegment: 5 });
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    return new VerifiedLedger(database, subscriptions, [...first, refused, ...second, ...late]);
  }

  verify(input: VerifyInput = {}) {
    return verifyLedger(this.database.context, input);
  }

  /** Changes the database as no part of Tollgate could. */
  tamper(sql: string, parameters: readonly unknown[] = []): Promise<void> {
    return tamper(this.database, sql, parameters);
  }

  /** The differences that a proof finds, one for each check at most. */
  async differences(input: VerifyInput = {}): Promise<Difference[]> {
    const report = await this.verify(input);
    return report.checks.flatMap(({ difference }) => difference ?? []);
  }

  async row<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row> {
    const [row] = await this.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
    if (!row) throw new Error(`no row: ${sql}`);
    return row;
  }

  dispose(): Promise<void> {
    return this.database.dispose();
  }
}
