import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan, PlanDefinition } from '#domain';
import { makeFirstSigningKey } from '../../../libs/services/src/signing-key/make-signing-key.js';
import { appendChange } from '#persistence';
import { aConsumer, aPlanVersion, aSubscriptionTo } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

const ring = [{ id: '1', secret: Buffer.alloc(32, 9) }];
const reading: Partial<PlanDefinition> = {
  entitlements: { operations: { allow: ['tag:read'] }, features: { seats: 5, sso: true, support: 'priority' } },
};
let under: GatewayUnderTest;
let anything: Awaited<ReturnType<typeof aPlanVersion>>;

/** A further plan of the product, with its first version. */
async function anotherPlan(slug: string, definition: Partial<PlanDefinition>, change: Partial<Plan> = {}) {
  const { database, catalog } = under;
  const plan: Plan = { ...catalog.plan, id: database.context.ids.next(), slug, title: slug, ...change };
  await database.unitOfWork.inSystem((transaction) => transaction.repository('plan').insert(plan));
  return aPlanVersion(database, plan, definition);
}

beforeAll(async () => {
  under = await startGatewayUnderTest({ definition: reading }, { encryptionKeys: ring });
  const { context, unitOfWork } = under.database;
  await unitOfWork.inSystem((transaction) => makeFirstSigningKey(context, transaction, ring));
  await pointUpstreamAt(under, { token: { header: 'tollgate-token', audience: null, lifetimeSeconds: 60 } });
  anything = await anotherPlan('max', {}, { position: 2 });
  await anotherPlan('plus', { entitlements: { operations: { deny: ['DELETE /things/*'] } } }, { position: 1 });
  await anotherPlan('secret', {}, { visibility: 'private' });
  await under.sync();
});
afterAll(() => under.dispose());

describe('an operation that a plan does not have', () => {
  it('is refused with its name and the public plans that have it, and counts nothing', async () => {
    const served = await under.call('/things/1');
    expect(served.status).toBe(200);
    const refused = await under.call('/things', { method: 'POST' });
    const { product } = under.catalog;
    expect(refused.status).toBe(403);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused.json()).toMatchObject({
      code: 'operation_not_in_plan',
      operation: 'createThing',
      plans: [`${product.slug}/plus`, `${product.slug}/max`],
      upgrade_url: expect.stringContaining(`/products/${product.slug}`),
    });
    const deleted = await under.call('/things/1', { method: 'DELETE' });
    expect(deleted.json()).toMatchObject({ operation: 'DELETE /things/{id}', plans: [`${product.slug}/max`] });
    const ids = (await under.events()).map(({ id }) => id);
    expect(ids).toContain(served.headers['tollgate-request-id']);
    expect(ids).not.toContain(refused.headers['tollgate-request-id']);
  });

  it('is served under a plan that has it, from the change of plan on', async () => {
    const { database, catalog } = under;
    const { key, subscription } = await aConsumer(database, catalog);
    await under.sync();
    expect((await under.call('/things', { method: 'POST', key })).status).toBe(403);
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query('UPDATE subscription_phase SET plan_version_id = $2 WHERE subscription_id = $1', [
        subscription.id,
        anything.id,
      ]);
      await appendChange(transaction, 'subscription', subscription.id, database.clock.now());
    });
    await under.sync();
    expect((await under.call('/things', { method: 'POST', key })).status).toBe(200);
    expect((await under.call('/things/1', { method: 'DELETE', key })).status).toBe(200);
  });

  it('is refused to who called before, also when the catalogue has changed since', async () => {
    const { database, catalog } = under;
    expect((await under.call('/things')).status).toBe(200);
    await anotherPlan('more', {}, { position: 3 });
    await database.unitOfWork.inSystem((transaction) =>
      appendChange(transaction, 'catalog', 'all', database.clock.now()),
    );
    await under.sync();
    const refused = await under.call('/things', { method: 'POST' });
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({
      plans: ['plus', 'max', 'more'].map((slug) => `${catalog.product.slug}/${slug}`),
    });
  });

  it('is served and paid by a younger subscription to another product that has it', async () => {
    const { database, catalog } = under;
    const { key, application } = await aConsumer(database, catalog);
    const product = { ...catalog.product, id: database.context.ids.next(), slug: `${catalog.product.slug}-more` };
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.repository('api_product').insert(product);
      await transaction.repository('api_product_api').insert({ apiProductId: product.id, apiId: catalog.api.id });
      const meter = { ...catalog.meters[0]!, id: database.context.ids.next(), apiProductId: product.id };
      await transaction.repository('meter').insert(meter);
    });
    const planVersion = await anotherPlan('writer', {}, { apiProductId: product.id });
    const inAMinute = new Date(database.clock.nowMs() + 60_000);
    database.clock.moveTo(inAMinute);
    await aSubscriptionTo(database, { application, catalog: { ...catalog, product, planVersion } });
    await under.sync();
    const read = await under.eventOf((await under.call('/things', { key })).headers['tollgate-request-id']);
    expect(read.planVersionId).toBe(catalog.planVersion.id);
    const written = await under.call('/things', { method: 'POST', key });
    expect(written.status, written.body).toBe(200);
    const event = await under.eventOf(written.headers['tollgate-request-id']);
    expect(event.planVersionId).toBe(planVersion.id);
  });
});

describe('the features of a plan', () => {
  it('are told to the upstream, by a header that no client can forge and in its signed token', async () => {
    const { status } = await under.call('/things', { headers: { 'X-Consumer-Features': 'seats=500' } });
    expect(status).toBe(200);
    const { headers } = under.upstream.requests.at(-1)!;
    expect(headers['x-consumer-features']).toBe('seats=5, sso, support="priority"');
    expect(decodeJwt(String(headers['tollgate-token']))).toMatchObject({
      plan: 'pro',
      features: { seats: 5, sso: true, support: 'priority' },
    });
    const other = await aConsumer(under.database, { ...under.catalog, planVersion: anything });
    await under.sync();
    await under.call('/things', { key: other.key, headers: { 'X-Consumer-Features': 'seats=500' } });
    const without = under.upstream.requests.at(-1)!.headers;
    expect(without).not.toHaveProperty('x-consumer-features');
    expect(decodeJwt(String(without['tollgate-token']))).not.toHaveProperty('features');
  });
});
