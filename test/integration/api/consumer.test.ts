import { parseApiKey } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';

interface Body {
  readonly id: string;
  readonly code: string;
  readonly [field: string]: unknown;
}

const CARD = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };

describe('applications, keys and subscriptions', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let plans: Readonly<Record<string, string>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    ada = await api.signUp('Ada');
    const { body } = await api.call<{ plans: { slug: string; version: { id: string } }[] }>(
      '/api/v1/catalog/products/weather',
    );
    plans = Object.fromEntries(body.plans.map((plan) => [plan.slug, plan.version.id]));
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  beforeEach(() => {
    api.savedCard = null;
  });

  const own = (address: string) => `/api/v1/organizations/${ada.organizationId}${address}`;
  const get = <Result = Body>(address: string) => api.call<Result>(own(address), { as: ada });
  const post = <Result = Body>(address: string, body?: unknown) =>
    api.call<Result>(own(address), { as: ada, method: 'POST', ...(body !== undefined && { body }) });
  let made = 0;
  const anApplication = async () => (await post('/applications', { name: `Application ${++made}` })).body.id;
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const traces = async (nounId: string) => ({
    audit: (
      await rows<{ entry: string }>(
        `SELECT action || ' ' || noun AS entry FROM audit_log WHERE noun_id = $1 ORDER BY id`,
        [nounId],
      )
    ).map(({ entry }) => entry),
    changes: (await rows('SELECT noun FROM change_log WHERE noun_id = $1', [nounId])).length,
  });

  it('creates an application under a name that is free', async () => {
    const created = await post('/applications', { name: '  Shop  ' });
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: 'Shop',
        createdAt: '2026-11-22T12:00:00.000Z',
        suspendedAt: null,
        credentialCount: 0,
        subscriptions: [],
      },
    });
    expect(await post('/applications', { name: 'Shop' })).toMatchObject({
      status: 409,
      body: { code: 'application_name_taken' },
    });
    expect((await get(`/applications/${created.body.id}`)).body).toEqual(created.body);
    expect(await traces(created.body.id)).toEqual({ audit: ['created application'], changes: 1 });
  });

  it('names every fault of a request, and what is expected', async () => {
    const refused = await post('/applications', { name: '', colour: 'red' });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    const faults = refused.body['faults'] as { path: string }[];
    expect(faults.map(({ path }) => path)).toEqual(['body.name', 'body.colour']);
  });

  it('refuses text that the database cannot keep, and names that cannot be seen or turn what follows', async () => {
    const request = { applicationId: await anApplication(), planVersionId: 'x\0' };
    const refused = await post<{ faults: { path: string }[] }>('/subscriptions', request);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    for (const name of ['a\0b', '\ud83d', '\u202eevil', '\u200b', 'two\nlines']) {
      const answer = await post<{ faults: { path: string }[] }>('/applications', { name });
      expect([answer.status, answer.body.faults.map(({ path }) => path)]).toEqual([400, ['body.name']]);
    }
    expect((await post('/applications', { name: '👩‍🚀 عائشة' })).status).toBe(201);
  });

  it('shows a key once and keeps nothing that could bring it back', async () => {
    const applicationId = await anApplication();
    const issued = await post<{ key: string; credential: Body }>(`/applications/${applicationId}/credentials`, {
      name: 'Server',
      mode: 'live',
      expiresAt: '2027-01-01T00:00:00Z',
    });
    expect(issued.status).toBe(201);
    const { key, credential } = issued.body;
    const { keyId, secret } = parseApiKey(key)!;
    expect(credential).toMatchObject({
      keyId,
      display: `tg_live_${keyId}`,
      mode: 'live',
      expiresAt: '2027-01-01T00:00:00.000Z',
      revokedAt: null,
    });
    const listed = await get<{ credentials: Body[] }>(`/applications/${applicationId}/credentials`);
    expect(listed.body.credentials).toEqual([credential]);
    expect(Object.keys(credential).toSorted()).toEqual([
      'createdAt',
      'display',
      'etag',
      'expiresAt',
      'id',
      'isTryIt',
      'keyId',
      'lastUsedAt',
      'mode',
      'name',
      'restrictions',
      'revokedAt',
      'rotatedFromId',
    ]);
    const dump =
      JSON.stringify(await rows(`SELECT * FROM credential`)) + JSON.stringify(await rows('SELECT * FROM audit_log'));
    expect(dump + api.logLines.join('')).not.toContain(secret);
    expect((await get(`/applications/${applicationId}`)).body).toMatchObject({ credentialCount: 1 });
    expect(await traces(credential.id)).toEqual({ audit: ['issued credential'], changes: 1 });
  });

  it('refuses a key that has expired before it exists', async () => {
    const body = { name: 'Late', mode: 'test', expiresAt: '2026-11-22T12:00:00Z' };
    expect(await post(`/applications/${await anApplication()}/credentials`, body)).toMatchObject({
      status: 400,
      body: { code: 'expiry_passed' },
    });
  });

  it('binds a key to addresses, products and operations that exist', async () => {
    const address = `/applications/${await anApplication()}/credentials`;
    const send = (restrictions: object) =>
      post<{ credential: Body }>(address, { name: 'A', mode: 'live', restrictions });
    const restrictions = {
      allowedAddresses: ['203.0.113.0/24', '::1'],
      products: ['weather'],
      operations: ['tag:read'],
    };
    expect((await send(restrictions)).body.credential).toMatchObject({ restrictions });
    expect((await send({})).body.credential).toMatchObject({ restrictions: null });
    for (const [wrong, code] of [
      [{ allowedAddresses: ['203.0.113.1/24'] }, 'address_range_invalid'],
      [{ products: ['nothing'] }, 'scope_invalid'],
      [{ colour: 'red' }, 'invalid_request'],
    ] as const) {
      expect(await send(wrong)).toMatchObject({ status: 400, body: { code } });
    }
  });

  it('edits the name, the end and the restrictions of a key that works', async () => {
    const address = `/applications/${await anApplication()}/credentials`;
    const issued = await post<{ credential: Body }>(address, { name: 'A', mode: 'live' });
    const { id } = issued.body.credential;
    const edit = (body: object, credentialId = id, ifMatch = '*') =>
      api.call<Body>(own(`/credentials/${credentialId}`), {
        as: ada,
        method: 'PATCH',
        body,
        headers: { 'if-match': ifMatch },
      });
    const expiresAt = new Date(database.clock.nowMs() + 86_400_000).toISOString();
    const restrictions = { allowedAddresses: ['203.0.113.0/24'], products: ['weather'], operations: [] };
    expect(await edit({ name: 'B', expiresAt, restrictions })).toMatchObject({
      status: 200,
      body: { id, name: 'B', expiresAt, restrictions },
    });
    expect((await edit({ name: 'C' })).body).toMatchObject({ name: 'C', expiresAt, restrictions });
    expect((await edit({ expiresAt: null, restrictions: null })).body).toMatchObject({
      name: 'C',
      expiresAt: null,
      restrictions: null,
    });
    expect((await edit({})).status).toBe(200);
    expect(await edit({ name: 'Mine' }, id, issued.body.credential['etag'] as string)).toMatchObject({
      status: 412,
      body: { code: 'changed_meanwhile' },
    });
    expect(await traces(id)).toEqual({
      audit: ['issued credential', 'edited credential', 'edited credential', 'edited credential'],
      changes: 4,
    });
    const keys = (await get<{ credentials: { etag: string }[] }>(address)).body.credentials;
    const both = await Promise.all(['One', 'Two'].map((name) => edit({ name }, id, keys[0]!.etag)));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
    for (const [wrong, code] of [
      [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiry_passed'],
      [{ restrictions: { products: ['nothing'] } }, 'scope_invalid'],
      [{ name: '' }, 'invalid_request'],
      [{ mode: 'test' }, 'invalid_request'],
    ] as const) {
      expect(await edit(wrong)).toMatchObject({ status: 400, body: { code } });
    }
    await post(`/credentials/${id}/rotate`, { overlapSeconds: 3_600 });
    expect(await edit({ expiresAt: null })).toMatchObject({ status: 409, body: { code: 'credential_rotated' } });
    expect((await edit({ name: 'Old' })).status).toBe(200);
    await post(`/credentials/${id}/revoke`);
    expect(await edit({ name: 'D' })).toMatchObject({ status: 409, body: { code: 'credential_not_active' } });
    expect((await edit({ name: 'D' }, database.context.ids.next())).status).toBe(404);
  });

  it('rotates a key once: the new one is shown once, the old one ends after the overlap', async () => {
    const address = `/applications/${await anApplication()}/credentials`;
    const issued = await post<{ credential: Body }>(address, { name: 'A', mode: 'live' });
    const { id } = issued.body.credential;
    const rotated = await post<{ credential: Body; previous: Body; key: string }>(`/credentials/${id}/rotate`, {
      overlapSeconds: 3_600,
    });
    const expiresAt = new Date(database.clock.nowMs() + 3_600_000).toISOString();
    expect(rotated).toMatchObject({
      status: 201,
      body: { credential: { name: 'A', rotatedFromId: id, expiresAt: null }, previous: { id, expiresAt } },
    });
    expect(parseApiKey(rotated.body.key)!.keyId).toBe(rotated.body.credential['keyId']);
    expect(await traces(id)).toEqual({ audit: ['issued credential', 'rotated credential'], changes: 2 });
    expect(await post(`/credentials/${id}/rotate`, { overlapSeconds: 0 })).toMatchObject({
      status: 409,
      body: { code: 'credential_rotated' },
    });
    const successor = rotated.body.credential.id;
    for (const overlapSeconds of [-1, 2_592_001, 'soon']) {
      expect((await post(`/credentials/${successor}/rotate`, { overlapSeconds })).status).toBe(400);
    }
    await post(`/credentials/${successor}/revoke`);
    expect(await post(`/credentials/${successor}/rotate`, { overlapSeconds: 0 })).toMatchObject({
      status: 409,
      body: { code: 'credential_not_active' },
    });
  });

  it('revokes a key once, at the time of the first revocation', async () => {
    const applicationId = await anApplication();
    const issued = await post<{ credential: Body }>(`/applications/${applicationId}/credentials`, {
      name: 'A',
      mode: 'test',
    });
    const { id } = issued.body.credential;
    const first = await post(`/credentials/${id}/revoke`);
    expect(first).toMatchObject({ status: 200, body: { revokedAt: database.clock.now().toISOString() } });
    database.clock.moveTo(database.clock.nowMs() + 1000);
    expect((await post(`/credentials/${id}/revoke`)).body).toEqual(first.body);
    expect(await traces(id)).toEqual({ audit: ['issued credential', 'revoked credential'], changes: 2 });
  });

  it('subscribes to a free plan at once, with a period that ends a month later', async () => {
    const applicationId = await anApplication();
    const anchorAt = database.clock.now().toISOString();
    const end = anchorAt.replace('2026-11-22', '2026-12-22');
    const subscribed = await post('/subscriptions', { applicationId, planVersionId: plans['free'] });
    expect(subscribed).toMatchObject({
      status: 201,
      body: {
        application: { id: applicationId },
        product: { slug: 'weather', title: 'Weather' },
        plan: { slug: 'free', versionNumber: 1 },
        state: 'active',
        anchorAt,
        currentPeriod: { start: anchorAt, end },
      },
    });
    expect(
      await rows('SELECT starts_at, ends_at, state FROM billing_period WHERE subscription_id = $1', [
        subscribed.body.id,
      ]),
    ).toEqual([{ starts_at: new Date(anchorAt), ends_at: new Date(end), state: 'open' }]);
    expect(
      await rows('SELECT starts_at, ends_at FROM subscription_phase WHERE subscription_id = $1', [subscribed.body.id]),
    ).toEqual([{ starts_at: new Date(anchorAt), ends_at: null }]);
    expect(await traces(subscribed.body.id)).toEqual({ audit: ['subscribed subscription'], changes: 1 });
    expect((await get<{ subscriptions: Body[] }>('/subscriptions')).body.subscriptions[0]).toEqual(subscribed.body);
    expect((await get(`/applications/${applicationId}`)).body).toMatchObject({
      subscriptions: [
        { id: subscribed.body.id, product: { slug: 'weather' }, plan: { slug: 'free' }, state: 'active' },
      ],
    });
  });

  it('asks for a card before a plan that costs money, and takes it then', async () => {
    const request = { applicationId: await anApplication(), planVersionId: plans['paid'] };
    expect(await post('/subscriptions', request)).toMatchObject({
      status: 409,
      body: { code: 'payment_method_required' },
    });
    const session = await post<{ url: string }>('/payment-method/setup-session', { returnPath: '/dashboard' });
    expect(session).toMatchObject({ status: 200, body: { url: 'https://payments.example/setup' } });
    const portal = await post<{ url: string }>('/payment-method/portal-session', { returnPath: '/dashboard' });
    expect(portal.body.url).toMatch(/^https:\/\/payments\.example\/portal\?back=http.*\/dashboard$/);
    expect((await post('/subscriptions', request)).status).toBe(409);
    api.savedCard = CARD;
    expect((await get('/payment-method')).body).toEqual({
      paymentMethod: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 },
    });
    expect((await post('/subscriptions', request)).status).toBe(201);
  });

  it('shows what canceling would do, cancels with the period, takes that back, and cancels for good', async () => {
    const applicationId = await anApplication();
    const { body } = await post('/subscriptions', { applicationId, planVersionId: plans['free'] });
    const end = (body['currentPeriod'] as { end: string }).end;
    expect(await post(`/subscriptions/${body.id}/cancel/preview`, {})).toMatchObject({
      status: 200,
      body: { canceledAt: end, subtotal: { amountMinor: '0' }, isExact: true },
    });
    expect(await post(`/subscriptions/${body.id}/cancel`, {})).toMatchObject({
      status: 200,
      body: { state: 'cancel_scheduled', cancelAt: end, canceledAt: null },
    });
    expect(await post(`/subscriptions/${body.id}/reactivate`)).toMatchObject({
      status: 200,
      body: { state: 'active', cancelAt: null },
    });
    expect(await post(`/subscriptions/${body.id}/cancel`, { when: 'now' })).toMatchObject({
      status: 200,
      body: { state: 'canceled', cancelAt: null },
    });
    expect(await post(`/subscriptions/${body.id}/reactivate`)).toMatchObject({
      status: 409,
      body: { code: 'subscription_canceled' },
    });
    expect(await post(`/subscriptions/${body.id}/cancel`, { when: 'tomorrow' })).toMatchObject({ status: 400 });
    expect((await get(`/applications/${applicationId}`)).body).toMatchObject({
      subscriptions: [{ state: 'canceled' }],
    });
    expect(await traces(body.id)).toEqual({
      audit: [
        'subscribed subscription',
        'scheduled the cancellation of subscription',
        'reactivated subscription',
        'canceled subscription',
      ],
      changes: 4,
    });
  });

  it('lets an application have one active subscription to a product, however many ask at once', async () => {
    const request = { applicationId: await anApplication(), planVersionId: plans['free'] };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/subscriptions', request)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(7);
    for (const answer of refused) expect(answer).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
  });

  it('offers no plan version that has been replaced', async () => {
    const retired = database.context.ids.next();
    await rows(
      `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
       SELECT $1, plan_id, 99, 'retired', definition, 'x', published_at FROM plan_version WHERE id = $2`,
      [retired, plans['free']],
    );
    const refused = await post('/subscriptions', { applicationId: await anApplication(), planVersionId: retired });
    expect(refused).toMatchObject({ status: 409, body: { code: 'plan_version_retired' } });
  });

  it('sends people back to this portal only', async () => {
    for (const returnPath of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'dashboard']) {
      expect((await post('/payment-method/setup-session', { returnPath })).status).toBe(400);
      expect((await post('/payment-method/portal-session', { returnPath })).status).toBe(400);
    }
  });
});
