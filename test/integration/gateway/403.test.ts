import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { cancelSubscription, reactivateSubscription } from '#services';
import { aConsumer, aCredential, anApplication, aSubscriptionTo } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const until = (key: string, wanted: number) =>
  eventually(
    () => under.call('/things', { key }),
    ({ status }) => status === wanted,
  );

async function change(sql: string, id: string, applicationId: string) {
  const { database } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(sql, [id, database.clock.now()]);
    await appendChange(transaction, 'application', applicationId, database.clock.now());
  });
}

describe('a known key that may not', () => {
  it('is refused without a subscription, and served as soon as there is one', async () => {
    const { database, catalog } = under;
    const application = await anApplication(database);
    const { key } = await aCredential(database, { application });
    const answer = await until(key, 403);
    expect(answer.json()).toMatchObject({ code: 'not_subscribed', status: 403 });
    await aSubscriptionTo(database, { application, catalog });
    await until(key, 200);
  });

  it('is refused after its subscription was canceled', async () => {
    const { key, subscription } = await aConsumer(under.database, under.catalog);
    await until(key, 200);
    const { organizationId, id: subscriptionId } = subscription;
    const canceled = { organizationId, subscriptionId, actor: { kind: 'cli', id: null } } as const;
    await cancelSubscription(under.database.context, { ...canceled, when: 'now' });
    expect((await until(key, 403)).json()).toMatchObject({ code: 'not_subscribed' });
  });

  it('is refused from the instant on at which its subscription was to end, unless that was taken back', async () => {
    const { database, catalog } = under;
    const { key, subscription } = await aConsumer(database, catalog);
    await until(key, 200);
    const { organizationId, id: subscriptionId } = subscription;
    const canceled = { organizationId, subscriptionId, actor: { kind: 'cli', id: null } } as const;
    const { cancelAt } = await cancelSubscription(database.context, { ...canceled, when: 'period_end' });
    await under.sync();
    expect((await under.call('/things', { key })).status).toBe(200);
    await reactivateSubscription(database.context, { ...canceled, paymentProvider: null });
    await under.sync();
    database.clock.moveTo(cancelAt!);
    expect((await under.call('/things', { key })).status).toBe(200);
    const { cancelAt: next } = await cancelSubscription(database.context, { ...canceled, when: 'period_end' });
    await under.sync();
    database.clock.moveTo(next!.getTime() - 1);
    expect((await under.call('/things', { key })).status).toBe(200);
    database.clock.moveTo(next!);
    expect((await under.call('/things', { key })).json()).toMatchObject({ code: 'not_subscribed' });
  });

  it('is refused before the first phase of its subscription', async () => {
    const { database, catalog } = under;
    const application = await anApplication(database);
    await aSubscriptionTo(database, { application, catalog, anchorAt: new Date(database.clock.nowMs() + 60_000) });
    const { key } = await aCredential(database, { application });
    await until(key, 403);
    database.clock.moveTo(database.clock.nowMs() + 60_000);
    await until(key, 200);
  });

  it('is refused while its application or its organization is suspended', async () => {
    const { key, application } = await aConsumer(under.database, under.catalog);
    await until(key, 200);
    await change('UPDATE application SET suspended_at = $2 WHERE id = $1', application.id, application.id);
    expect((await until(key, 403)).json()).toMatchObject({ code: 'application_suspended' });
    await change(
      'UPDATE application SET suspended_at = NULL WHERE id = $1 AND $2::timestamptz IS NOT NULL',
      application.id,
      application.id,
    );
    await until(key, 200);
    await change('UPDATE organization SET suspended_at = $2 WHERE id = $1', application.organizationId, application.id);
    expect((await until(key, 403)).json()).toMatchObject({ code: 'application_suspended' });
  });
});
