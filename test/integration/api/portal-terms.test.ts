import { parseSettings } from '#config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { PASSWORD, RunningApi, anAddress, cookieOf } from './running-api.js';

const url = 'https://example.com/terms';

interface SessionBody {
  readonly user: { readonly id: string };
  readonly termsToAccept: { readonly url: string; readonly version: string } | null;
  readonly memberships: readonly { readonly organization: { readonly id: string } }[];
}

describe('the terms of the portal', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let newer: RunningApi;
  const secrets = { AUTH_SECRET: 'ab'.repeat(32), KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}` };
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database, { ...secrets, TERMS_URL: url, TERMS_VERSION: '2026-01' });
    // The same installation after the terms were changed.
    newer = await RunningApi.start(database, { ...secrets, TERMS_URL: url, TERMS_VERSION: '2026-11' });
  });
  afterAll(async () => {
    await api.stop();
    await newer.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const signUp = (email: string, acceptedTerms?: string) =>
    api.call<{ code: string; detail: string }>('/api/v1/sign-up', {
      body: {
        name: 'Ada',
        email,
        password: PASSWORD,
        organizationName: 'Acme',
        ...(acceptedTerms && { acceptedTerms }),
      },
      headers: { 'x-forwarded-for': anAddress() },
    });
  const signedUp = async (email: string) => {
    expect((await signUp(email, '2026-01')).status).toBe(202);
    const cookie = cookieOf(await api.call(await api.mailedLink(email, 'verify-email')));
    const { body } = await api.call<SessionBody>('/api/v1/session', { as: { cookie } });
    return {
      cookie,
      userId: body.user.id,
      organization: `/api/v1/organizations/${body.memberships[0]!.organization.id}`,
    };
  };
  const accept = (on: RunningApi, as: { cookie: string }, version: string) =>
    on.call<{ code: string }>('/api/v1/user/terms', { as, body: { version } });
  const termsOf = async (on: RunningApi, as: { cookie: string }) =>
    (await on.call<SessionBody>('/api/v1/session', { as })).body.termsToAccept;

  it('are accepted at sign-up, with version and time, or nobody is made', async () => {
    expect((await api.call('/api/v1/settings')).body).toMatchObject({ terms: { url, version: '2026-01' } });
    const refused = await signUp('ada@example.com');
    expect(refused).toMatchObject({ status: 409, body: { code: 'portal_terms_not_accepted' } });
    expect(refused.body.detail).toContain(url);
    expect((await signUp('ada@example.com', '2025')).body.code).toBe('portal_terms_changed');
    expect(await rows('SELECT FROM auth."user"')).toEqual([]);
    const ada = await signedUp('ada@example.com');
    expect(await termsOf(api, ada)).toBeNull();
    expect(await rows('SELECT user_id, version, url, accepted_at FROM portal_terms_acceptance')).toEqual([
      { user_id: ada.userId, version: '2026-01', url, accepted_at: database.clock.now() },
    ]);
    expect((await api.call(ada.organization, { as: ada })).status).toBe(200);
  });

  it('are asked for again when their version changes, and tokens go on', async () => {
    const grace = await signedUp('grace@example.com');
    const token = await api.call<{ token: string }>('/api/v1/access-tokens', {
      as: grace,
      body: { name: 'CI', scopes: ['read'], expiresAt: '2027-01-01T00:00:00Z' },
    });
    expect(await termsOf(newer, grace)).toEqual({ url, version: '2026-11' });
    const refused = await newer.call<{ code: string; detail: string }>(grace.organization, { as: grace });
    expect(refused).toMatchObject({ status: 403, body: { code: 'portal_terms_not_accepted' } });
    expect(refused.body.detail).toMatch(/2026-11.*example\.com\/terms.*POST \/api\/v1\/user\/terms/);
    // Not of organizations of others, which do not exist.
    const foreign = await newer.call('/api/v1/organizations/01900000-0000-7000-8000-000000000000', { as: grace });
    expect(foreign.status).toBe(404);
    const headers = { authorization: `Bearer ${token.body.token}` };
    expect((await newer.call(grace.organization, { headers })).status).toBe(200);
    for (const path of ['user', 'user/deletion', 'user/sessions']) {
      expect((await newer.call(`/api/v1/${path}`, { as: grace })).status).toBe(200);
    }
    expect((await accept(newer, grace, '2026-01')).body.code).toBe('portal_terms_changed');
    expect((await accept(newer, grace, '2026-11')).status).toBe(204);
    expect((await accept(newer, grace, '2026-11')).status).toBe(204);
    expect(await termsOf(newer, grace)).toBeNull();
    expect((await newer.call(grace.organization, { as: grace })).status).toBe(200);
    expect(await rows('SELECT FROM portal_terms_acceptance WHERE user_id = $1', [grace.userId])).toHaveLength(2);
    expect(
      await rows(`SELECT FROM audit_log WHERE actor_id = $1 AND action = 'accepted the terms as'`, [grace.userId]),
    ).toHaveLength(1);
  });

  it('are asked of who came without signing up here, as by an identity provider', async () => {
    const hilda = await signedUp('hilda@example.com');
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ('oidc', 'O', 'o@example.com', true)`,
    );
    await rows('UPDATE auth.session SET "userId" = $2 WHERE "userId" = $1', [hilda.userId, 'oidc']);
    expect(await termsOf(api, hilda)).toEqual({ url, version: '2026-01' });
  });

  it('are nowhere when none are set, and are set with address and version or not at all', async () => {
    const none = await RunningApi.start(database, secrets);
    expect((await none.call('/api/v1/settings')).body).toMatchObject({ terms: null });
    const nora = await none.signUp('Nora');
    expect(await termsOf(none, nora)).toBeNull();
    expect(await accept(none, nora, '1')).toMatchObject({ status: 404, body: { code: 'portal_terms_not_found' } });
    await none.stop();
    expect(() => parseSettings('api', { TERMS_URL: url })).toThrow(/TERMS_URL and TERMS_VERSION: set both/);
  });
});
