import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { IdentityProvider } from '../../support/identity-provider.js';
import { PASSWORD, RunningApi, anAddress, cookieOf } from './running-api.js';

interface SessionBody {
  readonly user: { readonly id: string; readonly email: string; readonly name: string } | null;
  readonly memberships: readonly { readonly organization: { readonly name: string }; readonly role: string }[];
}

describe('signing in with an identity provider', () => {
  let database: TestDatabase;
  let provider: IdentityProvider;
  let api: RunningApi;
  const settingsFor = (issuer: string) => ({
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'tollgate',
    OIDC_CLIENT_SECRET: 'provider-secret',
    OIDC_LABEL: 'Example ID',
  });
  beforeAll(async () => {
    database = await createTestDatabase();
    provider = await IdentityProvider.start('http://localhost:4000/api/auth/oidc/callback');
    api = await RunningApi.start(database, { ...settingsFor(provider.issuer), ISSUER_ALLOW_PRIVATE: 'true' });
  });
  afterAll(async () => {
    await api.stop();
    await provider.stop();
    await database.dispose();
  });

  const begin = (callbackURL = '/dashboard/usage') =>
    api.call(`/api/auth/oidc/sign-in?callbackURL=${encodeURIComponent(callbackURL)}`, {
      headers: { 'x-forwarded-for': anAddress() },
    });
  const comeBack = (url: URL, cookie: string) =>
    api.call(url.pathname + url.search, { as: { cookie }, headers: { 'x-forwarded-for': anAddress() } });
  const signIn = async () => {
    const begun = await begin();
    return comeBack(await provider.follow(begun.headers.get('location')!), cookieOf(begun));
  };
  const sessionOf = async (answer: Awaited<ReturnType<typeof signIn>>) =>
    (await api.call<SessionBody>('/api/v1/session', { as: { cookie: cookieOf(answer) } })).body;
  const errorOf = (answer: Awaited<ReturnType<typeof signIn>>) =>
    new URL(answer.headers.get('location')!).searchParams.get('error');

  it('is offered under its name only where it is set up', async () => {
    const offered = await api.call<{ identityProvider: string | null }>('/api/v1/settings');
    expect(offered.body.identityProvider).toBe('Example ID');
    const begun = await begin();
    const url = new URL(begun.headers.get('location')!);
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(
      ['state', 'nonce', 'code_challenge'].filter((name) => (url.searchParams.get(name) ?? '').length < 40),
    ).toEqual([]);
  });

  it('signs a new person up with an organization of their own, and in again as the same one', async () => {
    provider.person = { sub: 's-1', email: 'Grace@Example.com', email_verified: true, name: 'Grace Hopper' };
    const first = await signIn();
    expect(first.headers.get('location')).toBe('http://localhost:4000/dashboard/usage');
    const session = await sessionOf(first);
    expect(session.user).toMatchObject({ email: 'grace@example.com', name: 'Grace Hopper' });
    expect(session.memberships).toMatchObject([{ organization: { name: 'Grace Hopper' }, role: 'owner' }]);
    provider.person = { ...provider.person, email: 'grace@elsewhere.example' };
    const again = await sessionOf(await signIn());
    expect(again.user).toEqual(session.user);
    expect(again.memberships).toHaveLength(1);
  });

  it('takes a person with a password for the same one, when both sides have verified the address', async () => {
    const person = await api.signUp('Ada');
    provider.person = { sub: 's-2', email: person.email, email_verified: false, name: 'Mallory' };
    expect(errorOf(await signIn())).toBe('oidc_email_unverified');
    provider.person = { ...provider.person, email_verified: true };
    expect((await sessionOf(await signIn())).user).toMatchObject({ id: person.userId, name: 'Ada' });
  });

  it('does not take over an account whose address was never verified, nor give it to who made it', async () => {
    await api.call('/api/v1/sign-up', {
      body: { name: 'Mallory', email: 'victim@example.com', password: PASSWORD, organizationName: 'M' },
      headers: { 'x-forwarded-for': anAddress() },
    });
    provider.person = { sub: 's-3', email: 'victim@example.com', email_verified: true, name: 'Victim' };
    const answer = await signIn();
    expect(errorOf(answer)).toBe('oidc_account_not_linked');
    expect((await sessionOf(answer)).user).toBeNull();
  });

  it('refuses an answer that another browser began, a second use of it, and one with another state', async () => {
    provider.person = { sub: 's-4', email: 'hedy@example.com', email_verified: true, name: 'Hedy' };
    const [begun, other] = [await begin(), await begin()];
    const back = await provider.follow(begun.headers.get('location')!);
    expect(errorOf(await comeBack(back, cookieOf(other)))).toBe('oidc_refused');
    expect(errorOf(await comeBack(back, ''))).toBe('oidc_lapsed');
    const forged = new URL(back);
    forged.searchParams.set('state', 'x'.repeat(43));
    const refused = await comeBack(forged, cookieOf(begun));
    expect(refused.headers.get('location')).toBe(
      'http://localhost:4000/sign-in?error=oidc_refused&redirect=%2Fdashboard%2Fusage',
    );
    expect((await sessionOf(await comeBack(back, cookieOf(begun)))).user?.email).toBe('hedy@example.com');
    expect(errorOf(await comeBack(back, cookieOf(begun)))).toBe('oidc_refused');
  });

  it('comes back to the sign-in page from who does not want to, and says so in the log', async () => {
    provider.person = { sub: 's-5', email: 'jean@example.com', email_verified: true, name: 'Jean' };
    provider.isDenied = true;
    const answer = await signIn();
    provider.isDenied = false;
    expect([answer.status, errorOf(answer)]).toEqual([302, 'oidc_refused']);
    expect(api.logLines.join('')).toContain('access_denied');
  });

  it('leads back to pages of the portal only', async () => {
    expect((await begin('https://evil.example')).status).toBe(400);
    expect((await begin('//evil.example')).status).toBe(400);
  });

  it('connects to no address in private networks unless it is told to', async () => {
    for (const issuer of [provider.issuer, provider.issuer.replace('127.0.0.1', 'localhost')]) {
      const guarded = await RunningApi.start(database, settingsFor(issuer.replace('http:', 'https:')));
      const before = provider.requests.length;
      const answer = await guarded.call('/api/auth/oidc/sign-in?callbackURL=/dashboard');
      expect(new URL(answer.headers.get('location')!).searchParams.get('error')).toBe('oidc_unavailable');
      expect(provider.requests).toHaveLength(before);
      expect(guarded.logLines.join('')).toContain('may not be connected to');
      await guarded.stop();
    }
  });
});
