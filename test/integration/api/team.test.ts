import { INVITATION_RULES } from '#domain';
import { lockOrganization, revokeAccessTokensOf } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { api as callApi } from '../../../apps/cli/src/commands/api.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { PASSWORD, type Person, RunningApi, anAddress, cookieOf } from './running-api.js';

const waitingForLocks = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

interface InvitationAnswer {
  readonly id: string;
  readonly email: string;
  readonly code?: string;
}

describe('the people of an organization', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  let team: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  beforeEach(async () => {
    // So that who joins later has joined later.
    advance(1_000);
    const made = await api.call<{ id: string }>('/api/v1/organizations', { as: ada, body: { name: 'Team' } });
    team = `/api/v1/organizations/${made.body.id}`;
    advance(1_000);
  });

  const advance = (byMs: number) => database.clock.moveTo(database.clock.nowMs() + byMs);
  const invite = (email: string, role = 'developer', as = ada) =>
    api.call<InvitationAnswer>(`${team}/invitations`, { as, body: { email, role } });
  const tokenOf = async (email: string) =>
    new URLSearchParams((await api.mailedLink(email, '/invitation?')).split('?')[1]).get('token')!;
  const accept = (token: string, as: Person) => api.call('/api/v1/invitations/accept', { as, body: { token } });
  const setRole = (userId: string, role: string, as = ada, ifMatch = '*') =>
    api.call<{ role: string; code?: string }>(`${team}/members/${userId}`, {
      as,
      method: 'PATCH',
      body: { role },
      headers: { 'if-match': ifMatch },
    });
  const remove = (userId: string, as = ada) =>
    api.call<{ code: string }>(`${team}/members/${userId}`, { as, method: 'DELETE' });
  const leave = (as: Person) => api.call<{ code: string }>(`${team}/membership`, { as, method: 'DELETE' });
  const members = async () =>
    (await api.call<{ members: { email: string; role: string }[] }>(`${team}/members`, { as: ada })).body.members.map(
      ({ email, role }) => `${email} ${role}`,
    );
  const join = async (person: Person, role: string) => {
    expect((await invite(person.email, role)).status).toBe(201);
    expect((await accept(await tokenOf(person.email), person)).status).toBe(200);
  };

  it('are joined by an existing account that opens the link of its mail, once and for that address only', async () => {
    expect(await invite(bob.email.toUpperCase())).toMatchObject({ status: 201, body: { email: bob.email } });
    const token = await tokenOf(bob.email);
    const shown = await api.call('/api/v1/invitations/look-up', { body: { token } });
    expect(shown.body).toMatchObject({
      organizationName: 'Team',
      email: bob.email,
      role: 'developer',
      inviterName: 'Ada',
    });
    expect(shown.text).not.toContain(token);
    expect(await accept(token, ada)).toMatchObject({ status: 403 });
    // Both have looked at the invitation before either accepts it.
    const both = await database.unitOfWork.inSystem(async (transaction) => {
      await lockOrganization(transaction, team.split('/').at(-1)!);
      const accepting = [accept(token, bob), accept(token, bob)];
      await eventually(
        () => database.dataSource.query<unknown[]>(waitingForLocks),
        (waiting) => waiting.length >= 2,
      );
      return { accepting };
    });
    expect((await Promise.all(both.accepting)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await members()).toEqual(['ada@example.com owner', 'bob@example.com developer']);
    await remove(bob.userId);
    expect(await accept(token, bob)).toMatchObject({ status: 404, body: { code: 'invitation_not_found' } });
    expect((await api.call('/api/v1/invitations/look-up', { body: { token } })).status).toBe(404);
  });

  it('are joined by somebody new without an organization of their own', async () => {
    const email = 'newcomer@example.com';
    await invite(email, 'billing');
    const token = await tokenOf(email);
    const signUp = (address: string) =>
      api.call('/api/v1/sign-up', {
        body: { name: 'New', email: address, password: PASSWORD, invitationToken: token },
        headers: { 'x-forwarded-for': anAddress() },
      });
    expect(await signUp('other@example.com')).toMatchObject({ status: 404, body: { code: 'invitation_not_found' } });
    expect((await signUp(email)).status).toBe(202);
    await api.mailedLink(email, 'verify-email');
    // Again, as the first mail is lost: the next one leads to the invitation too.
    api.mails.length = 0;
    expect((await signUp(email)).status).toBe(202);
    const verified = await api.call(await api.mailedLink(email, 'verify-email'));
    expect(verified.headers.get('location')).toContain(`/invitation?token=${token}`);
    const newcomer = { cookie: cookieOf(verified) };
    expect((await api.call('/api/v1/session', { as: newcomer })).body).toMatchObject({ memberships: [] });
    expect((await accept(token, newcomer as Person)).status).toBe(200);
    expect((await api.call('/api/v1/session', { as: newcomer })).body).toMatchObject({
      memberships: [{ organization: { name: 'Team' }, role: 'billing' }],
    });
  });

  it('tell nobody by an invitation whether an address is known', async () => {
    const [known, unknown] = [await invite(bob.email), await invite('nobody@example.com')];
    const shape = ({ body, status }: typeof known) => [status, Object.keys(body)];
    expect(shape(known)).toEqual(shape(unknown));
    const subjects = [bob.email, 'nobody@example.com'].map(
      (to) => api.mails.findLast((mail) => mail.to === to)?.subject,
    );
    expect(subjects[0]).toBe(subjects[1]);
  });

  it('are invited once at a time; again after a minute, under a new link that is good for seven days', async () => {
    const email = 'slow@example.com';
    const { body } = await invite(email);
    expect(await invite(email)).toMatchObject({ status: 409, body: { code: 'already_invited' } });
    const resend = () =>
      api.call<{ code: string }>(`${team}/invitations/${body.id}/resend`, { as: ada, method: 'POST' });
    expect(await resend()).toMatchObject({ status: 409, body: { code: 'invitation_just_sent' } });
    const before = await tokenOf(email);
    advance(INVITATION_RULES.resendAfterMs);
    expect((await resend()).status).toBe(200);
    const after = await tokenOf(email);
    const lookUp = async (token: string) => (await api.call('/api/v1/invitations/look-up', { body: { token } })).status;
    expect(await Promise.all([lookUp(before), lookUp(after)])).toEqual([404, 200]);
    advance(INVITATION_RULES.lifeMs);
    expect(await lookUp(after)).toBe(404);
    // The expired one gives way to a new one.
    const renewed = await invite(email);
    expect(renewed.status).toBe(201);
    const withdraw = () => api.call(`${team}/invitations/${renewed.body.id}`, { as: ada, method: 'DELETE' });
    expect((await withdraw()).status).toBe(204);
    expect((await withdraw()).status).toBe(404);
    expect(await lookUp(await tokenOf(email))).toBe(404);
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ row: string }>('SELECT invitation::text AS row FROM invitation'),
    );
    expect(JSON.stringify(rows)).not.toContain(after);
  });

  it('are not invited without end', async () => {
    const asked = Array.from({ length: INVITATION_RULES.maxPerDay + 1 }, (_, index) => `p${index}@example.com`);
    let last = await invite(asked[0]!);
    for (const email of asked.slice(1)) last = await invite(email);
    expect(last).toMatchObject({ status: 409, body: { code: 'too_many_invitations' } });
    advance(86_400_001);
  });

  it('keep an owner, also when the last two remove each other, step down or leave at once', async () => {
    await join(bob, 'owner');
    const owners = async () => {
      const rows = await database.unitOfWork.inSystem((transaction) =>
        transaction.query(`SELECT FROM membership WHERE organization_id = $1 AND role = 'owner'`, [
          team.split('/').at(-1),
        ]),
      );
      return rows.length;
    };
    const settled = await Promise.all([remove(bob.userId, ada), remove(ada.userId, bob)]);
    expect(settled.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await owners()).toBe(1);
    const [stayed, gone] = settled[0]!.status === 204 ? [ada, bob] : [bob, ada];
    expect(await leave(stayed)).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect(await setRole(stayed.userId, 'admin', stayed)).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    advance(60_000);
    await invite(gone.email, 'owner', stayed);
    await accept(await tokenOf(gone.email), gone);
    const left = await Promise.all([leave(stayed), leave(gone), setRole(stayed.userId, 'developer', stayed)]);
    expect(left.filter(({ status }) => status < 300).length).toBeGreaterThan(0);
    expect(await owners()).toBe(1);
  });

  it('keep an owner by the database itself', async () => {
    await join(bob, 'developer');
    const demote = database.unitOfWork.inSystem((transaction) =>
      transaction.query(`UPDATE membership SET role = 'admin' WHERE organization_id = $1`, [team.split('/').at(-1)]),
    );
    await expect(demote).rejects.toThrow(/members and no owner/);
  });

  it('are managed by admins, but owners only by owners', async () => {
    await join(bob, 'admin');
    const carl = await api.signUp('Carl');
    await join(carl, 'developer');
    expect(await setRole(carl.userId, 'owner', bob)).toMatchObject({ status: 403 });
    expect(await setRole(ada.userId, 'developer', bob)).toMatchObject({ status: 403 });
    expect(await remove(ada.userId, bob)).toMatchObject({ status: 403 });
    expect(await invite('x@example.com', 'owner', bob)).toMatchObject({ status: 403 });
    const seen = (await api.call<{ members: { userId: string; etag: string }[] }>(`${team}/members`, { as: bob })).body;
    const { etag } = seen.members.find(({ userId }) => userId === carl.userId)!;
    expect(await setRole(carl.userId, 'billing', bob, etag)).toMatchObject({ status: 200, body: { role: 'billing' } });
    expect(await setRole(carl.userId, 'developer', bob, etag)).toMatchObject({ status: 412 });
    expect((await remove(carl.userId, bob)).status).toBe(204);
    expect((await api.call(team, { as: carl })).status).toBe(404);
  });

  it('rename the organization that they have seen, and not one that somebody has renamed meanwhile', async () => {
    const tag = (await api.call(team, { as: ada })).headers.get('etag')!;
    const rename = (name: string, headers: Record<string, string>) =>
      api.call<{ name?: string; code?: string }>(team, { as: ada, method: 'PATCH', body: { name }, headers });
    expect(await rename('New', {})).toMatchObject({ status: 428, body: { code: 'if_match_needed' } });
    expect(await rename('New', { 'if-match': tag })).toMatchObject({ status: 200, body: { name: 'New' } });
    expect(await rename('Other', { 'if-match': tag })).toMatchObject({
      status: 412,
      body: { code: 'changed_meanwhile' },
    });
    expect((await api.call<{ name: string }>(team, { as: ada })).body.name).toBe('New');
  });

  it('are listed page by page', async () => {
    await join(bob, 'developer');
    type Page = { members: { email: string }[]; next: string | null };
    const first = await api.call<Page>(`${team}/members?limit=1`, { as: ada });
    const second = await api.call<Page>(`${team}/members?limit=1&after=${encodeURIComponent(first.body.next!)}`, {
      as: ada,
    });
    expect([first, second].map(({ body }) => body.members[0]!.email)).toEqual([ada.email, bob.email]);
    expect(second.body.next).toBeNull();
    expect(await api.call(`${team}/members?after=x`, { as: ada })).toMatchObject({ status: 400 });
  });

  it('write every change of theirs into the audit log, which owners and admins read and export', async () => {
    await join(bob, 'developer');
    expect((await api.call(`${team}/audit-log`, { as: bob })).status).toBe(403);
    await setRole(bob.userId, 'billing');
    await leave(bob);
    type Log = { entries: { action: string; actor: string; details: object }[]; nouns: string[]; next: string | null };
    const log = (query: string) => api.call<Log>(`${team}/audit-log${query}`, { as: ada });
    expect((await log('?noun=member')).body).toMatchObject({
      entries: [
        { action: 'left', actor: bob.email },
        { action: 'role changed', actor: ada.email, details: { from: 'developer', to: 'billing' } },
        { action: 'joined', actor: bob.email },
      ],
      nouns: ['invitation', 'member', 'organization'],
      next: null,
    });
    const first = (await log('?limit=2&actor=ADA')).body;
    const second = (await log(`?limit=2&actor=ADA&before=${first.next}`)).body;
    const actions = [...first.entries, ...second.entries].map(({ action }) => action);
    expect(actions).toEqual(['role changed', 'invited', 'created']);
    expect(
      (await log(`?to=${database.clock.now().toISOString()}&from=2020-01-01T00:00:00Z`)).body.entries,
    ).toHaveLength(1);
    const csv = await api.call(`${team}/audit-log.csv`, { as: ada });
    expect(csv.text.split('\r\n')).toHaveLength(7);
    expect(csv.text).toMatch(/,bob@example.com,left,member,/);
    const lines = (await api.call(`${team}/audit-log.ndjson?noun=member`, { as: ada })).text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual([
      'left',
      'role changed',
      'joined',
    ]);
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ entry: string }>(
        `SELECT noun || ' ' || action AS entry FROM audit_log WHERE organization_id = $1 ORDER BY id`,
        [team.split('/').at(-1)],
      ),
    );
    const entries = rows.map(({ entry }) => entry);
    expect(entries).toEqual([
      'organization created',
      'invitation invited',
      'member joined',
      'member role changed',
      'member left',
    ]);
  });

  describe('with personal access tokens', () => {
    interface Created {
      readonly token: string;
      readonly accessToken: { readonly id: string };
      readonly code?: string;
    }
    const aDayLater = () => new Date(database.clock.nowMs() + 86_400_000).toISOString();
    const create = (as: Person, scopes: string[], expiresAt = aDayLater()) =>
      api.call<Created>('/api/v1/access-tokens', { as, body: { name: 'CI', scopes, expiresAt } });
    const by = (token: string, address: string, body?: object) =>
      api.call<{ code: string; detail: string }>(address, {
        headers: { authorization: `Bearer ${token}` },
        ...(body && { body }),
      });

    it('do what the scopes say and the person may at that time, and are named in the audit log', async () => {
      await join(bob, 'developer');
      const { body } = await create(bob, ['read', 'manage_applications']);
      const applications = `${team}/applications`;
      expect((await by(body.token, applications)).status).toBe(200);
      expect((await by(body.token, applications, { name: 'By token' })).status).toBe(201);
      expect((await by(body.token, `${team}/members`)).status).toBe(200);
      expect(await by(body.token, `${team}/subscriptions/${ada.organizationId}/terms`, { version: '1' })).toMatchObject(
        {
          status: 403,
          body: { detail: expect.stringContaining('lacks the scope "accept_terms"') as string },
        },
      );
      const entries = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ token: string }>(
          `SELECT details->>'tokenId' AS token FROM audit_log WHERE noun = 'application' AND organization_id = $1`,
          [team.split('/').at(-1)],
        ),
      );
      expect(entries).toEqual([{ token: body.token.split('_')[1] }]);
      await setRole(bob.userId, 'billing');
      expect((await by(body.token, applications, { name: 'No more' })).status).toBe(403);
      await remove(bob.userId);
      expect(await by(body.token, applications)).toMatchObject({
        status: 404,
        body: { code: 'organization_not_found' },
      });
      expect(
        (await api.call('/api/v1/session', { headers: { authorization: `Bearer ${body.token}` } })).body,
      ).toMatchObject({ user: { email: bob.email } });
    });

    it('are for no more than the person may, are not made by tokens, and end', async () => {
      expect((await create(bob, ['operator'])).status).toBe(403);
      expect(await create(bob, ['leave'])).toMatchObject({ status: 400 });
      const tooLong = new Date(database.clock.nowMs() + 367 * 86_400_000).toISOString();
      expect(await create(bob, ['read'], tooLong)).toMatchObject({
        status: 400,
        body: { code: 'expiry_out_of_range' },
      });
      const { body } = await create(bob, ['read']);
      expect((await by(body.token, '/api/v1/access-tokens')).status).toBe(403);
      expect(
        (await by(body.token, '/api/v1/access-tokens', { name: 'x', scopes: ['read'], expiresAt: aDayLater() })).status,
      ).toBe(403);
      const own = `/api/v1/organizations/${bob.organizationId}`;
      expect((await by(body.token, own)).status).toBe(200);
      const revoke = (as: Person) => api.call(`/api/v1/access-tokens/${body.accessToken.id}`, { as, method: 'DELETE' });
      expect((await revoke(ada)).status).toBe(404);
      const list = () =>
        api.call<{ tokens: { id: string; lastUsedAt: string }[] }>('/api/v1/access-tokens', { as: bob });
      expect((await list()).body.tokens[0]).toMatchObject({
        id: body.accessToken.id,
        lastUsedAt: expect.any(String) as string,
      });
      expect((await list()).text).not.toContain(body.token);
      expect((await revoke(bob)).status).toBe(204);
      expect(await by(body.token, own)).toMatchObject({ status: 401, body: { code: 'access_token_invalid' } });
      const other = (await create(bob, ['read'])).body.token;
      expect((await by(other, own)).status).toBe(200);
      database.clock.moveTo(aDayLater());
      expect(await by(other, own)).toMatchObject({ status: 401, body: { code: 'access_token_invalid' } });
      expect(await by(`${other.slice(0, -1)}x`, own)).toMatchObject({ status: 401 });
      const rows = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ row: string }>('SELECT access_token::text AS row FROM access_token'),
      );
      for (const { row } of rows) expect(row).not.toContain(other.split('_')[2]);
    });

    it('let the command line call the API without a database and without an Origin', async () => {
      const { body } = await create(ada, ['read', 'manage_applications', 'manage_organization']);
      vi.stubEnv('PORTAL_URL', api.url);
      vi.stubEnv('TOLLGATE_TOKEN', body.token);
      const printed: string[] = [];
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
      vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
      const made = await callApi(['POST', `${team}/applications`, '--data', '{"name":"From CI"}']);
      const refused = await callApi(['PUT', `${team}/billing-details`, '-d', '{}']);
      const renaming = ['PATCH', team, '-d', '{"name":"From CI"}', '--if-match'];
      expect(await callApi([...renaming, '"else"'])).toBe(3);
      const elsewhere = callApi(['GET', '//127.0.0.1:9/api/v1/session']);
      await expect(elsewhere).rejects.toThrow(/expected a path of/);
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      expect([made, refused]).toEqual([0, 3]);
      expect(printed.map((text) => JSON.parse(text) as object)).toMatchObject([
        { name: 'From CI' },
        { code: 'forbidden' },
        { code: 'changed_meanwhile' },
      ]);
    });

    it('work nowhere any more once all of a person’s are ended', async () => {
      const { body } = await create(bob, ['read']);
      const own = `/api/v1/organizations/${bob.organizationId}`;
      expect((await by(body.token, own)).status).toBe(200);
      await database.unitOfWork.inSystem((transaction) =>
        revokeAccessTokensOf(transaction, bob.userId, database.clock.now()),
      );
      expect((await by(body.token, own)).status).toBe(401);
    });
  });
});
