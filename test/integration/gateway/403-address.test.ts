import type { VersionPolicies } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

async function apply(policies: VersionPolicies): Promise<void> {
  const { database, catalog } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET policies = $2 WHERE id = $1', [catalog.version.id, policies]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

describe('a call from a network address', () => {
  it('is refused when the address is not among those allowed, and never billed', async () => {
    await apply({ addresses: { allow: ['192.0.2.0/24', '2001:db8::/32'], deny: [] } });
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 403, code: 'address_not_allowed' });
    expect(under.upstream.requests).toHaveLength(0);
    expect(await under.events()).toEqual([]);
  });

  it('is refused when the address is denied, also if it is allowed', async () => {
    await apply({ addresses: { allow: ['127.0.0.0/8'], deny: ['127.0.0.1'] } });
    expect((await under.call('/things')).status).toBe(403);
  });

  it('passes when the address is allowed', async () => {
    await apply({ addresses: { allow: ['127.0.0.0/8'], deny: [] } });
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is asked for its key first, so that nobody learns the rules without one', async () => {
    await apply({ addresses: { allow: ['192.0.2.0/24'], deny: [] } });
    expect((await under.call('/things', { key: 'tg_live_nobody' })).status).toBe(401);
  });

  it('is refused before its subscription is looked at', async () => {
    await apply({ addresses: { allow: ['192.0.2.0/24'], deny: [] } });
    const { database, consumer } = under;
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(`UPDATE subscription SET state = 'canceled', canceled_at = $2 WHERE id = $1`, [
        consumer.subscription.id,
        database.clock.now(),
      ]);
      await appendChange(transaction, 'subscription', consumer.subscription.id, database.clock.now());
    });
    await under.sync();
    expect((await under.call('/things')).json()).toMatchObject({ code: 'address_not_allowed' });
  });
});
