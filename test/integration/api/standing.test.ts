import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { applyFile } from '../../support/weather-catalog.js';
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

const get = <Body>(place: string, as: Person) => api.call<Body>(`/api/v1/${place}`, { as });
const listed = async (query: string) => {
  const { body } = await get<{ organizations: { id: string }[] }>(`operator/organizations?${query}`, operator);
  return body.organizations.map(({ id }) => id);
};

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
    const { organizationId } = under.consumer.application;
    expect(await listed('suspended=true')).toEqual([organizationId]);
    expect(await listed('suspended=false')).not.toContain(organizationId);
    expect((await post(`${place}/restore`, operator)).body).toEqual({ suspended: false, changed: true });
    await untilStatus(200);
    expect(await auditRows('organization')).toEqual([
      { action: 'suspended', details: { reason: 'abuse' }, actor_id: operator.userId },
      { action: 'restored', details: {}, actor_id: operator.userId },
    ]);
  });

  it('sees the organizations page by page, and finds one by a part of its name', async () => {
    expect(await listed(`search=${other.organizationId}`)).toEqual([other.organizationId]);
    expect(await listed('search=oTHER%20l')).toEqual([other.organizationId]);
    const all = await listed('');
    const { body } = await get<{ organizations: { slug: string }[]; next: string }>(
      'operator/organizations?limit=1',
      operator,
    );
    expect(body.next).toBe(body.organizations[0]!.slug);
    expect(await listed(`after=${body.next}&limit=1`)).toEqual([all[1]]);
    expect((await get('operator/organizations', other)).status).toBe(403);
  });

  it('is told what does not exist, and nobody else may do it', async () => {
    const unknown = under.database.context.ids.next();
    expect((await post(`subscriptions/${unknown}/suspend`, operator)).status).toBe(404);
    expect((await post(`organizations/${unknown}/suspend`, operator)).status).toBe(404);
    for (const place of [`subscriptions/${unknown}/suspend`, `organizations/${other.organizationId}/suspend`])
      expect((await post(place, other)).status).toBe(403);
  });
});

it('a suspended organization is told so wherever its members look: in the session', async () => {
  const suspendedAt = async () => {
    const { body } = await get<{ memberships: { organization: { suspendedAt: string | null } }[] }>('session', other);
    return body.memberships[0]!.organization.suspendedAt;
  };
  expect(await suspendedAt()).toBeNull();
  await post(`organizations/${other.organizationId}/suspend`, operator, { reason: 'abuse' });
  expect(await suspendedAt()).toBe(under.database.clock.now().toISOString());
  await post(`organizations/${other.organizationId}/restore`, operator);
  expect(await suspendedAt()).toBeNull();
});

describe('a publisher', () => {
  let publisher: Person;
  let stranger: Person;
  beforeAll(async () => {
    [publisher, stranger] = [await api.signUp('Publisher'), await api.signUp('Stranger')];
    const actor = { kind: 'cli', id: null } as const;
    const [team] = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ slug: string }>('SELECT slug FROM publisher_team'),
    );
    // Makes a product, and a team, of its own.
    await applyFile(under.database, { products: [] });
    await grantStaff(under.database.context, { email: publisher.email, grant: { team: team!.slug }, actor });
    await grantStaff(under.database.context, { email: stranger.email, grant: { team: 'sky' }, actor });
  });

  const act = (verb: 'suspend' | 'resume', as: Person, body: object = {}) =>
    api.call<{ state: string; suspendedFor: string[] }>(
      `/api/v1/publisher/subscriptions/${under.consumer.subscription.id}/${verb}`,
      { as, body },
    );

  it('suspends a subscription to an own product with a reason, and resumes it; what the operator decided stays', async () => {
    expect((await act('suspend', publisher)).status).toBe(400);
    const { body } = await act('suspend', publisher, { reason: 'scrapes' });
    expect(body).toMatchObject({ state: 'suspended', suspendedFor: ['publisher'] });
    expect((await untilStatus(403)).code).toBe('subscription_suspended');
    await post(`subscriptions/${under.consumer.subscription.id}/suspend`, operator);
    await post(`subscriptions/${under.consumer.subscription.id}/restore`, operator);
    expect((await act('suspend', publisher, { reason: 'again' })).body.suspendedFor).toEqual(['publisher']);
    expect((await act('resume', publisher)).body).toMatchObject({ state: 'active', suspendedFor: [] });
    await untilStatus(200);
    const own = (await auditRows('subscription')).filter(({ actor_id }) => actor_id === publisher.userId);
    expect(own).toEqual([
      {
        action: 'suspended',
        details: { for: 'publisher', suspendedFor: ['publisher'], reason: 'scrapes' },
        actor_id: publisher.userId,
      },
      { action: 'restored', details: { for: 'publisher', suspendedFor: [] }, actor_id: publisher.userId },
    ]);
  });

  it('does so with no product of another team, and members of no team do so at all', async () => {
    expect((await act('suspend', stranger, { reason: 'rival' })).status).toBe(404);
    expect((await act('resume', stranger)).status).toBe(404);
    expect((await act('suspend', other, { reason: 'rival' })).status).toBe(403);
    expect((await under.call('/things')).status).toBe(200);
  });
});
