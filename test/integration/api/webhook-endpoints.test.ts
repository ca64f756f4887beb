import { WEBHOOK_EVENT_TYPES } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi } from './running-api.js';

interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
  readonly previousSecretEndsAt: string | null;
  readonly etag: string;
}
interface Made {
  readonly endpoint: Endpoint;
  readonly secret: string;
  readonly code?: string;
  readonly detail?: string;
}
interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly state: string;
  readonly body: string;
  readonly tries: readonly unknown[];
  readonly code?: string;
}

describe('the webhook endpoints of an organization', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let base: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    ada = await api.signUp('Ada');
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  beforeEach(async () => {
    database.clock.moveTo(database.clock.nowMs() + 1_000);
    const made = await api.call<{ id: string }>('/api/v1/organizations', { as: ada, body: { name: 'Team' } });
    base = `/api/v1/organizations/${made.body.id}`;
  });

  const create = (body: object = {}) =>
    api.call<Made>(`${base}/webhook-endpoints`, {
      as: ada,
      body: { url: 'https://hooks.example.com/t?key=hush', eventTypes: ['key.created'], ...body },
    });
  const list = async () =>
    (await api.call<{ endpoints: Endpoint[]; maxEndpoints: number }>(`${base}/webhook-endpoints`, { as: ada })).body;
  const edit = (id: string, body: object, ifMatch = '*') =>
    api.call<Endpoint>(`${base}/webhook-endpoints/${id}`, {
      as: ada,
      method: 'PATCH',
      body,
      headers: { 'if-match': ifMatch },
    });
  const post = <Body>(path: string, body?: object) =>
    api.call<Body>(`${base}/webhook-endpoints/${path}`, { as: ada, method: 'POST', ...(body && { body }) });
  const makeKey = async () => {
    const application = await api.call<{ id: string }>(`${base}/applications`, { as: ada, body: { name: 'App' } });
    return api.call<{ credential: { id: string; keyId: string }; key: string }>(
      `${base}/applications/${application.body.id}/credentials`,
      { as: ada, body: { name: 'Key', mode: 'live' } },
    );
  };

  it('are made with a secret that is shown once, and listed without it', async () => {
    const made = await create({ description: ' Our bot ', eventTypes: ['key.revoked', 'key.created', 'key.created'] });
    expect(made).toMatchObject({
      status: 201,
      body: { endpoint: { description: 'Our bot', eventTypes: ['key.created', 'key.revoked'], disabledAt: null } },
    });
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const listed = await api.call(`${base}/webhook-endpoints`, { as: ada });
    expect(listed.body).toMatchObject({ endpoints: [{ id: made.body.endpoint.id }], maxEndpoints: 10 });
    expect(listed.text).not.toContain('whsec_');
    const audited = await api.call(`${base}/audit-log`, { as: ada });
    expect(audited.text).toContain('"webhook endpoint"');
    expect(audited.text).toContain('https://hooks.example.com');
    expect(audited.text).not.toContain('hush');
    expect(audited.text).not.toContain('whsec_');
    expect(api.logLines.join('')).not.toContain('whsec_');
  });

  it.each([
    [{ url: 'http://hooks.example.com' }, 'use https'],
    [{ url: 'https://10.0.0.1/x' }, 'nothing is sent to private networks'],
    [{ url: 'https://169.254.169.254/latest/meta-data' }, 'nothing is sent to private networks'],
    [{ url: 'https://user:pass@hooks.example.com' }, 'leave user name and password out'],
    [{ url: 'nonsense' }, 'give an absolute https URL'],
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: ['invoice.eaten'] }, 'eventTypes'],
    [{ eventTypes: ['webhook.test'] }, 'eventTypes'],
    [{ description: 'x'.repeat(201) }, 'description'],
  ])('are refused with what to do: %j', async (body, hint) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(hint);
    expect((await list()).endpoints).toEqual([]);
  });

  it('are ten at most, also when many are made at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 13 }, () => create()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 3 }, () => [409, 'too_many_webhook_endpoints']),
    );
  });

  it('are told of what they listen to: a whole message in the log, without the key', async () => {
    const { endpoint } = (await create()).body;
    const issued = await makeKey();
    const found = await api.call<{ deliveries: Delivery[] }>(`${base}/webhook-endpoints/${endpoint.id}/deliveries`, {
      as: ada,
    });
    expect(found.body.deliveries).toMatchObject([{ eventType: 'key.created', state: 'waiting', attempts: 0 }]);
    const one = await api.call<Delivery>(
      `${base}/webhook-endpoints/${endpoint.id}/deliveries/${found.body.deliveries[0]!.id}`,
      { as: ada },
    );
    expect(JSON.parse(one.body.body)).toMatchObject({
      type: 'key.created',
      data: { credentialId: issued.body.credential.id, keyId: issued.body.credential.keyId },
    });
    expect(one.body.body).not.toContain(issued.body.key);
    for (const [query, count] of [
      ['state=waiting', 1],
      ['state=failed', 0],
      ['eventType=key.created', 1],
      ['eventType=webhook.test', 0],
    ] as const) {
      const filtered = await api.call<{ deliveries: Delivery[] }>(
        `${base}/webhook-endpoints/${endpoint.id}/deliveries?${query}`,
        { as: ada },
      );
      expect([query, filtered.body.deliveries.length]).toEqual([query, count]);
    }
  });

  it('are changed, turned off and on: what waits is given up, and nothing is written meanwhile', async () => {
    const { endpoint } = (await create()).body;
    await makeKey();
    expect(
      (await edit(endpoint.id, { url: 'https://other.example/x', eventTypes: ['key.created'] })).body,
    ).toMatchObject({
      url: 'https://other.example/x',
    });
    expect((await edit(endpoint.id, { url: 'https://10.0.0.1' })).status).toBe(400);
    expect((await edit(endpoint.id, { description: 'Mine' }, endpoint.etag)).status).toBe(412);
    const { etag } = (await list()).endpoints.find(({ id }) => id === endpoint.id)!;
    expect((await edit(endpoint.id, { description: 'Mine' }, etag)).status).toBe(200);
    expect((await edit(endpoint.id, { isEnabled: false })).body).toMatchObject({ disabledReason: 'member' });
    await makeKey();
    const deliveries = async () =>
      (await api.call<{ deliveries: Delivery[] }>(`${base}/webhook-endpoints/${endpoint.id}/deliveries`, { as: ada }))
        .body.deliveries;
    expect((await deliveries()).map(({ state }) => state)).toEqual(['canceled']);
    const resent = await post<Delivery>(`${endpoint.id}/deliveries/${(await deliveries())[0]!.id}/resend`);
    expect([resent.status, resent.body.code]).toEqual([409, 'webhook_endpoint_disabled']);
    expect((await edit(endpoint.id, { isEnabled: true })).body).toMatchObject({ disabledAt: null });
    expect((await post<Delivery>(`${endpoint.id}/deliveries/${(await deliveries())[0]!.id}/resend`)).body.state).toBe(
      'waiting',
    );
  });

  it('get test messages, of which a few can wait', async () => {
    const { endpoint } = (await create()).body;
    for (let n = 0; n < 5; n++) expect((await post(`${endpoint.id}/test`)).status).toBe(201);
    expect(await post(`${endpoint.id}/test`)).toMatchObject({ status: 409, body: { code: 'webhook_tests_waiting' } });
  });

  it('get another secret, with an overlap of seven days at most', async () => {
    const { endpoint, secret } = (await create()).body;
    expect((await post(`${endpoint.id}/rotate`, { overlapSeconds: 604_801 })).status).toBe(400);
    const rotated = await post<Made>(`${endpoint.id}/rotate`, { overlapSeconds: 86_400 });
    expect(rotated.status).toBe(201);
    expect(rotated.body.secret).not.toBe(secret);
    expect(rotated.body.endpoint.previousSecretEndsAt).toBe(
      new Date(database.clock.nowMs() + 86_400_000).toISOString(),
    );
    const removed = await api.call(`${base}/webhook-endpoints/${endpoint.id}`, { as: ada, method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect((await list()).endpoints).toEqual([]);
    const left = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`SELECT FROM secret WHERE purpose = 'webhook' AND id NOT IN (
        SELECT secret_id FROM webhook_endpoint UNION ALL
        SELECT previous_secret_id FROM webhook_endpoint WHERE previous_secret_id IS NOT NULL)`),
    );
    expect(left).toEqual([]);
  });

  it('can be told of a list that anybody can read, with an example of each body', async () => {
    const { body } = await api.call<{ eventTypes: { type: string; description: string; example: object }[] }>(
      '/api/v1/webhook-event-types',
    );
    expect(body.eventTypes.map(({ type }) => type)).toEqual(WEBHOOK_EVENT_TYPES);
    for (const { type, example } of body.eventTypes) expect(example).toMatchObject({ type, version: 1 });
  });
});
