import type { KeyRestrictions, Mode, VersionPolicies } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCredential, anApplication } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: {
      entitlements: { operations: { allow: ['tag:read'] }, features: {} },
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 60 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 9, enforcement: 'hard' }],
    },
  });
});
afterAll(() => under.dispose());
beforeEach(() => apply({}));

async function apply(policies: VersionPolicies): Promise<void> {
  const { database, catalog } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET policies = $2 WHERE id = $1', [catalog.version.id, policies]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

async function suspendApplication(isSuspended: boolean): Promise<void> {
  const { database, consumer } = under;
  const { id } = consumer.application;
  await database.unitOfWork.inSystem(async (transaction) => {
    const at = isSuspended ? database.clock.now() : null;
    await transaction.query('UPDATE application SET suspended_at = $2 WHERE id = $1', [id, at]);
    await appendChange(transaction, 'application', id, database.clock.now());
  });
  await under.sync();
}

async function keyWith(restrictions: Partial<KeyRestrictions>, mode: Mode = 'live'): Promise<string> {
  const { key } = await aCredential(under.database, { application: under.consumer.application, restrictions, mode });
  await under.sync();
  return key;
}

const noLimits = { 'ratelimit-policy': undefined, ratelimit: undefined, usage: undefined };
const untouched = {
  'ratelimit-policy': expect.stringMatching(/^"burst";q=5;w=60, "monthly";q=9;w=\d+$/),
  ratelimit: expect.stringMatching(/^"burst";r=5;t=\d+, "monthly";r=9;t=\d+$/),
};
const receipt = (code: string) => ({ usage: `"requests";cost=0;billable=?0;reason="${code}"` });

async function refused(code: string, options: { key?: string; method?: string } = {}) {
  const answer = await under.call('/things', options);
  expect(answer.json()).toMatchObject({ code });
  const { 'ratelimit-policy': policy, ratelimit, usage } = answer.headers;
  return { 'ratelimit-policy': policy, ratelimit, usage };
}

describe('a caller that is known and refused', () => {
  it('is told its limits, and that the call costs nothing: from a place that may not call', async () => {
    await apply({ addresses: { allow: ['192.0.2.0/24'], deny: [] } });
    const code = 'address_not_allowed';
    expect(await refused(code)).toEqual({ ...untouched, ...receipt(code) });
  });

  it('is told them while its application is suspended', async () => {
    await suspendApplication(true);
    const code = 'application_suspended';
    expect(await refused(code)).toEqual({ ...untouched, ...receipt(code) });
    await suspendApplication(false);
  });

  it('is told them by a key that may not call this', async () => {
    for (const [code, restrictions] of [
      ['operation_not_in_scope', { operations: ['deleteThing'] }],
      ['product_not_in_scope', { products: ['another'] }],
      ['address_not_allowed', { allowedAddresses: ['192.0.2.0/24'] }],
    ] as const)
      expect(await refused(code, { key: await keyWith(restrictions) })).toEqual({ ...untouched, ...receipt(code) });
  });

  it('is told them for an operation that its plan does not have', async () => {
    const code = 'operation_not_in_plan';
    expect(await refused(code, { method: 'POST' })).toEqual({ ...untouched, ...receipt(code) });
  });

  it('is told those of a test key', async () => {
    const key = await keyWith({ products: ['another'] }, 'test');
    const code = 'product_not_in_scope';
    expect(await refused(code, { key })).toEqual({
      'ratelimit-policy': '"test";q=100;w=86400',
      ratelimit: expect.stringMatching(/^"test";r=100;t=\d+$/),
      ...receipt(code),
    });
  });

  it('is told nothing of limits without a subscription, and without a key that is good', async () => {
    const application = await anApplication(under.database);
    const { key } = await aCredential(under.database, { application });
    await under.sync();
    expect(await refused('not_subscribed', { key })).toEqual(noLimits);
    expect(await refused('invalid_api_key', { key: 'tg_live_nobody' })).toEqual(noLimits);
  });
});
