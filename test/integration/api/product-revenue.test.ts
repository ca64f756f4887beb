import { randomUUID } from 'node:crypto';
import { closeDuePeriods, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi } from './running-api.js';

const anchor = new Date('2026-01-01T00:00:00Z');
const cli = { kind: 'cli', id: null } as const;
const usd = (amountMinor: string) => expect.objectContaining({ amountMinor, currency: 'USD' });

describe('what a product earns', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase(anchor.toISOString());
    api = await RunningApi.start(database);
    ada = await api.signUp('Ada');
    const definition = aPlanDefinition({ fixedFee: '31.00' });
    subscription = await aSubscription(database, { organizationName: 'Northwind', anchorAt: anchor, definition });
    const other = await aSubscription(database, { organizationName: 'Others', anchorAt: anchor });
    const [team] = await rows<{ slug: string }>(
      'SELECT team.slug FROM publisher_team team JOIN api_product ON publisher_team_id = team.id WHERE api_product.id = $1',
      [subscription.apiProductId],
    );
    await grantStaff(database.context, { email: ada.email, grant: { team: team!.slug }, actor: cli });
    for (const used of [subscription, other])
      await addUsage(database, used, { at: new Date('2026-01-10T12:00:00Z'), quantity: '350' });
    database.clock.moveTo('2026-02-03T12:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const get = <Body>(what: string, product = subscription.product, as = ada) =>
    api.call<Body>(`/api/v1/publisher/products/${product}/${what}`, { as });

  it('is what the books of finance have, by month and plan: a fee in its month, usage when it is billed', async () => {
    const { body } = await get('revenue');
    expect(body).toEqual({
      revenue: [
        {
          month: '2026-02',
          plan: 'pro',
          fees: usd('3100'),
          usage: usd('250'),
          reductions: usd('0'),
          total: usd('3350'),
        },
      ],
    });
    expect((await get<{ revenue: object[] }>('revenue?months=1')).body.revenue).toHaveLength(1);
    expect((await get('revenue?months=0')).status).toBe(400);
  });

  it('has a funnel: of those who signed up, who has subscribed, called and paid', async () => {
    // Somebody who has subscribed and nothing else.
    const idle = await aSubscription(database, {
      organizationName: 'Idle',
      anchorAt: new Date('2026-02-01T00:00:00Z'),
    });
    await rows('UPDATE subscription SET api_product_id = $2 WHERE id = $1', [idle.id, subscription.apiProductId]);
    const funnel = { signedUp: 4, subscribed: 2, called: 1, paid: 0 };
    expect((await get('funnel')).body).toMatchObject(funnel);
    await rows(
      `INSERT INTO payment (id, organization_id, invoice_id, method, provider_payment_id, attempt, state, amount_minor, currency, created_at)
       SELECT $2, organization_id, id, 'card', 'pi_1', 1, 'succeeded', total_minor, currency, created_at FROM invoice WHERE subscription_id = $1`,
      [subscription.id, randomUUID()],
    );
    await rows(`UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE subscription_id = $1`, [subscription.id]);
    expect((await get('funnel')).body).toMatchObject({ ...funnel, paid: 1 });
    expect((await get('funnel?days=5')).body).toMatchObject({ signedUp: 1, subscribed: 1, called: 0, paid: 0 });
  });

  it('is shown to its publishers only', async () => {
    const bob = await api.signUp('Bob');
    expect((await get('revenue', subscription.product, bob)).status).toBe(403);
    const { product } = await aSubscription(database, { organizationName: 'Elsewhere' });
    for (const what of ['revenue', 'funnel'])
      expect(await get(what, product)).toMatchObject({ status: 404, body: { code: 'product_not_found' } });
  });
});
