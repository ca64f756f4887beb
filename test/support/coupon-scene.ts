import type { Coupon, PaymentProvider, PlanDefinition } from '#domain';
import { insertCoupon, insertCouponCode, listInvoiceLines } from '#persistence';
import { cancelSubscription, closeDuePeriods, previewSubscription, subscribe, verifyLedger } from '#services';
import { expect } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aPlanVersion, aSubscription, addUsage } from './billing-rows.js';
import { type TestDatabase, createTestDatabase } from './database.js';

const HOUR = 3_600_000;
const actor = { kind: 'cli', id: null } as const;

/** A cent for each request. */
export const centPrices = [
  { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } },
] as const;

/** An organization and a product of a publisher, whose coupons are redeemed, invoiced and proved. */
export class CouponScene {
  static readonly start = new Date('2026-01-31T10:00:00Z');

  private constructor(
    readonly database: TestDatabase,
    /** Of whose organization and product everything else is. */
    readonly owner: SubscriptionRow,
  ) {}

  static async open(): Promise<CouponScene> {
    const database = await createTestDatabase(CouponScene.start.toISOString());
    const owner = await aSubscription(database);
    const { organizationId, id: subscriptionId } = owner;
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'now', actor });
    return new CouponScene(database, owner);
  }

  dispose(): Promise<void> {
    return this.database.dispose();
  }

  rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  }

  /** Off one month, if nothing else is said; its id. */
  aCoupon(change: Partial<Coupon>, code = 'SPRING'): Promise<string> {
    return aCoupon(this.database, this.owner, change, code);
  }

  plan(definition: Partial<PlanDefinition>): Promise<string> {
    return aPlanVersion(this.database, this.owner, aPlanDefinition({ prices: centPrices, ...definition }));
  }

  take(
    planVersionId: string,
    couponCode?: string,
    { organizationId, applicationId }: Pick<SubscriptionRow, 'organizationId' | 'applicationId'> = this.owner,
    paymentProvider: PaymentProvider | null = null,
  ) {
    const which = { organizationId, applicationId, planVersionId, couponCode };
    return subscribe(this.database.context, { ...which, paymentProvider, actor });
  }

  preview(planVersionId: string, couponCode?: string) {
    const { organizationId } = this.owner;
    const which = { organizationId, planVersionId, couponCode };
    return previewSubscription(this.database.context, { ...which, paymentProvider: null, actor, peppers: [] });
  }

  async use(
    subscriptionId: string,
    planVersionId: string,
    at: string,
    quantity: string,
    settlesIn?: string,
  ): Promise<void> {
    const [phase] = await this.rows<{ id: string }>(
      'SELECT id FROM subscription_phase WHERE subscription_id = $1 ORDER BY starts_at DESC LIMIT 1',
      [subscriptionId],
    );
    const used = { ...this.owner, id: subscriptionId, phaseId: phase!.id, planVersionId };
    await addUsage(this.database, used, {
      at: new Date(at),
      quantity,
      phaseId: phase!.id,
      planVersionId,
      ...(settlesIn !== undefined && { settlesIn: new Date(settlesIn) }),
    });
  }

  /** Closes every period that is due then; none may be held. */
  async closeAt(at: string): Promise<void> {
    this.database.clock.moveTo(at);
    const { held } = await closeDuePeriods(this.database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
  }

  invoicesOf(subscriptionId: string) {
    return this.rows<{ id: string; total: string; tax: string }>(
      'SELECT id, total_minor AS total, tax_minor AS tax FROM invoice WHERE subscription_id = $1 ORDER BY period_start, created_at',
      [subscriptionId],
    );
  }

  /** Of each invoice, in their order. */
  async linesOf(subscriptionId: string): Promise<string[][]> {
    const { unitOfWork } = this.database;
    return Promise.all(
      (await this.invoicesOf(subscriptionId)).map(async ({ id }) =>
        inWords(await unitOfWork.inSystem((transaction) => listInvoiceLines(transaction, id))),
      ),
    );
  }

  /** What `verify` finds; usage was put into the ledger without segments. */
  async differing() {
    const { checks } = await verifyLedger(this.database.context);
    return checks.filter(({ ok, name }) => !ok && name !== 'events');
  }
}

/** A coupon of the publisher of a subscription's product, off one month if nothing else is said; its id. */
export async function aCoupon(
  database: TestDatabase,
  { apiProductId }: Pick<SubscriptionRow, 'apiProductId'>,
  change: Partial<Coupon>,
  code = 'SPRING',
): Promise<string> {
  const id = database.context.ids.next();
  const createdAt = database.clock.now();
  await database.unitOfWork.inSystem(async (transaction) => {
    const [team] = await transaction.query<{ id: string }>(
      'SELECT publisher_team_id AS id FROM api_product WHERE id = $1',
      [apiProductId],
    );
    await insertCoupon(transaction, {
      id,
      publisherTeamId: team!.id,
      slug: code.toLowerCase(),
      title: 'Spring sale',
      percentOff: null,
      amountOffMinor: null,
      currency: null,
      months: 1,
      offers: [],
      maxRedemptions: null,
      expiresAt: null,
      archivedAt: null,
      createdAt,
      ...change,
    });
    await insertCouponCode(transaction, { couponId: id, code, createdAt });
  });
  return id;
}

/** "usage 333". */
export function inWords(lines: readonly { readonly kind: string; readonly amountMinor: bigint }[]): string[] {
  return lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
}
