import type { PlanDefinition, SuspensionReason } from '#domain';
import { setPaymentState, suspendSubscription } from '#services';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = async (definition: Partial<PlanDefinition> = {}) => {
  under = await startGatewayUnderTest({ definition });
};

const actor = { kind: 'cli', id: null } as const;

async function suspend(isSuspended = true, reason: SuspensionReason = 'payment'): Promise<boolean> {
  const { hasChanged } = await suspendSubscription(under.database.context, {
    subscriptionId: under.consumer.subscription.id,
    reason,
    isSuspended,
    note: 'invoice unpaid',
    actor,
  });
  await under.sync();
  return hasChanged;
}

describe('a subscription that is suspended for payment', () => {
  it('is refused with 402 and where to pay, and passes again with the same key when it is restored', async () => {
    await start();
    expect((await under.call('/things')).status).toBe(200);
    expect(await suspend()).toBe(true);
    const refused = await under.call('/things');
    expect(refused.status).toBe(402);
    expect(refused.json()).toMatchObject({
      code: 'payment_required',
      status: 402,
      action_url: 'https://portal.test/dashboard/billing',
    });
    expect(refused.headers['usage']).toBe('"requests";cost=0;billable=?0;reason="payment_required"');
    expect(under.upstream.requests).toHaveLength(1);
    await suspend(false);
    expect((await under.call('/things')).status).toBe(200);
    expect(await under.events()).toHaveLength(2);
  });

  it('is refused with 403 where the plan says so', async () => {
    await start({ moneyRefusalStatus: 403 });
    await suspend();
    const refused = await under.call('/things');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'payment_required' });
    await suspend(false);
    await suspend(true, 'trial_ended');
    const detail = expect.stringMatching('The trial of the subscription has ended');
    expect((await under.call('/things')).json()).toMatchObject({ code: 'payment_required', status: 403, detail });
  });

  it('spends no rate limit and no quota', async () => {
    await start({
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 60 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' }],
    });
    await suspend();
    for (let attempt = 0; attempt < 6; attempt++) expect((await under.call('/things')).status).toBe(402);
    await suspend(false);
    expect((await under.call('/things')).headers['ratelimit']).toMatch(/"burst";r=4;.*"monthly";r=4;/);
  });

  it('is refused with 403 and without a place to pay while the operator suspends it too, and stays so when it is paid', async () => {
    await start();
    await suspend();
    await suspend(true, 'operator');
    await suspend(false);
    const refused = await under.call('/things');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'subscription_suspended' });
    expect(refused.json()).not.toHaveProperty('action_url');
    await suspend();
    await suspend(false, 'operator');
    expect((await under.call('/things')).json()).toMatchObject({ code: 'payment_required', status: 402 });
  });

  it('is refused with 403 while its publisher suspends it, whatever is paid', async () => {
    await start();
    await suspend(true, 'publisher');
    await suspend();
    const refused = await under.call('/things');
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'subscription_suspended' });
    expect(refused.json()['detail']).toContain('publisher');
    await suspend(false);
    expect((await under.call('/things')).status).toBe(403);
    await suspend(false, 'publisher');
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is served while it is only past due', async () => {
    await start();
    const subscriptionId = under.consumer.subscription.id;
    await setPaymentState(under.database.context, { subscriptionId, paymentState: 'past_due', reason: null, actor });
    await under.sync();
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is written down in the audit log, once', async () => {
    await start();
    await suspend();
    expect(await suspend()).toBe(false);
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
        details: { for: 'payment', suspendedFor: ['payment'], reason: 'invoice unpaid' },
      },
    ]);
  });
});
