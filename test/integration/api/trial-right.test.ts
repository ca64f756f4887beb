import { closeDuePeriods, grantStaff } from '#services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { PASSWORD, type Person, RunningApi, anAddress } from './running-api.js';

interface Subscribed {
  readonly id: string;
  readonly state: string;
  readonly trialEndsAt: string | null;
  readonly code?: string;
}

describe('the trial of a product', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let planVersionId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    const plan = {
      slug: 'pro',
      title: 'Pro',
      currency: 'USD',
      fixedFee: '10.00',
      prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.001' } }],
      trial: { days: 14, quotas: [{ name: 'trial', meter: 'requests', limit: 100 }] },
    };
    await applyFile(database, {
      apis: [weatherApi({ v1: { state: 'published' } })],
      products: [weatherProduct({ plans: [plan] })],
    });
    const { body } = await api.call<{ products: { plans: { version: { id: string } }[] }[] }>(
      '/api/v1/catalog/products',
    );
    planVersionId = body.products[0]!.plans[0]!.version.id;
  });
  beforeEach(() => {
    api.savedCard = null;
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const call = <Body>(path: string, as: { cookie: string }, body?: object) =>
    api.call<Body>(`/api/v1/${path}`, { as, ...(body && { body }), headers: { 'x-forwarded-for': anAddress() } });
  const anotherOrganization = async (as: Person) =>
    (await call<{ id: string }>('organizations', as, { name: 'Another' })).body.id;
  const subscribe = async (as: Person, organizationId = as.organizationId) => {
    const name = `App ${Math.random()}`;
    const application = await call<{ id: string }>(`organizations/${organizationId}/applications`, as, { name });
    return call<Subscribed>(`organizations/${organizationId}/subscriptions`, as, {
      applicationId: application.body.id,
      planVersionId,
    });
  };
  const preview = async (as: Person, organizationId = as.organizationId) =>
    (
      await call<{ days: number; isAvailable: boolean }>(
        `organizations/${organizationId}/subscriptions/trial?planVersionId=${planVersionId}`,
        as,
      )
    ).body;
  /** With an organization that has a card of this fingerprint at the provider. */
  const withCard = async (organizationId: string, fingerprint: string) => {
    await rows('UPDATE organization SET provider_customer_id = $2 WHERE id = $1', [
      organizationId,
      `cus_${organizationId}`,
    ]);
    api.savedCard = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040, fingerprint };
  };
  const signUpAs = async (email: string): Promise<Person> => {
    // `signUp` makes the address of the name.
    const [name] = email.split('@');
    const person = await api.signUp(name!);
    await rows('UPDATE auth."user" SET email = $2 WHERE id = $1', [person.userId, email]);
    return { ...person, email };
  };

  it('is for a person once, in all their organizations, and the preview says so before', async () => {
    const ada = await api.signUp('Ada');
    expect(await preview(ada)).toEqual({ days: 14, isAvailable: true });
    const first = await subscribe(ada);
    expect(first).toMatchObject({ status: 201, body: { state: 'trialing' } });
    const other = await anotherOrganization(ada);
    expect(await preview(ada, other)).toEqual({ days: 14, isAvailable: false });
    expect(await subscribe(ada, other)).toMatchObject({ status: 409, body: { code: 'payment_method_required' } });
    await withCard(other, 'card-of-ada');
    expect(await subscribe(ada, other)).toMatchObject({ status: 201, body: { state: 'active', trialEndsAt: null } });
  });

  it('is not given again for another spelling of the mailbox, nor after the account was deleted', async () => {
    const first = await signUpAs('gerda.muster@gmail.com');
    const { body } = await subscribe(first);
    expect(body.state).toBe('trialing');
    const spelled = await signUpAs('gerdamuster+two@googlemail.com');
    expect((await preview(spelled)).isAvailable).toBe(false);

    await call(`organizations/${first.organizationId}/subscriptions/${body.id}/cancel`, first, { when: 'now' });
    await rows(`UPDATE organization SET provider_customer_id = NULL`);
    database.clock.moveTo(database.clock.nowMs() + 3_600_000);
    await closeDuePeriods(database.context, { graceMs: 0 });
    await rows(
      `UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE organization_id = $1 AND state = 'issued'`,
      [first.organizationId],
    );
    const gone = await call('user/deletion', first, { password: PASSWORD, confirmation: first.email });
    expect([gone.status, gone.text]).toEqual([204, '']);
    const again = await signUpAs('gerdamuster@gmail.com');
    expect((await preview(again)).isAvailable).toBe(false);
    const stored = await rows<{ text: string }>(`SELECT row_to_json(trial_claim)::text AS text FROM trial_claim`);
    expect(stored.map(({ text }) => text).join()).not.toContain('gerda');
  });

  it('is for a card once, whoever saves it', async () => {
    const [carol, dora] = [await api.signUp('Carol'), await api.signUp('Dora')];
    await withCard(carol.organizationId, 'one-card');
    await withCard(dora.organizationId, 'one-card');
    expect((await subscribe(carol)).body.state).toBe('trialing');
    expect((await preview(dora)).isAvailable).toBe(false);
    await withCard(dora.organizationId, 'another-card');
    expect((await preview(dora)).isAvailable).toBe(true);
  });

  it('is taken once by two subscriptions of a person at the same time', async () => {
    const eve = await api.signUp('Eve');
    const organizations = [eve.organizationId, await anotherOrganization(eve), await anotherOrganization(eve)];
    const answers = await Promise.all(organizations.map((id) => subscribe(eve, id)));
    expect(answers.filter(({ status }) => status === 201).map(({ body }) => body.state)).toEqual(['trialing']);
    expect(answers.filter(({ body }) => body.code === 'payment_method_required')).toHaveLength(2);
    const phases = await rows('SELECT FROM subscription_phase WHERE is_trial AND organization_id = ANY ($1::uuid[])', [
      organizations,
    ]);
    expect(phases).toHaveLength(1);
  });

  it('is given again by finance, with a reason, once each time', async () => {
    const [frida, finance] = [await api.signUp('Frida'), await api.signUp('Finance')];
    await grantStaff(database.context, {
      email: finance.email,
      grant: { role: 'finance' },
      actor: { kind: 'cli', id: null },
    });
    const give = (reason: string, as = finance) =>
      call<{ code: string }>(`finance/organizations/${frida.organizationId}/trials`, as, {
        product: 'weather',
        reason,
      });
    expect((await subscribe(frida)).body.state).toBe('trialing');
    expect((await preview(frida)).isAvailable).toBe(false);
    expect((await give('Please', frida)).status).toBe(403);
    expect((await give('')).status).toBe(400);
    expect((await give('Outage in the first week')).status).toBe(204);
    expect(await give('Twice')).toMatchObject({ status: 409, body: { code: 'trial_given' } });
    expect((await preview(frida)).isAvailable).toBe(true);
    expect((await subscribe(frida)).body.state).toBe('trialing');
    expect((await preview(frida)).isAvailable).toBe(false);
    const [entry] = await rows(`SELECT details FROM audit_log WHERE noun = 'trial' AND organization_id = $1`, [
      frida.organizationId,
    ]);
    expect(entry).toEqual({ details: { product: 'weather', reason: 'Outage in the first week' } });
  });
});
