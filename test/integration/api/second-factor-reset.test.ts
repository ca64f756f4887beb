import { grantStaff, isAdminMissing } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { totpOf } from '../../support/totp.js';
import { PASSWORD, type Person, RunningApi, anAddress, cookieOf } from './running-api.js';

const CLI = { kind: 'cli', id: null } as const;

describe('a second factor that is lost', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let [admin, ada, bob]: Person[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    [admin, ada, bob] = await Promise.all(['Admin', 'Ada', 'Bob'].map((name) => api.signUp(name)));
    await grantStaff(database.context, { email: admin!.email, grant: { role: 'admin' }, actor: CLI });
    await grantStaff(database.context, { email: bob!.email, grant: { role: 'operator' }, actor: CLI });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const call = <Body>(path: string, as: { cookie: string }, body?: object) =>
    api.call<Body>(`/api/v1/${path}`, { as, ...(body && { body }), headers: { 'x-forwarded-for': anAddress() } });
  const turnOn = async (person: Person) => {
    const { body } = await call<{ secret: string }>('user/two-factor', person, { password: PASSWORD });
    const confirmed = await call('user/two-factor/confirm', person, { code: totpOf(body.secret) });
    expect(confirmed.status).toBe(204);
    return { ...person, cookie: cookieOf(confirmed) };
  };
  const reset = (person: Person, as: { cookie: string }, reason = 'Called back at the number on file') =>
    call<{ code: string }>(`operator/users/${person.userId}/second-factor/reset`, as, { reason });
  const signIn = (person: Person) =>
    api.call<{ twoFactorRequired: boolean }>('/api/auth/sign-in/email', {
      body: { email: person.email, password: PASSWORD },
      headers: { 'x-forwarded-for': anAddress() },
    });

  it('is reset by an admin, with a reason, the end of all sessions and a mail', async () => {
    expect(await reset(ada!, admin!)).toMatchObject({ status: 409, body: { code: 'two_factor_off' } });
    const signedIn = await turnOn(ada!);
    const listed = async () =>
      (
        await api.call<{ users: { hasTwoFactor: boolean }[] }>(`/api/v1/operator/users?search=${ada!.email}`, {
          as: admin!,
        })
      ).body.users;
    expect(await listed()).toMatchObject([{ hasTwoFactor: true }]);
    // As after AUTH_SECRET was changed: nobody can read it any more.
    await rows(`UPDATE auth."twoFactor" SET secret = 'unreadable' WHERE "userId" = $1`, [ada!.userId]);
    expect((await signIn(ada!)).body).toEqual({ twoFactorRequired: true });
    expect((await reset(ada!, bob!)).status).toBe(403);
    expect((await reset(ada!, admin!, '')).status).toBe(400);
    expect((await reset(ada!, admin!)).status).toBe(200);
    expect((await call<{ user: object | null }>('session', signedIn)).body.user).toBeNull();
    const again = await signIn(ada!);
    expect(again.body).toEqual({ twoFactorRequired: false });
    expect((await call('user', { cookie: cookieOf(again) })).body).toMatchObject({ hasTwoFactor: false });
    const [entry] = await rows<{ actor: string; details: object }>(
      `SELECT actor_id AS actor, details FROM audit_log WHERE action = 'reset the second factor of' AND noun_id = $1`,
      [ada!.userId],
    );
    expect(entry).toMatchObject({
      actor: admin!.userId,
      details: { reason: 'Called back at the number on file', ended: 1 },
    });
    const mails = await rows<{ subject: string }>(
      `SELECT payload ->> 'subject' AS subject FROM outbox WHERE payload ->> 'to' = $1 ORDER BY id`,
      [ada!.email],
    );
    expect(mails.at(-1)?.subject).toBe('Your second factor was reset (Tollgate)');
  });

  it('is not reset by an admin for themselves', async () => {
    const signedIn = await turnOn(admin!);
    expect((await reset(admin!, signedIn)).status).toBe(403);
    expect((await signIn(admin!)).body).toEqual({ twoFactorRequired: true });
    admin = signedIn;
  });

  it('is reset at the command line', async () => {
    const commandLine = new CommandLine(database);
    await turnOn(bob!);
    await expect(commandLine.run('user', 'reset-second-factor', bob!.email)).rejects.toThrow(/--reason/);
    await expect(commandLine.run('user', 'reset-second-factor', 'nobody@example.com', '--reason', 'x')).rejects.toThrow(
      /user/,
    );
    await commandLine.run('user', 'reset-second-factor', bob!.email, '--reason', 'Lost the phone');
    expect((await signIn(bob!)).body).toEqual({ twoFactorRequired: false });
    commandLine.dispose();
  });

  it('a session by a personal access token says which', async () => {
    const created = await call<{ token: string; accessToken: { id: string } }>('access-tokens', admin!, {
      name: 'CI',
      scopes: ['admin'],
      expiresAt: '2027-01-01T00:00:00Z',
    });
    const { body } = await api.call('/api/v1/session', { headers: { authorization: `Bearer ${created.body.token}` } });
    expect(body).toMatchObject({
      user: { email: admin!.email },
      accessToken: { id: created.body.accessToken.id, name: 'CI', scopes: ['admin'] },
    });
    expect((await call('session', admin!)).body).toMatchObject({ accessToken: null });
  });

  it('staff without an admin is told at each start how to make one', async () => {
    expect(await isAdminMissing(database.context)).toBe(false);
    await rows(`DELETE FROM staff_role WHERE role = 'admin'`);
    expect(await isAdminMissing(database.context)).toBe(true);
    const started = await RunningApi.start(database);
    expect(started.logLines.join('')).toContain('tollgate staff grant --email ADDRESS --role admin');
    await started.stop();
    await rows('DELETE FROM staff_role');
    expect(await isAdminMissing(database.context)).toBe(false);
  });
});
