import { type UsageAlert, raiseUsageAlerts, setMoneyCap } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCatalog, aConsumer } from '../../support/factories.js';

let database: TestDatabase;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let catalog: Awaited<ReturnType<typeof aCatalog>>;

beforeEach(async () => {
  database = await createTestDatabase();
  catalog = await aCatalog(database, {
    upstreamUrl: 'http://127.0.0.1:1',
    definition: {
      prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '1' } }],
      quotas: [
        { name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' },
        { name: 'told', meter: 'requests', limit: 200, enforcement: 'soft' },
      ],
    },
  });
  consumer = await aConsumer(database, catalog);
});
afterEach(() => database.dispose());

/** Makes the ledger's sum of billable requests of the first period so large, of so many events. */
async function use(quantity: number, events = 1): Promise<void> {
  const { subscription, phase, application, credential } = consumer;
  await database.unitOfWork.inSystem((transaction) =>
    transaction.query(
      `INSERT INTO usage_hour (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id,
         mode, period_start, settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota, event_count,
         quantity_sum)
       VALUES ($1, $2, $3, $4, $5, $6, 'live', $7, $7, $8, 'requests', date_bin('1 hour', $7, 'epoch'), 2, true, true, $10, $9)
       ON CONFLICT ON CONSTRAINT usage_hour_key DO UPDATE SET quantity_sum = excluded.quantity_sum`,
      [
        subscription.organizationId,
        application.id,
        credential.id,
        subscription.id,
        phase.id,
        phase.planVersionId,
        subscription.anchorAt,
        catalog.product.id,
        quantity,
        events,
      ],
    ),
  );
}

async function raise(): Promise<string[]> {
  const told: UsageAlert[] = [];
  const { id: subscriptionId, anchorAt: periodStart } = consumer.subscription;
  await raiseUsageAlerts(database.context, { subscriptionId, periodStart }, (alert) => {
    told.push(alert);
    return { subject: `${alert.limitName} ${alert.threshold}`, text: 'text', html: 'html' };
  });
  return told.map(({ limitName, threshold, used, limit }) => `${limitName} ${threshold}: ${used} of ${limit}`);
}

describe('alerts of usage', () => {
  it('come at 50, 80 and 100 percent of each quota, each once', async () => {
    await use(99);
    expect(await raise()).toEqual([]);
    await use(100);
    expect(await raise()).toEqual(['quota told 50: 100 requests of 200 requests']);
    expect(await raise()).toEqual([]);
    await use(800);
    expect(await raise()).toEqual([
      'quota monthly 50: 800 requests of 1,000 requests',
      'quota monthly 80: 800 requests of 1,000 requests',
      'quota told 80: 800 requests of 200 requests',
      'quota told 100: 800 requests of 200 requests',
    ]);
    await use(1_000);
    expect(await raise()).toEqual(['quota monthly 100: 1,000 requests of 1,000 requests']);
  });

  it('come for the money cap by what the usage costs', async () => {
    const { organizationId, id: subscriptionId } = consumer.subscription;
    const actor = { kind: 'user', id: 'owner' } as const;
    await setMoneyCap(database.context, { organizationId, subscriptionId, amount: '20', actor });
    await use(9);
    expect(await raise()).toEqual([]);
    await use(16);
    expect(await raise()).toEqual(['spending cap 50: $16.00 of $20.00', 'spending cap 80: $16.00 of $20.00']);
  });

  it('come for the money cap by how many events there were, where each costs something', async () => {
    catalog = await aCatalog(database, {
      upstreamUrl: 'http://127.0.0.1:2',
      definition: {
        prices: [
          { meter: 'requests', included: '0', price: { model: 'percentage', ratePercent: '1', fixedAmount: '0.5' } },
        ],
        quotas: [],
      },
    });
    consumer = await aConsumer(database, catalog);
    const { organizationId, id: subscriptionId } = consumer.subscription;
    const actor = { kind: 'user', id: 'owner' } as const;
    await setMoneyCap(database.context, { organizationId, subscriptionId, amount: '20', actor });
    await use(100, 18);
    expect(await raise()).toEqual(['spending cap 50: $10.00 of $20.00']);
  });

  it('are sent once, to the billing address, however many workers look at the same time', async () => {
    await use(100);
    await Promise.all(Array.from({ length: 8 }, () => raise()));
    const mails = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT payload ->> 'to' AS "to", payload ->> 'subject' AS subject FROM outbox WHERE queue = 'mail'`,
      ),
    );
    expect(mails).toEqual([{ to: 'billing@ada.test', subject: 'quota told 50' }]);
  });
});
