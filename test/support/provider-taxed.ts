import { type BillingDetails, noBillingDetails } from '#domain';
import { saveBillingDetails } from '#persistence';
import {
  type InvoiceDetails,
  closeDuePeriods,
  decideOnAdjustment,
  findInvoice,
  proposeAdjustment,
  setSellerTax,
  verifyLedger,
} from '#services';
import { expect } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from './billing-rows.js';
import { Collection, cards } from './collection.js';
import { type TestDatabase, createTestDatabase } from './database.js';
import { dataOf } from './stripe-sandbox/sandbox-client.js';

const HOUR = 3_600_000;

/** A seller whose taxes the payment sandbox computes, from February 2026 on. */
export class ProviderTaxed implements AsyncDisposable {
  private constructor(
    readonly database: TestDatabase,
    readonly collection: Collection,
  ) {}

  static readonly actor = { kind: 'user', id: 'fin' } as const;

  static async start(): Promise<ProviderTaxed> {
    const database = await createTestDatabase('2026-02-01T00:00:00Z');
    const taxed = new ProviderTaxed(database, await Collection.start(database));
    await taxed.leaveTaxTo('provider');
    return taxed;
  }

  async leaveTaxTo(tax: 'own' | 'provider'): Promise<void> {
    await setSellerTax(this.database.context, { sellerSlug: 'default', tax, actor: ProviderTaxed.actor });
  }

  rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  }

  /** A subscription of a buyer with a card. */
  async aBuyer(
    details: Partial<BillingDetails> = {},
    definition = aPlanDefinition({ fixedFee: '5.03' }),
  ): Promise<SubscriptionRow> {
    const subscription = await aSubscription(this.database, { definition });
    await this.say(subscription, details);
    await this.collection.saveCard(subscription.organizationId, cards.good);
    return subscription;
  }

  say({ organizationId }: SubscriptionRow, details: Partial<BillingDetails>): Promise<void> {
    return this.database.unitOfWork.inSystem((transaction) =>
      saveBillingDetails(transaction, { ...noBillingDetails(organizationId), ...details }),
    );
  }

  /** Closes what is due at an instant, and leaves what follows undone. */
  async close(at = '2026-03-01T01:00:00Z') {
    this.database.clock.moveTo(at);
    const { closed, held } = await closeDuePeriods(this.database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    return closed;
  }

  async bill(at?: string) {
    const closed = await this.close(at);
    await this.collection.settle();
    return closed;
  }

  /** The newest invoice of a subscription. */
  async invoiceOf({ id }: SubscriptionRow): Promise<InvoiceDetails> {
    const [found] = await this.rows<{ id: string }>(
      `SELECT id FROM invoice WHERE subscription_id = $1 ORDER BY period_start DESC, id DESC LIMIT 1`,
      [id],
    );
    return findInvoice(this.database.context, { invoiceId: found!.id });
  }

  async credit(organizationId: string, amountMinor: bigint): Promise<void> {
    const about = { organizationId, sellerSlug: 'default', currency: 'USD', amountMinor, reason: 'Goodwill' };
    const { id } = await proposeAdjustment(this.database.context, { ...about, actor: ProviderTaxed.actor });
    const other = { kind: 'user', id: 'grace' } as const;
    await decideOnAdjustment(this.database.context, { adjustmentId: id, decision: 'approved', actor: other });
  }

  async atProvider(): Promise<Record<string, unknown>[]> {
    return dataOf(await this.collection.client.get('/v1/invoices?limit=100'));
  }

  /** What of the proof fails: nothing where all is right. Usage that was put in without a segment has no events. */
  async differing() {
    const { checks } = await verifyLedger(this.database.context, { provider: this.collection.provider });
    return checks.filter(({ ok, name }) => !ok && name !== 'events');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.collection[Symbol.asyncDispose]();
    await this.database.dispose();
  }
}
