import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyRestrictions, Mode } from '#domain';
import { appendChange } from '#persistence';
import { aCatalog, aCredential, aSubscriptionTo } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  under.upstream.answer();
});
afterAll(() => under.dispose());

async function keyWith(restrictions: Partial<KeyRestrictions>, mode: Mode = 'live'): Promise<string> {
  const { key } = await aCredential(under.database, { application: under.consumer.application, restrictions, mode });
  await under.sync();
  return key;
}

const expectForbidden = async (key: string, code: string, path = '/things', method = 'GET') => {
  const count = under.upstream.requests.length;
  const answer = await under.call(path, { key, method });
  expect(answer.status).toBe(403);
  expect(answer.json()).toMatchObject({ code, status: 403 });
  expect(under.upstream.requests.length).toBe(count);
};

describe('a key that works from some addresses only', () => {
  it('is refused from others', async () => {
    await expectForbidden(
      await keyWith({ allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'] }),
      'address_not_allowed',
    );
  });

  it.each(['127.0.0.1', '127.0.0.0/8', '0.0.0.0/0'])('is served from within %s', async (range) => {
    const key = await keyWith({ allowedAddresses: ['2001:db8::/32', range] });
    expect((await under.call('/things', { key })).status).toBe(200);
  });
});

describe('a key that works for some operations only', () => {
  it.each(['listThings', 'tag:read', 'GET /things', '*'])('is served for what "%s" selects', async (selector) => {
    const key = await keyWith({ operations: [selector, 'another'] });
    expect((await under.call('/things', { key })).status).toBe(200);
    if (selector !== '*') await expectForbidden(key, 'operation_not_in_scope', '/things', 'POST');
  });
});

describe('a key that works for some products only', () => {
  it('is refused where its application has another product with the API', async () => {
    await expectForbidden(await keyWith({ products: ['another'] }), 'product_not_in_scope');
    await expectForbidden(await keyWith({ products: ['another'] }, 'test'), 'product_not_in_scope');
  });

  it('is served where the product is in its scope, and that product pays', async () => {
    const { database, upstream, consumer, catalog } = under;
    const second = await aCatalog(database, { upstreamUrl: upstream.url });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query('INSERT INTO api_product_api (api_product_id, api_id) VALUES ($1, $2)', [
        second.product.id,
        catalog.api.id,
      ]),
    );
    const { application } = consumer;
    const { subscription } = await aSubscriptionTo(database, { application, catalog: second });
    await database.unitOfWork.inSystem((transaction) =>
      appendChange(transaction, 'catalog', 'all', database.clock.now()),
    );
    const key = await keyWith({ products: [second.product.slug] });
    const served = await under.call('/things', { key });
    expect(served.status).toBe(200);
    expect(await under.eventOf(served.headers['tollgate-request-id'])).toMatchObject({
      subscriptionId: subscription.id,
      apiProductId: second.product.id,
    });
    const testKey = await keyWith({ products: [second.product.slug] }, 'test');
    const tested = await under.call('/things', { key: testKey });
    expect(await under.eventOf(tested.headers['tollgate-request-id'])).toMatchObject({
      apiProductId: second.product.id,
    });
  });
});
