import type { PaymentState, PlanDefinition } from '#domain';
import { setPaymentState } from '#services';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = async (definition: Partial<PlanDefinition> = {}) => {
  under = await startGatewayUnderTest({ definition });
};

async function say(paymentState: PaymentState): Promise<boolean> {
  const actor = { kind: 'cli', id: null } as const;
  const subscriptionId = under.consumer.subscription.id;
  const hasChanged = await setPaymentState(under.database.context, {
    subscriptionId,
    paymentState,
    reason: 'invoice unpaid',
    actor,
  });
  await under.sync();
  return hasChanged;
}

describe('a subscription that is suspended for payment', () => {
  it('is refused with 402 and where to pay, and passes again with the same key when it is restored', async () => {
    await start();
    expect((await under.call('/things')).status).toBe(200);
    expect(await say('suspended')).toBe(true);
    const refused = await under.call('/things');
    expect(refused.status).toBe(402);
    expect(refused.json()).toMatchObject({
      code: 'payment_required',
      status: 402,
      action_url: 'https://portal.test/dashboard/billing',
    });
    expect(refused.headers['usage']).toBe('"requests";cost=0;billable=?0;reason="payment_required"');
    expect(under.upstream.requests).toHaveLength(1);
    await say('current');
    expect((await under.call('/things')).status).toBe(200);
    expect(await under.events()).toHaveLength(2);
  });

  it('is refused with 403 where the plan says so', async () => {
    await start({ moneyRefusalStatus: 403 });
    await say('suspended');
    const refused = await under.call('/things');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'payment_required' });
  });

  it('spends no rate limit and no quota', async () => {
    await start({
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 60 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' }],
    });
    await say('suspended');
    for (let attempt = 0; attempt < 6; attempt++) expect((await under.call('/things')).status).toBe(402);
    await say('current');
    expect((await under.call('/things')).headers['ratelimit']).toMatch(/"burst";r=4;.*"monthly";r=4;/);
  });

  it('is served while it is only past due', async () => {
    await start();
    await say('past_due');
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is written down in the audit log, once', async () => {
    await start();
    await say('suspended');
    expect(await say('suspended')).toBe(false);
    const rows = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT action, noun, noun_id AS "nounId", details FROM audit_log WHERE noun = 'subscription' ORDER BY id`,
      ),
    );
    expect(rows).toEqual([
      {
        action: 'suspended for payment',
        noun: 'subscription',
        nounId: under.consumer.subscription.id,
        details: { from: 'current', reason: 'invoice unpaid' },
      },
    ]);
  });
});
