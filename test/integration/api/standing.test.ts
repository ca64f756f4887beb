import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type Person, RunningApi } from './running-api.js';

let under: GatewayUnderTest;
let api: RunningApi;
let operator: Person;
let other: Person;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  api = await RunningApi.start(under.database);
  [operator, other] = [await api.signUp('Operator'), await api.signUp('Other')];
  const actor = { kind: 'cli', id: null } as const;
  await grantStaff(under.database.context, { email: operator.email, grant: { role: 'operator' }, actor });
});
afterAll(async () => {
  await api.stop();
  await under.dispose();
});

const post = (place: string, as: Person, body: object = {}) => api.call(`/api/v1/operator/${place}`, { as, body });

/** What the gateway answers once it knows. */
async function untilStatus(status: number): Promise<{ code: unknown }> {
  const answer = await eventually(
    () => under.call('/things'),
    (one) => one.status === status,
  );
  return { code: answer.json()['code'] };
}

const auditRows = (noun: string) =>
  under.database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ action: string; details: object; actor_id: string }>(
      'SELECT action, details, actor_id FROM audit_log WHERE noun = $1 AND organization_id = $2 ORDER BY id',
      [noun, under.consumer.application.organizationId],
    ),
  );

describe('an operator', () => {
  it('suspends a subscription, whose calls are refused with 403, and restores it', async () => {
    const place = `subscriptions/${under.consumer.subscription.id}`;
    expect((await post(`${place}/suspend`, operator, { reason: 'abuse' })).body).toEqual({
      suspended: true,
      changed: true,
      suspendedFor: ['operator'],
    });
    const refused = await untilStatus(403);
    expect(refused.code).toBe('subscription_suspended');
    const again = { suspended: true, changed: false, suspendedFor: ['operator'] };
    expect((await post(`${place}/suspend`, operator)).body).toEqual(again);
    const owed = await post(`${place}/suspend`, operator, { for: 'payment', reason: 'invoice unpaid' });
    expect(owed.body).toEqual({ suspended: true, changed: true, suspendedFor: ['operator', 'payment'] });
    const restored = await post(`${place}/restore`, operator);
    expect(restored.body).toEqual({ suspended: true, changed: true, suspendedFor: ['payment'] });
    expect((await untilStatus(402)).code).toBe('payment_required');
    const passes = await post(`${place}/restore`, operator, { for: 'payment' });
    expect(passes.body).toEqual({ suspended: false, changed: true, suspendedFor: [] });
    await untilStatus(200);
    expect((await post(`${place}/suspend`, operator, { for: 'fun' })).status).toBe(400);
    expect(await auditRows('subscription')).toEqual(
      [
        { action: 'suspended', details: { for: 'operator', suspendedFor: ['operator'], reason: 'abuse' } },
        {
          action: 'suspended for payment',
          details: { for: 'payment', suspendedFor: ['operator', 'payment'], reason: 'invoice unpaid' },
        },
        { action: 'restored', details: { for: 'operator', suspendedFor: ['payment'] } },
        { action: 'restored', details: { for: 'payment', suspendedFor: [] } },
      ].map((row) => ({ ...row, actor_id: operator.userId })),
    );
  });

  it('suspends an organization, all of whose calls are refused with 403, and restores it', async () => {
    const place = `organizations/${under.consumer.application.organizationId}`;
    expect((await post(`${place}/suspend`, operator, { reason: 'abuse' })).status).toBe(200);
    const refused = await untilStatus(403);
    expect(refused.code).toBe('application_suspended');
    expect((await post(`${place}/restore`, operator)).body).toEqual({ suspended: false, changed: true });
    await untilStatus(200);
    expect(await auditRows('organization')).toEqual([
      { action: 'suspended', details: { reason: 'abuse' }, actor_id: operator.userId },
      { action: 'restored', details: {}, actor_id: operator.userId },
    ]);
  });

  it('is told what does not exist, and nobody else may do it', async () => {
    const unknown = under.database.context.ids.next();
    expect((await post(`subscriptions/${unknown}/suspend`, operator)).status).toBe(404);
    expect((await post(`organizations/${unknown}/suspend`, operator)).status).toBe(404);
    for (const place of [`subscriptions/${unknown}/suspend`, `organizations/${other.organizationId}/suspend`])
      expect((await post(place, other)).status).toBe(403);
  });
});
