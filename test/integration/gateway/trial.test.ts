import type { PlanDefinition } from '#domain';
import { suspendSubscription } from '#services';
import { afterEach, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

const DAY_MS = 86_400_000;
let under: GatewayUnderTest;
afterEach(() => under.dispose());

/** The consumer is in the first of two days of its trial, and the plan follows only where asked for. */
async function start(follows: boolean): Promise<void> {
  const definition: Partial<PlanDefinition> = {
    quotas: [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' }],
    trial: { days: 2, quotas: [{ name: 'trial', meter: 'requests', limit: 2 }], withoutCard: 'suspend' },
  };
  under = await startGatewayUnderTest({ definition });
  const { database, consumer } = under;
  const { id, anchorAt } = consumer.subscription;
  const endsAt = new Date(anchorAt.getTime() + 2 * DAY_MS);
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE subscription_phase SET is_trial = true, ends_at = $2 WHERE subscription_id = $1', [
      id,
      endsAt,
    ]);
    if (follows)
      await transaction.query(
        `INSERT INTO subscription_phase (id, organization_id, subscription_id, plan_version_id, starts_at)
         SELECT $2, organization_id, subscription_id, plan_version_id, ends_at FROM subscription_phase
         WHERE subscription_id = $1`,
        [id, database.context.ids.next()],
      );
    await appendChange(transaction, 'subscription', id, database.clock.now());
  });
  await under.sync();
}

const call = async (count: number) => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await under.call('/things')).status);
  return statuses;
};
const afterTrial = () => under.database.clock.moveTo(under.consumer.subscription.anchorAt.getTime() + 2 * DAY_MS);

it('is limited by the trial, and from its last millisecond on by the plan, of which the trial has used its part', async () => {
  await start(true);
  expect(await call(3)).toEqual([200, 200, 429]);
  afterTrial();
  expect(await call(4)).toEqual([200, 200, 200, 429]);
});

it('is refused when the trial has ended and nothing follows: for want of money where it is suspended', async () => {
  await start(false);
  expect(await call(1)).toEqual([200]);
  afterTrial();
  expect((await under.call('/things')).json()).toMatchObject({ code: 'not_subscribed' });
  const { id: subscriptionId } = under.consumer.subscription;
  const actor = { kind: 'cli', id: null } as const;
  const suspension = { reason: 'trial_ended', isSuspended: true, note: null, actor } as const;
  await suspendSubscription(under.database.context, { subscriptionId, ...suspension });
  await under.sync();
  const detail = expect.stringMatching('The trial of the subscription has ended');
  expect((await under.call('/things')).json()).toMatchObject({ code: 'payment_required', status: 402, detail });
});
