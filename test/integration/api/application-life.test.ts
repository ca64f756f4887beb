import { readApplicationRecords } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';

interface Body {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly detail: string;
  readonly credential: { readonly id: string };
}

describe('renaming and deleting an application', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let free: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    ada = await api.signUp('Ada');
    const { body } = await api.call<{ plans: { slug: string; version: { id: string } }[] }>(
      '/api/v1/catalog/products/weather',
    );
    free = body.plans.find(({ slug }) => slug === 'free')!.version.id;
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const call = (method: string, address: string, more: { body?: unknown; headers?: Record<string, string> } = {}) =>
    api.call<Body>(`/api/v1/organizations/${ada.organizationId}${address}`, { as: ada, method, ...more });
  const make = async (name: string) => (await call('POST', '/applications', { body: { name } })).body.id;
  const rename = async (id: string, name: string, etag?: string) =>
    call('PATCH', `/applications/${id}`, {
      body: { name },
      headers: { 'if-match': etag ?? (await call('GET', `/applications/${id}`)).headers.get('etag')! },
    });
  const issue = (id: string) =>
    call('POST', `/applications/${id}/credentials`, { body: { name: 'Server', mode: 'live' } });
  const rows = <Row>(sql: string, parameters: readonly unknown[]) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const trail = async (id: string) =>
    (await rows<{ action: string }>('SELECT action FROM audit_log WHERE noun_id = $1 ORDER BY id', [id])).map(
      ({ action }) => action,
    );

  it('renames it as it was seen, to a name that is free', async () => {
    const id = await make('Shop');
    await make('Stock');
    const seen = (await call('GET', `/applications/${id}`)).headers.get('etag')!;
    const renamed = await rename(id, ' Storefront ', seen);
    expect(renamed).toMatchObject({ status: 200, body: { id, name: 'Storefront', credentialCount: 0 } });
    expect(await rename(id, 'Shop again', seen)).toMatchObject({ status: 412, body: { code: 'changed_meanwhile' } });
    expect((await call('PATCH', `/applications/${id}`, { body: { name: 'Any' } })).status).toBe(428);
    expect(await rename(id, 'Stock')).toMatchObject({ status: 409, body: { code: 'application_name_taken' } });
    expect((await rename(id, 'Storefront', renamed.headers.get('etag')!)).status).toBe(200);
    expect(await trail(id)).toEqual(['created', 'renamed']);
    expect(await make('Shop')).not.toBe(id);
  });

  it('gives a name to one of those who ask for it at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => make(`Candidate ${index}`)));
    const statuses = await Promise.all(ids.map(async (id) => (await rename(id, 'The one')).status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it('does not delete it while it is subscribed, and then ends its keys and identities', async () => {
    const id = await make('Doomed');
    const keys = [(await issue(id)).body.credential.id, (await issue(id)).body.credential.id];
    await call('POST', `/credentials/${keys[0]}/revoke`);
    const subscription = await call('POST', '/subscriptions', { body: { applicationId: id, planVersionId: free } });
    await rows(
      `INSERT INTO application_identity (id, organization_id, application_id, kind, issuer, value, created_at)
       VALUES ($1, $2, $3, 'mtls', '', 'CN=doomed', $4)`,
      [database.context.ids.next(), ada.organizationId, id, database.clock.now()],
    );
    const refused = await call('DELETE', `/applications/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'application_subscribed' } });
    expect(refused.body.detail).toContain('"Doomed" is subscribed to Weather');
    await call('POST', `/subscriptions/${subscription.body.id}/cancel`, { body: { when: 'now' } });

    expect((await call('DELETE', `/applications/${id}`)).status).toBe(204);
    for (const answer of [
      await call('DELETE', `/applications/${id}`),
      await call('GET', `/applications/${id}`),
      await call('GET', `/applications/${id}/credentials`),
      await issue(id),
      await call('POST', '/subscriptions', { body: { applicationId: id, planVersionId: free } }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'application_not_found' } });
    expect(await trail(id)).toEqual(['created', 'deleted']);
    expect(await Promise.all(keys.map(trail))).toEqual([
      ['issued', 'revoked'],
      ['issued', 'revoked'],
    ]);
    expect(
      await database.unitOfWork.inSystem((transaction) => readApplicationRecords(transaction, [id])),
    ).toMatchObject([{ id, isSuspended: true }]);
    expect(await rows('SELECT FROM application_identity WHERE application_id = $1', [id])).toEqual([]);
    // What has happened keeps a name of its own; another application may have the old one now.
    const named = () => rows<{ name: string }>('SELECT name FROM application WHERE id = $1', [id]);
    expect((await named())[0]!.name).toMatch(/^Doomed \(deleted \w+\)$/);
    expect(await make('Doomed')).not.toBe(id);
    const long = await make('é'.repeat(120));
    expect((await call('DELETE', `/applications/${long}`)).status).toBe(204);
  });

  it('leaves no key that works, however it meets with those who make and rotate keys', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await make(`Raced ${round}`);
      const first = (await issue(id)).body.credential.id;
      const [deleted, issued] = await Promise.all([
        call('DELETE', `/applications/${id}`),
        issue(id),
        call('POST', `/credentials/${first}/rotate`, { body: { overlapSeconds: 60 } }),
      ]);
      expect(deleted.status).toBe(204);
      expect([201, 404]).toContain(issued.status);
      expect(await rows('SELECT id FROM credential WHERE application_id = $1 AND revoked_at IS NULL', [id])).toEqual(
        [],
      );
    }
  });
});
