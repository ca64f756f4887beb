import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { PASSWORD, RunningApi, anAddress, cookieOf } from './running-api.js';

interface SessionBody {
  readonly user: { readonly id: string; readonly email: string } | null;
  readonly memberships: readonly { readonly organization: { readonly name: string }; readonly role: string }[];
}

describe('signing up and in', () => {
  let database: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const from = () => ({ 'x-forwarded-for': anAddress() });
  const signUp = (email: string, organizationName = 'Acme', headers = from(), password = PASSWORD) =>
    api.call('/api/v1/sign-up', { body: { name: 'Ada', email, password, organizationName }, headers });
  const signIn = (email: string, password = PASSWORD, headers = from()) =>
    api.call<{ code: string }>('/api/auth/sign-in/email', { body: { email, password }, headers });
  const count = async (sql: string, parameters: readonly unknown[] = []) => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${sql}`, parameters),
    );
    return row!.count;
  };

  it('signs a person in who has followed the link, with an organization that they own', async () => {
    const person = await api.signUp('Grace');
    const { body } = await api.call<SessionBody>('/api/v1/session', { as: person });
    expect(body.user?.email).toBe('grace@example.com');
    expect(body.memberships).toMatchObject([{ organization: { name: 'Grace Ltd' }, role: 'owner' }]);
  });

  it('refuses to sign in before the address is verified', async () => {
    await signUp('early@example.com');
    expect(await signIn('early@example.com')).toMatchObject({ status: 403, body: { code: 'email_not_verified' } });
  });

  it('answers a known address as an unknown one, and makes no second organization for it', async () => {
    const first = await signUp('twice@example.com', 'First');
    const second = await signUp('twice@example.com', 'Second');
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(first.status).toBe(202);
    expect(await count(`membership JOIN auth."user" ON id = user_id WHERE email = 'twice@example.com'`)).toBe(1);
    expect(await count(`organization WHERE name = 'Second'`)).toBe(0);
  });

  it('mails the link again to who has not used it, and nothing to who has', async () => {
    await signUp('again@example.com');
    await api.mailedLink('again@example.com', 'verify-email');
    api.mails.length = 0;
    await signUp('again@example.com');
    const link = await api.mailedLink('again@example.com', 'verify-email');
    expect((await api.call(link)).headers.get('location')).toBe('/dashboard');
    api.mails.length = 0;
    await signUp('again@example.com');
    expect(api.mails).toEqual([]);
  });

  describe('under an address that a stranger has signed up with', () => {
    const strangers = 'the password of a stranger';
    const own = 'the password of the owner';
    const link = async (email: string) => {
      const found = await api.mailedLink(email, 'verify-email');
      api.mails.length = 0;
      return found;
    };

    it('leaves the stranger out once the owner has followed the link of their own sign-up', async () => {
      await signUp('owner@example.com', 'Stranger', from(), strangers);
      await link('owner@example.com');
      await signUp('owner@example.com', 'Owner', from(), own);
      await api.call(await link('owner@example.com'));
      expect((await signIn('owner@example.com', own)).status).toBe(200);
      expect((await signIn('owner@example.com', strangers)).status).toBe(401);
    });

    it('keeps the password of the link that is followed, whoever signs up after it', async () => {
      await signUp('first@example.com', 'Owner', from(), own);
      const first = await link('first@example.com');
      await signUp('first@example.com', 'Stranger', from(), strangers);
      const second = await link('first@example.com');
      await api.call(first);
      await api.call(second);
      expect((await signIn('first@example.com', own)).status).toBe(200);
      expect((await signIn('first@example.com', strangers)).status).toBe(401);
    });

    it('sends the link of the latest sign-up when the mail is asked for again', async () => {
      await signUp('resent@example.com', 'Stranger', from(), strangers);
      await signUp('resent@example.com', 'Owner', from(), own);
      await link('resent@example.com');
      api.mails.length = 0;
      const body = { email: 'resent@example.com', callbackURL: '/invitation?token=abc' };
      await api.call('/api/auth/send-verification-email', { body, headers: from() });
      const verified = await api.call(await link('resent@example.com'));
      expect(verified.headers.get('location')).toBe('/invitation?token=abc');
      expect((await signIn('resent@example.com', own)).status).toBe(200);
    });

    it('sends each of two sign-ups at the same moment a link with its own password', async () => {
      const email = 'both@example.com';
      await signUp(email, 'Stranger', from(), strangers);
      await link(email);
      await Promise.all([signUp(email, 'Stranger', from(), strangers), signUp(email, 'Owner', from(), own)]);
      await eventually(
        () => api.mails.length,
        (mails) => mails === 2,
      );
      const works = new Set<string>();
      for (const { text } of api.mails.splice(0)) {
        const { pathname, search } = new URL(/https?:\/\/\S+/.exec(text)![0]);
        await database.unitOfWork.inSystem((transaction) =>
          transaction.query(`UPDATE auth."user" SET "emailVerified" = false WHERE email = $1`, [email]),
        );
        await api.call(pathname + search);
        for (const password of [strangers, own])
          if ((await signIn(email, password)).status === 200) works.add(password);
      }
      expect([...works].toSorted()).toEqual([strangers, own].toSorted());
    });

    it('takes a new password set by mail for a verification, and no password of an earlier link', async () => {
      await signUp('reset@example.com', 'Stranger', from(), strangers);
      const verification = await link('reset@example.com');
      await api.call('/api/auth/request-password-reset', { body: { email: 'reset@example.com' }, headers: from() });
      const opened = await api.call(await api.mailedLink('reset@example.com', 'reset-password'));
      const token = new URL(opened.headers.get('location')!, 'http://localhost:4000').searchParams.get('token');
      await api.call('/api/auth/reset-password', { body: { token, newPassword: own }, headers: from() });
      await api.call(verification);
      expect((await signIn('reset@example.com', own)).status).toBe(200);
      expect((await signIn('reset@example.com', strangers)).status).toBe(401);
    });
  });

  it('answers a wrong password as an unknown address', async () => {
    const person = await api.signUp('Hedy');
    const wrong = await signIn(person.email, 'wrong password');
    const unknown = await signIn('nobody@example.com', 'wrong password');
    const withoutIds = ({ status, text }: { status: number; text: string }) => [
      status,
      text.replace(/"requestId":"[^"]*"/, ''),
    ];
    expect(withoutIds(unknown)).toEqual(withoutIds(wrong));
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
  });

  it('sets a cookie that scripts cannot read and other sites do not send, and that dies at sign-out', async () => {
    const { email } = await api.signUp('Joan');
    const signedIn = await signIn(email);
    const [cookie] = signedIn.headers.getSetCookie();
    expect(cookie).toMatch(/^tollgate\.session_token=.{40,};.*HttpOnly; SameSite=Lax/i);
    const as = { cookie: cookieOf(signedIn) };
    expect((await api.call<SessionBody>('/api/v1/session', { as })).body.user?.email).toBe(email);
    await api.call('/api/auth/sign-out', { as, body: {} });
    expect((await api.call<SessionBody>('/api/v1/session', { as })).body.user).toBeNull();
  });

  it('keeps the password as argon2id with 19 MiB, two passes and one lane', async () => {
    await signUp('hash@example.com');
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ password: string }>(
        `SELECT password FROM auth.account JOIN auth."user" ON "user".id = "userId" WHERE email = 'hash@example.com'`,
      ),
    );
    expect(row!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('ends all sessions when the password is set anew', async () => {
    const person = await api.signUp('Katherine');
    await api.call('/api/auth/request-password-reset', { body: { email: person.email }, headers: from() });
    const opened = await api.call(await api.mailedLink(person.email, 'reset-password'));
    const target = new URL(opened.headers.get('location')!, 'http://localhost:4000');
    expect(target.pathname).toBe('/reset-password');
    const body = { token: target.searchParams.get('token'), newPassword: 'another good password' };
    expect((await api.call('/api/auth/reset-password', { body, headers: from() })).status).toBe(200);
    expect((await api.call<SessionBody>('/api/v1/session', { as: person })).body.user).toBeNull();
    expect((await signIn(person.email)).status).toBe(401);
    expect((await signIn(person.email, 'another good password')).status).toBe(200);
  });

  it('answers a request for a new password the same for known and unknown addresses', async () => {
    const { email } = await api.signUp('Mary');
    const ask = (address: string) =>
      api.call('/api/auth/request-password-reset', { body: { email: address }, headers: from() });
    const [known, unknown] = [await ask(email), await ask('nobody@example.com')];
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  });

  it.each([
    ['/api/auth/sign-in/email', { email: 'x@example.com', password: 'wrong password' }, 20],
    ['/api/v1/sign-up', { name: 'X', email: 'x@example.com', password: PASSWORD, organizationName: 'X' }, 10],
    ['/api/auth/request-password-reset', { email: 'x@example.com' }, 5],
  ])('limits how often one address may call %s', async (path, body, limit) => {
    const headers = from();
    const answers = await Promise.all(Array.from({ length: limit + 1 }, () => api.call(path, { body, headers })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ body: { code: 'too_many_requests' } });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.call(path, { body, headers: from() })).status).not.toBe(429);
  });

  it('limits the mails that strangers send to one mailbox from all addresses together, known or not', async () => {
    const { email } = await api.signUp('Flora');
    for (const address of [email, 'flooded@example.com']) {
      const ask = (path: string, more = {}) =>
        api.call(`/api/auth/${path}`, { body: { email: address, ...more }, headers: from() });
      const paths = Array.from({ length: 24 }, (_, index) =>
        index % 2 === 0 ? 'request-password-reset' : 'send-verification-email',
      );
      const answers = await Promise.all(paths.map((path) => ask(path)));
      // The account was signed up for with a mail of its own.
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(address === email ? 5 : 4);
      expect(refused[0]).toMatchObject({ body: { code: 'too_many_requests' } });
      expect((await signUp(address)).status).toBe(429);
    }
    expect((await signIn(email)).status).toBe(200);
  });

  it('counts no mails that the limit of an address has kept from being sent', async () => {
    const body = { email: 'besieged@example.com' };
    const ask = (headers: Record<string, string>) => api.call('/api/auth/request-password-reset', { body, headers });
    const headers = from();
    const answers = await Promise.all(Array.from({ length: 25 }, () => ask(headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect((await ask(from())).status).toBe(200);
  });

  it('limits the tries at one account from all addresses together, until the right password begins anew', async () => {
    const { email } = await api.signUp('Dorothy');
    const wrongFrom = (address: string) => signIn(email, 'wrong password', { 'x-forwarded-for': address });
    await Promise.all(Array.from({ length: 29 }, () => wrongFrom(anAddress())));
    expect((await signIn(email)).status).toBe(200);
    const tries = await Promise.all(Array.from({ length: 31 }, () => wrongFrom(anAddress())));
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(await signIn(email)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
  });

  it('opens none of the session library’s other routes', async () => {
    for (const path of ['/api/auth/sign-up/email', '/api/auth/update-user', '/api/auth/delete-user']) {
      expect((await api.call(path, { body: { email: 'a@example.com', name: 'A', password: PASSWORD } })).status).toBe(
        404,
      );
    }
  });

  it('refuses fields that nobody asked for', async () => {
    const answer = await api.call('/api/v1/sign-up', {
      body: { name: 'A', email: 'a@b.example', password: PASSWORD, organizationName: 'A', emailVerified: true },
      headers: from(),
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('writes neither passwords nor tokens to the log', async () => {
    const { cookie } = await api.signUp('Silent');
    const log = api.logLines.join('');
    expect(log).toContain('/api/v1/sign-up');
    expect(log).not.toContain(PASSWORD);
    expect(log).not.toContain(cookie.split('=')[1]);
    expect(log).not.toContain('token=');
  });
});

describe('behind TLS', () => {
  it('sends the session over TLS only, and tells browsers to use nothing else', async () => {
    const database = await createTestDatabase();
    const api = await RunningApi.start(database, { PORTAL_URL: 'https://portal.example' });
    try {
      const body = { name: 'Tess', email: 'tess@example.com', password: PASSWORD, organizationName: 'Tess Ltd' };
      const signedUp = await api.call('/api/v1/sign-up', { body, headers: { origin: 'https://portal.example' } });
      expect(signedUp.status).toBe(202);
      const verified = await api.call(
        await api.mailedLink('tess@example.com', 'https://portal.example/api/auth/verify-email'),
      );
      expect(verified.headers.getSetCookie()[0]).toMatch(/^__Secure-tollgate\.session_token=.*Secure/);
      expect(verified.headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
    } finally {
      await api.stop();
      await database.dispose();
    }
  });
});
