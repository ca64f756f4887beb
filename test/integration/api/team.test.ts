import { INVITATION_RULES } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { PASSWORD, type Person, RunningApi, anAddress, cookieOf } from './running-api.js';

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
  const setRole = (userId: string, role: string, as = ada) =>
    api.call<{ role: string; code?: string }>(`${team}/members/${userId}`, { as, method: 'PATCH', body: { role } });
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
    const [first, again] = await Promise.all([accept(token, bob), accept(token, bob)]);
    expect([first.status, again.status]).toEqual([200, 200]);
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
    expect(await setRole(carl.userId, 'billing', bob)).toMatchObject({ status: 200, body: { role: 'billing' } });
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

  it('write every change of theirs into the audit log', async () => {
    await join(bob, 'developer');
    await setRole(bob.userId, 'billing');
    await leave(bob);
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
});
