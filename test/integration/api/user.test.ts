import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { laterTotpOf, totpOf } from '../../support/totp.js';
import { type Answer, PASSWORD, type Person, RunningApi, anAddress, cookieOf } from './running-api.js';

const NEW_PASSWORD = 'another good password';

/** One for each test: they sign up at once, as signing up takes its time. */
const NAMES = [
  'Ada',
  'Barbara',
  'Betty',
  'Carol',
  'Diana',
  'Eve',
  'Frances',
  'Gertrude',
  'Hilda',
  'Irene',
  'Jean',
  'Kay',
  'Lise',
  'Mallory',
  'Mina',
  'Nora',
  'Olga',
  'Phyllis',
  'Radia',
  'Sophie',
  'Ursula',
  'Vera',
];

interface SessionList {
  readonly sessions: readonly { readonly id: string; readonly device: string; readonly isCurrent: boolean }[];
}
interface SetUp {
  readonly uri: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}
interface Profile {
  readonly name: string;
  readonly email: string;
  readonly hasTwoFactor: boolean;
  readonly recoveryCodesLeft: number;
}

describe('a person’s own account', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let people: Readonly<Record<string, Person>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database, { STAFF_TWO_FACTOR: 'required', SIGN_UPS_PER_DAY: '2' });
    people = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await api.signUp(name)] as const)));
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  type As = { readonly cookie: string };
  const call = <Body = { code: string }>(path: string, as: As, body?: unknown, method?: string) =>
    api.call<Body>(`/api/v1/user${path}`, {
      as,
      ...(body !== undefined && { body }),
      ...(method && { method }),
      headers: { 'x-forwarded-for': anAddress() },
    });
  const signIn = (email: string, password = PASSWORD, userAgent = 'test') =>
    api.call<{ twoFactorRequired: boolean; code: string }>('/api/auth/sign-in/email', {
      body: { email, password },
      headers: { 'x-forwarded-for': anAddress(), 'user-agent': userAgent },
    });
  const endSignIn = (factor: 'two-factor' | 'recovery-code', begun: Answer<unknown>, code: string) =>
    api.call<{ code: string }>(`/api/auth/sign-in/${factor}`, {
      as: { cookie: cookieOf(begun) },
      body: { code },
      headers: { 'x-forwarded-for': anAddress() },
    });
  const whoIs = async (as: As) =>
    (await api.call<{ user: { email: string } | null }>('/api/v1/session', { as })).body.user?.email ?? null;
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const mailsTo = async (address: string) =>
    (
      await rows<{ subject: string }>(
        `SELECT payload->>'subject' AS subject FROM outbox WHERE payload->>'to' = $1 ORDER BY id`,
        [address],
      )
    ).map(({ subject }) => subject);
  const actionsOf = async (userId: string) =>
    (await rows<{ action: string }>(`SELECT action FROM audit_log WHERE noun = 'user' AND noun_id = $1`, [userId])).map(
      ({ action }) => action,
    );

  /** Signs a person up and turns their second factor on. */
  async function withTwoFactor(name: string): Promise<Person & SetUp> {
    const person = people[name]!;
    const { body } = await call<SetUp>('/two-factor', person, { password: PASSWORD });
    const confirmed = await call('/two-factor/confirm', person, { code: totpOf(body.secret) });
    expect(confirmed.status).toBe(204);
    return { ...person, ...body, cookie: cookieOf(confirmed) };
  }

  it('is closed to strangers', async () => {
    for (const path of ['', '/sessions']) {
      expect(await api.call(`/api/v1/user${path}`)).toMatchObject({ status: 401, body: { code: 'sign_in_required' } });
    }
  });

  it('is not made with an address of a throw-away service, nor without bound from one network address', async () => {
    const headers = { 'x-forwarded-for': anAddress() };
    const signUp = (email: string) =>
      api.call('/api/v1/sign-up', { body: { name: 'A', email, password: PASSWORD, organizationName: 'A' }, headers });
    expect(await signUp('a@mailinator.com')).toMatchObject({ status: 400, body: { code: 'disposable_mail' } });
    expect([(await signUp('a1@example.com')).status, (await signUp('a2@example.com')).status]).toEqual([202, 202]);
    const refused = await signUp('a3@example.com');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '86400']);
    database.clock.moveTo(database.clock.nowMs() + 86_400_000);
    expect((await signUp('a3@example.com')).status).toBe(202);
  });

  it('shows and changes the name', async () => {
    const person = people['Ada']!;
    const renamed = await call<Profile>('', person, { name: ' Ada Lovelace ' }, 'PATCH');
    expect(renamed.body).toMatchObject({ name: 'Ada Lovelace', email: person.email, hasTwoFactor: false });
    expect((await call<Profile>('', person)).body.name).toBe('Ada Lovelace');
    expect(await call('', person, { name: 'A', email: 'b@example.com' }, 'PATCH')).toMatchObject({ status: 400 });
    expect(await actionsOf(person.userId)).toEqual(['renamed']);
  });

  describe('sessions', () => {
    it('are listed with device and the present one marked, and show no token', async () => {
      const person = people['Barbara']!;
      await signIn(person.email, PASSWORD, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
      const { body, text } = await call<SessionList>('/sessions', person);
      expect(body.sessions).toHaveLength(2);
      expect(body.sessions.find(({ isCurrent }) => !isCurrent)?.device).toBe('Firefox on Linux');
      const tokens = await rows<{ token: string }>('SELECT token FROM auth.session');
      expect(tokens.length).toBeGreaterThan(1);
      expect(tokens.filter(({ token }) => text.includes(token))).toEqual([]);
    });

    it('have a new token at every sign-in', async () => {
      const person = people['Betty']!;
      const cookies = [cookieOf(await signIn(person.email)), cookieOf(await signIn(person.email)), person.cookie];
      expect(new Set(cookies).size).toBe(3);
      expect((await signIn(person.email)).text).toBe('{"twoFactorRequired":false}');
    });

    it('end one by one or all others at once, at once, and only one’s own', async () => {
      const person = people['Carol']!;
      const stranger = people['Mallory']!;
      const others = [await signIn(person.email), await signIn(person.email), await signIn(person.email)];
      const [first, ...rest] = others.map((answer) => ({ cookie: cookieOf(answer) }));
      const { body } = await call<SessionList>('/sessions', first!);
      const own = body.sessions.find(({ isCurrent }) => isCurrent)!;
      const notTheirs = await call(`/sessions/${own.id}`, stranger, undefined, 'DELETE');
      const unknown = await call('/sessions/unknown', stranger, undefined, 'DELETE');
      expect([notTheirs.status, notTheirs.body.code]).toEqual([404, 'session_not_found']);
      expect(unknown.body.code).toBe('session_not_found');
      expect((await call(`/sessions/${own.id}`, person, undefined, 'DELETE')).status).toBe(204);
      expect(await whoIs(first!)).toBeNull();
      expect(await whoIs(rest[0]!)).toBe(person.email);
      expect((await call<{ ended: number }>('/sessions', person, undefined, 'DELETE')).body).toEqual({ ended: 2 });
      expect([await whoIs(rest[0]!), await whoIs(rest[1]!), await whoIs(person)]).toEqual([null, null, person.email]);
      expect(await whoIs(stranger)).toBe(stranger.email);
    });
  });

  describe('the password', () => {
    it('changes with the present one only, and every session ends but a new one of the caller', async () => {
      const person = people['Diana']!;
      const other = { cookie: cookieOf(await signIn(person.email)) };
      const body = { currentPassword: 'not the password', newPassword: NEW_PASSWORD };
      expect(await call('/password', person, body)).toMatchObject({ status: 400, body: { code: 'wrong_password' } });
      const changed = await call('/password', person, { ...body, currentPassword: PASSWORD });
      expect([changed.status, changed.text]).toEqual([204, '']);
      expect([await whoIs(person), await whoIs(other)]).toEqual([null, null]);
      expect(await whoIs({ cookie: cookieOf(changed) })).toBe(person.email);
      expect([(await signIn(person.email)).status, (await signIn(person.email, NEW_PASSWORD)).status]).toEqual([
        401, 200,
      ]);
      expect(await mailsTo(person.email)).toEqual(['Your password was changed (Tollgate)']);
      expect(await actionsOf(person.userId)).toEqual(['changed the password of']);
    });

    it('cannot be guessed with a stolen session: tries count as those of sign-ins', async () => {
      const person = people['Eve']!;
      await signIn(person.email, 'guess');
      // The guesses that make it 29.
      await rows(`UPDATE auth."rateLimit" SET count = 29 WHERE key LIKE 'account:%' AND count = 1`);
      const guess = () => call('/password', person, { currentPassword: 'guess', newPassword: NEW_PASSWORD });
      expect((await guess()).body.code).toBe('wrong_password');
      expect(await guess()).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
      expect((await signIn(person.email)).status).toBe(429);
    });

    it('is told of by mail when it was set anew with a link', async () => {
      const person = people['Frances']!;
      await api.call('/api/auth/request-password-reset', {
        body: { email: person.email },
        headers: { 'x-forwarded-for': anAddress() },
      });
      const opened = await api.call(await api.mailedLink(person.email, 'reset-password'));
      const token = new URL(opened.headers.get('location')!, 'http://localhost:4000').searchParams.get('token');
      await api.call('/api/auth/reset-password', {
        body: { token, newPassword: NEW_PASSWORD },
        headers: { 'x-forwarded-for': anAddress() },
      });
      expect(await mailsTo(person.email)).toEqual(['Your password was changed (Tollgate)']);
      expect(await actionsOf(person.userId)).toEqual(['set anew the password of']);
    });
  });

  describe('the e-mail address', () => {
    const ask = (as: As, newEmail: string, password = PASSWORD) => call('/email', as, { newEmail, password });
    const confirm = (token: string) =>
      api.call<{ code: string; email: string }>('/api/v1/user/email/confirm', { body: { token } });
    const mailedToken = async (address: string) => {
      const [mail] = await rows<{ text: string }>(
        `SELECT payload->>'text' AS text FROM outbox WHERE payload->>'to' = $1 ORDER BY id DESC LIMIT 1`,
        [address],
      );
      return /confirm-email\?token=([\w-]+)/.exec(mail?.text ?? '')?.[1];
    };

    it('changes once the new one is confirmed, and the old one is told before and after', async () => {
      const person = people['Olga']!;
      expect(await ask(person, 'olga@new.example', 'wrong')).toMatchObject({
        status: 400,
        body: { code: 'wrong_password' },
      });
      const asked = await ask(person, 'Olga@New.example');
      expect([asked.status, asked.text]).toEqual([202, '{"status":"confirmation_sent"}']);
      expect(await whoIs(person)).toBe(person.email);
      const token = (await mailedToken('olga@new.example'))!;
      expect((await rows('SELECT FROM email_change WHERE token_hash = $1', [Buffer.from(token)])).length).toBe(0);
      expect((await confirm(token)).body).toEqual({ email: 'olga@new.example' });
      expect(await whoIs(person)).toBe('olga@new.example');
      expect([(await signIn(person.email)).status, (await signIn('olga@new.example')).status]).toEqual([401, 200]);
      expect(await mailsTo(person.email)).toEqual([
        'Somebody wants to change your e-mail address (Tollgate)',
        'Your e-mail address was changed (Tollgate)',
      ]);
      expect(await confirm(token)).toMatchObject({ status: 409, body: { code: 'link_expired' } });
    });

    it('of somebody else is answered the same, and its owner gets no link', async () => {
      const person = people['Phyllis']!;
      const [free, taken] = [await ask(person, 'free@new.example'), await ask(person, people['Ada']!.email)];
      expect([taken.status, taken.text]).toEqual([free.status, free.text]);
      expect(await mailedToken(people['Ada']!.email)).toBeUndefined();
      expect(await confirm((await mailedToken('free@new.example'))!)).toMatchObject({ body: { code: 'link_expired' } });
      expect(await whoIs(person)).toBe(person.email);
    });

    it('stays when the link is an hour old, when another took the address, and when the password was changed', async () => {
      const person = people['Radia']!;
      await ask(person, 'late@new.example');
      database.clock.moveTo(database.clock.nowMs() + 3_600_000);
      expect((await confirm((await mailedToken('late@new.example'))!)).status).toBe(409);
      await ask(person, 'raced@new.example');
      await ask(people['Sophie']!, 'raced@new.example');
      const [first, second] = await rows<{ token: string }>(
        `SELECT substring(payload->>'text' from 'confirm-email.token=([A-Za-z0-9_-]+)') AS token FROM outbox
         WHERE payload->>'to' = 'raced@new.example' ORDER BY id`,
      );
      const both = await Promise.all([confirm(first!.token), confirm(second!.token)]);
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const winner = people['Ursula']!;
      await ask(winner, 'thief@new.example');
      await call('/password', winner, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
      expect((await confirm((await mailedToken('thief@new.example'))!)).status).toBe(409);
    });

    it('can be asked for five times in a quarter of an hour', async () => {
      const person = people['Vera']!;
      const statuses = [];
      for (let index = 0; index < 6; index++) statuses.push((await ask(person, `vera${index}@new.example`)).status);
      expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    });
  });

  describe('two-factor authentication', () => {
    it('is on once a code is confirmed, and then a password alone signs nobody in', async () => {
      const person = people['Gertrude']!;
      expect(await call('/two-factor', person, { password: 'wrong' })).toMatchObject({
        status: 400,
        body: { code: 'wrong_password' },
      });
      const { body: setUp } = await call<SetUp>('/two-factor', person, { password: PASSWORD });
      expect(setUp.uri).toMatch(/^otpauth:\/\/totp\/Tollgate:gertrude%40example\.com\?/);
      expect((await signIn(person.email)).body.twoFactorRequired).toBe(false);
      const wrong = await call('/two-factor/confirm', person, { code: '000000' });
      expect(wrong).toMatchObject({ status: 400, body: { code: 'wrong_code' } });
      const confirmed = await call('/two-factor/confirm', person, { code: totpOf(setUp.secret) });
      expect(await whoIs(person)).toBeNull();
      expect((await call<Profile>('', { cookie: cookieOf(confirmed) })).body).toMatchObject({
        hasTwoFactor: true,
        recoveryCodesLeft: 10,
      });

      const begun = await signIn(person.email);
      expect(begun.body).toEqual({ twoFactorRequired: true });
      expect(await whoIs({ cookie: cookieOf(begun) })).toBeNull();
      const ended = await endSignIn('two-factor', begun, totpOf(setUp.secret));
      expect([ended.status, ended.text]).toEqual([200, '{"twoFactorRequired":false}']);
      expect(await whoIs({ cookie: cookieOf(ended) })).toBe(person.email);
      expect(await mailsTo(person.email)).toEqual(['Two-factor authentication is on (Tollgate)']);
    });

    it('takes a code once: who has seen it cannot sign in with it', async () => {
      const { email, secret } = await withTwoFactor('Hilda');
      const code = totpOf(secret);
      expect((await endSignIn('two-factor', await signIn(email), code)).status).toBe(200);
      const again = await endSignIn('two-factor', await signIn(email), code);
      expect([again.status, again.body.code]).toEqual([400, 'code_used']);
    });

    it('takes a recovery code once', async () => {
      const { email, recoveryCodes, cookie } = await withTwoFactor('Irene');
      expect(new Set(recoveryCodes).size).toBe(10);
      const ended = await endSignIn('recovery-code', await signIn(email), recoveryCodes[3]!);
      expect(await whoIs({ cookie: cookieOf(ended) })).toBe(email);
      const again = await endSignIn('recovery-code', await signIn(email), recoveryCodes[3]!);
      expect([again.status, again.body.code]).toEqual([400, 'wrong_recovery_code']);
      expect((await call<Profile>('', { cookie })).body.recoveryCodesLeft).toBe(9);
    });

    it('makes new recovery codes, and the old ones are void', async () => {
      const person = await withTwoFactor('Jean');
      const renewed = await call<SetUp>('/two-factor/recovery-codes', person, { password: PASSWORD });
      expect(renewed.body.recoveryCodes).toHaveLength(10);
      const old = await endSignIn('recovery-code', await signIn(person.email), person.recoveryCodes[0]!);
      expect(old.body.code).toBe('wrong_recovery_code');
    });

    it('ends a sign-in after five wrong codes, and locks the factor after ten in a row', async () => {
      const { email, secret } = await withTwoFactor('Kay');
      const begun = await signIn(email);
      const codes = [];
      for (const code of ['000001', '000002', '000003', '000004', '000005', totpOf(secret)]) {
        codes.push((await endSignIn('two-factor', begun, code)).body.code);
      }
      expect(codes).toEqual([...Array(5).fill('wrong_code'), 'sign_in_lapsed']);
      const next = await signIn(email);
      for (const code of ['000006', '000007', '000008', '000009', '000010']) await endSignIn('two-factor', next, code);
      const locked = await endSignIn('two-factor', await signIn(email), laterTotpOf(secret));
      expect(locked).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    });

    it('is turned off with the password, and tells so by mail', async () => {
      const person = await withTwoFactor('Lise');
      expect((await call('/two-factor/turn-off', person, { password: 'wrong' })).body.code).toBe('wrong_password');
      const off = await call('/two-factor/turn-off', person, { password: PASSWORD });
      expect(off.status).toBe(204);
      expect((await signIn(person.email)).body.twoFactorRequired).toBe(false);
      expect((await call<Profile>('', { cookie: cookieOf(off) })).body.hasTwoFactor).toBe(false);
      expect(await rows('SELECT FROM auth."twoFactor" WHERE "userId" = $1', [person.userId])).toEqual([]);
      expect(await mailsTo(person.email)).toContain('Two-factor authentication is off (Tollgate)');
    });

    it('keeps neither secret nor recovery codes readable at rest', async () => {
      const { userId, secret, recoveryCodes } = await withTwoFactor('Mina');
      const [row] = await rows<{ secret: string; backupCodes: string }>(
        'SELECT secret, "backupCodes" FROM auth."twoFactor" WHERE "userId" = $1',
        [userId],
      );
      const stored = JSON.stringify(row);
      expect(stored.length).toBeGreaterThan(100);
      expect([secret, ...recoveryCodes].filter((plain) => stored.includes(plain))).toEqual([]);
      expect(api.logLines.join('')).not.toContain(recoveryCodes[0]);
    });

    it('is asked of staff before their desks open, when the installation says so', async () => {
      const person = people['Nora']!;
      await grantStaff(database.context, {
        email: person.email,
        grant: { role: 'operator' },
        actor: { kind: 'cli', id: null },
      });
      const desk = (as: As) => api.call<{ code: string }>('/api/v1/operator/audit-log', { as });
      const session = (as: As) => api.call<{ twoFactorMissing: boolean }>('/api/v1/session', { as });
      expect(await desk(person)).toMatchObject({ status: 403, body: { code: 'two_factor_required' } });
      expect((await session(person)).body.twoFactorMissing).toBe(true);
      const { body } = await call<SetUp>('/two-factor', person, { password: PASSWORD });
      const confirmed = await call('/two-factor/confirm', person, { code: totpOf(body.secret) });
      const as = { cookie: cookieOf(confirmed) };
      expect((await desk(as)).status).toBe(200);
      expect((await session(as)).body.twoFactorMissing).toBe(false);
    });
  });
});
