import { cancelSubscription, closeDuePeriods, grantStaff, suspendOrganization } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { PAY_ALL, type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { earlierTotpOf, totpOf } from '../../support/totp.js';
import { PASSWORD, type Person, RunningApi, anAddress, cookieOf } from './running-api.js';

interface Hindrance {
  readonly reason: string;
  readonly organization: { readonly id: string; readonly name: string } | null;
}
interface Preview {
  readonly hindrances: readonly Hindrance[];
  readonly deleted: readonly { readonly name: string }[];
  readonly left: readonly { readonly name: string }[];
}

/** What may name somebody who is deleted: documents as they were issued, and mails until they are delivered. */
const ALLOWED = ['public.invoice.buyer', 'public.outbox.payload'];
const CLI = { kind: 'cli', id: null } as const;

describe('deleting', () => {
  let database: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    database = await createTestDatabase('2026-10-01T12:00:00Z');
    api = await RunningApi.start(database);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const call = <Body = { code?: string; detail?: string }>(
    path: string,
    as: { cookie: string },
    body?: object,
    method?: string,
  ) =>
    api.call<Body>(`/api/v1/${path}`, {
      as,
      ...(body && { body }),
      ...(method && { method }),
      headers: { 'x-forwarded-for': anAddress(), ...(method === 'PATCH' && { 'if-match': '*' }) },
    });
  const remove = (person: Person, more: object = {}) =>
    call('user/deletion', person, { password: PASSWORD, confirmation: person.email, ...more });
  const removeOrganization = (id: string, as: Person, confirmation: string) =>
    call(`organizations/${id}/deletion`, as, { password: PASSWORD, confirmation });
  const join = (person: Pick<Person, 'userId'>, organizationId: string, role: string) =>
    rows('INSERT INTO membership VALUES ($1, $2, $3, $4)', [organizationId, person.userId, role, database.clock.now()]);
  const whoIs = async (as: { cookie: string }) =>
    (await api.call<{ user: { email: string } | null }>('/api/v1/session', { as })).body.user?.email ?? null;

  /** Where the database has a text, in any case, as `schema.table.column`. */
  const placesOf = (text: string): Promise<string[]> =>
    withClient(database.superuserUrl, async (client) => {
      const { rows: columns } = await client.query<{ place: string; name: string; column: string }>(
        `SELECT table_schema || '.' || table_name || '.' || column_name AS place,
                format('%I.%I', table_schema, table_name) AS name, quote_ident(column_name) AS column
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
           AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')`,
      );
      expect(columns.length).toBeGreaterThan(300);
      const found: string[] = [];
      for (const { place, name, column } of columns) {
        const { rowCount } = await client.query(
          `SELECT FROM ${name} WHERE strpos(lower(${column}::text), lower($1)) > 0 LIMIT 1`,
          [text],
        );
        if (rowCount) found.push(place);
      }
      return found;
    });

  /** An organization of the person with a paid invoice and nothing left to pay. */
  async function aSettledOrganization(person: Person, organizationName: string): Promise<SubscriptionRow> {
    const subscription = await aSubscription(database, {
      organizationName,
      definition: aPlanDefinition({ fixedFee: '5.00' }),
    });
    await join(person, subscription.organizationId, 'owner');
    await rows(
      `INSERT INTO billing_details (organization_id, legal_name, address_lines, tax_ids, purchase_order_number)
       VALUES ($1, $2, $3, '[]', $2)`,
      [subscription.organizationId, `${organizationName} GmbH`, [organizationName, 'Street 1']],
    );
    return subscription;
  }
  const settle = async ({ id: subscriptionId, organizationId }: SubscriptionRow) => {
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'now', actor: CLI });
    await closeDuePeriods(database.context, { graceMs: 0 });
    await rows(`${PAY_ALL} WHERE organization_id = $1 AND state = 'issued' AND total_minor > 0`, [organizationId]);
    await rows(
      `UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE organization_id = $1 AND state = 'issued'`,
      [organizationId],
    );
  };

  it('a person leaves no trace of their name and address but issued invoices, and their address is free', async () => {
    const [zebulon, ada] = [await api.signUp('Zebulon'), await api.signUp('Ada')];
    const own = `organizations/${zebulon.organizationId}`;
    const adas = `organizations/${ada.organizationId}`;
    const { headers } = await call(own, zebulon);
    const renamed = await api.call(`/api/v1/${own}`, {
      as: zebulon,
      method: 'PATCH',
      body: { name: 'Zebulon' },
      headers: { 'if-match': headers.get('etag')! },
    });
    expect(renamed.status).toBe(200);
    const application = await call<{ id: string }>(`${own}/applications`, zebulon, { name: 'Zebulon’s app' });
    const keys = `${own}/applications/${application.body.id}/credentials`;
    const key = await call<{ credential: { id: string } }>(keys, zebulon, { name: 'Zebulon’s key', mode: 'live' });
    const webhook = await call(`${own}/webhook-endpoints`, zebulon, {
      url: 'https://zebulon.example.com/hook',
      description: 'Zebulon’s books',
      eventTypes: ['key.created'],
    });
    expect(webhook.status).toBe(201);
    const settled = await aSettledOrganization(zebulon, 'Zebulon Works');
    await rows(
      `INSERT INTO subscription_note (id, organization_id, subscription_id, text, actor_kind, created_at)
       VALUES ($1, $2, $3, 'Zebulon called', 'cli', now())`,
      [database.context.ids.next(), settled.organizationId, settled.id],
    );
    database.clock.moveTo('2026-11-05T12:00:00Z');
    await settle(settled);
    // In Ada's organization: invited by address, an admin, and where its bills went.
    expect((await call(`${adas}/invitations`, ada, { email: zebulon.email, role: 'admin' })).status).toBe(201);
    const link = await api.mailedLink(zebulon.email, '/invitation?');
    const token = new URLSearchParams(link.split('?')[1]).get('token');
    expect((await call('invitations/accept', zebulon, { token })).status).toBe(200);
    await call(`${adas}/invitations`, zebulon, { email: 'gradazebulon@example.com', role: 'developer' });
    await rows('UPDATE organization SET billing_email = $2 WHERE id = $1', [ada.organizationId, zebulon.email]);
    await rows(
      `INSERT INTO audit_log VALUES (gen_random_uuid(), $1, 'system', null, 'told', 'dunning', null, $2, now())`,
      [ada.organizationId, { to: [zebulon.email, `x${zebulon.email}`], words: `Mail to ${zebulon.email}.` }],
    );
    await call('access-tokens', zebulon, { name: 'Zebulon’s CI', scopes: ['read'], expiresAt: '2027-01-01T00:00:00Z' });
    const setUp = await call<{ secret: string }>('user/two-factor', zebulon, { password: PASSWORD });
    const confirmed = await call('user/two-factor/confirm', zebulon, { code: totpOf(setUp.body.secret) });
    const as = { ...zebulon, cookie: cookieOf(confirmed) };
    await call('user/email', as, { newEmail: 'other-zebulon@example.com', password: PASSWORD });
    await api.call('/api/auth/request-password-reset', { body: { email: zebulon.email } });
    await rows(
      `INSERT INTO undelivered_mail VALUES (gen_random_uuid(), $1, 'Hello', 'Dear Zebulon', '<p>Zebulon</p>', 'refused', now())`,
      [zebulon.email.toUpperCase()],
    );
    expect((await placesOf('zebulon')).length).toBeGreaterThan(12);

    const preview = await call<Preview>('user/deletion', as);
    expect(preview.body).toMatchObject({ hindrances: [], left: [{ name: 'Ada Ltd' }] });
    expect(preview.body.deleted.map(({ name }) => name).toSorted()).toEqual(['Zebulon', 'Zebulon Works']);
    expect((await remove(as)).body.code).toBe('code_needed');
    const removed = await remove(as, { code: earlierTotpOf(setUp.body.secret) });
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect(removed.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/);
    expect(await whoIs(as)).toBeNull();

    expect((await placesOf('zebulon')).filter((place) => !ALLOWED.includes(place))).toEqual([
      // Of another address that only ends like it.
      'public.audit_log.details',
      'public.invitation.email',
    ]);
    const others = await rows<{ text: string }>(
      `SELECT details::text AS text FROM audit_log WHERE strpos(lower(details::text), 'zebulon') > 0
       UNION ALL SELECT email FROM invitation WHERE strpos(email, 'zebulon') > 0`,
    );
    const rest = others.map(({ text }) => text.replaceAll(/(gradazebulon|xzebulon)@example\.com/g, '')).join();
    expect(rest).not.toContain('zebulon');
    expect(rest).toMatch(/Mail to deleted-[0-9a-f]{16}@deleted\.invalid\./);

    // Money stays as issued, keys and tokens are over, and the gateways hear of it.
    const [invoice] = await rows<{ state: string; buyer: { name: string } }>(
      'SELECT state, buyer FROM invoice WHERE organization_id = $1 AND total_minor > 0',
      [settled.organizationId],
    );
    expect(invoice).toMatchObject({ state: 'paid' });
    expect(JSON.stringify(invoice!.buyer)).toContain('Zebulon Works GmbH');
    expect(
      await rows('SELECT FROM change_log WHERE noun = $1 AND noun_id = $2', ['credential', key.body.credential.id]),
    ).toHaveLength(2);
    const counted = await rows<{ left: number }>(
      `SELECT (SELECT count(*) FROM auth.session WHERE "userId" = $1)
        + (SELECT count(*) FROM auth.account WHERE "userId" = $1) + (SELECT count(*) FROM auth."twoFactor" WHERE "userId" = $1)
        + (SELECT count(*) FROM auth.verification WHERE value = $1) + (SELECT count(*) FROM membership WHERE user_id = $1)
        + (SELECT count(*) FROM webhook_endpoint) + (SELECT count(*) FROM secret WHERE purpose = 'webhook')
        + (SELECT count(*) FROM access_token WHERE user_id = $1 AND revoked_at IS NULL)
        + (SELECT count(*) FROM credential WHERE organization_id IN ($2, $3) AND revoked_at IS NULL)
        + (SELECT count(*) FROM invitation WHERE invited_by = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL) AS left`,
      [zebulon.userId, zebulon.organizationId, settled.organizationId],
    );
    expect(counted).toEqual([{ left: '0' }]);
    const log = await call<{ entries: { actor: string; action: string }[] }>(`${adas}/audit-log`, ada);
    expect(log.body.entries).toContainEqual(
      expect.objectContaining({
        action: 'joined',
        actor: expect.stringMatching(/^deleted-[0-9a-f]{16}@deleted\.invalid$/),
      }),
    );
    const [mail] = await rows<{ subject: string }>(
      `SELECT payload ->> 'subject' AS subject FROM outbox WHERE payload ->> 'to' = $1`,
      [zebulon.email],
    );
    expect(mail?.subject).toBe('Your account was deleted (Tollgate)');

    // The old password opens nothing, and the address begins anew.
    const signIn = await api.call('/api/auth/sign-in/email', {
      body: { email: zebulon.email, password: PASSWORD },
      headers: { 'x-forwarded-for': anAddress() },
    });
    expect(signIn.status).toBe(401);
    api.mails.length = 0;
    const again = await api.signUp('Zebulon');
    expect(again.userId).not.toBe(zebulon.userId);
    expect((await call<{ memberships: unknown[] }>('session', again)).body.memberships).toHaveLength(1);
    await expect(
      rows(`INSERT INTO auth.session VALUES ('s', now(), 't', now(), now(), '', '', $1)`, [zebulon.userId]),
    ).rejects.toThrow(/is deleted/);
    await expect(join(zebulon, ada.organizationId, 'owner')).rejects.toThrow(/is deleted/);
    await expect(
      suspendOrganization(database.context, {
        organizationId: settled.organizationId,
        isSuspended: false,
        reason: null,
        actor: CLI,
      }),
    ).rejects.toMatchObject({ code: 'organization_deleted' });
  });

  it('says what keeps a person, and does nothing while something does', async () => {
    const [carol, dora] = [await api.signUp('Carol'), await api.signUp('Dora')];
    await join(dora, carol.organizationId, 'developer');
    const shop = await aSettledOrganization(carol, 'Shop');
    await grantStaff(database.context, { email: carol.email, grant: { role: 'admin' }, actor: CLI });
    const reasons = async () =>
      (await call<Preview>('user/deletion', carol)).body.hindrances.map(
        ({ reason, organization }) => `${organization?.name ?? 'installation'}: ${reason}`,
      );
    expect((await reasons()).toSorted()).toEqual([
      'Carol Ltd: only_owner',
      'Shop: subscriptions_active',
      'installation: last_admin',
    ]);
    const refused = await remove(carol);
    expect(refused).toMatchObject({ status: 409, body: { code: 'deletion_blocked' } });
    expect(refused.body.detail).toMatch(/Carol Ltd: You are its only owner.*Make one of them an owner under Team/);
    expect(await whoIs(carol)).toBe(carol.email);

    await grantStaff(database.context, { email: dora.email, grant: { role: 'admin' }, actor: CLI });
    await call(`organizations/${carol.organizationId}/members/${dora.userId}`, carol, { role: 'owner' }, 'PATCH');
    database.clock.moveTo(database.clock.nowMs() + 10 * 86_400_000);
    await cancelSubscription(database.context, {
      organizationId: shop.organizationId,
      subscriptionId: shop.id,
      when: 'now',
      actor: CLI,
    });
    database.clock.moveTo(database.clock.nowMs() + 3_600_000);
    expect(await reasons()).toEqual(['Shop: usage_not_invoiced']);
    await closeDuePeriods(database.context, { graceMs: 0 });
    // What is too little to be charged cannot be paid by itself.
    expect(await reasons()).toEqual(['Shop: invoices_open']);
    await rows(`UPDATE invoice SET carried_at = now() WHERE organization_id = $1 AND state = 'issued'`, [
      shop.organizationId,
    ]);
    expect(await reasons()).toEqual([]);
    await rows(
      `UPDATE invoice SET state = 'past_due', past_due_since = now() WHERE organization_id = $1 AND state = 'issued'`,
      [shop.organizationId],
    );
    expect(await reasons()).toEqual(['Shop: invoices_open']);
    await rows(`${PAY_ALL} WHERE organization_id = $1 AND total_minor > 0`, [shop.organizationId]);
    await rows(`UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE organization_id = $1`, [
      shop.organizationId,
    ]);
    expect(await reasons()).toEqual([]);
    expect(await remove(carol, { password: 'not the password' })).toMatchObject({ body: { code: 'wrong_password' } });
    expect(await remove(carol, { confirmation: 'someone@example.com' })).toMatchObject({
      status: 409,
      body: { code: 'confirmation_wrong' },
    });
    expect((await remove(carol)).status).toBe(204);
    expect((await call<{ memberships: unknown[] }>('session', dora)).body.memberships).toHaveLength(2);
  });

  it('an organization is for its owners, ends its members and keys, and tells the members', async () => {
    const [frida, greta] = [await api.signUp('Frida'), await api.signUp('Greta')];
    const id = frida.organizationId;
    await join(greta, id, 'admin');
    const application = await call<{ id: string }>(`organizations/${id}/applications`, frida, { name: 'App' });
    const key = await call<{ credential: { id: string } }>(
      `organizations/${id}/applications/${application.body.id}/credentials`,
      frida,
      { name: 'Key', mode: 'live' },
    );
    expect((await removeOrganization(id, greta, 'Frida Ltd')).status).toBe(403);
    expect(await removeOrganization(id, frida, 'Frida')).toMatchObject({ body: { code: 'confirmation_wrong' } });
    const token = await call<{ token: string }>('access-tokens', frida, {
      name: 'CI',
      scopes: ['read'],
      expiresAt: '2027-01-01T00:00:00Z',
    });
    const byToken = await api.call(`/api/v1/organizations/${id}/deletion`, {
      headers: { authorization: `Bearer ${token.body.token}` },
    });
    expect(byToken.status).toBe(403);

    const [first, second] = await Promise.all([
      removeOrganization(id, frida, 'Frida Ltd'),
      removeOrganization(id, frida, 'Frida Ltd'),
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([204, 404]));
    expect((await call(`organizations/${id}`, frida)).status).toBe(404);
    expect((await call<{ memberships: unknown[] }>('session', greta)).body.memberships).toHaveLength(1);
    const [kept] = await rows<{ name: string; revoked: boolean }>(
      `SELECT organization.name, revoked_at IS NOT NULL AS revoked FROM credential
       JOIN organization ON organization.id = organization_id WHERE credential.id = $1`,
      [key.body.credential.id],
    );
    expect(kept).toEqual({
      name: expect.stringMatching(/^Deleted organization [0-9a-f]{16}$/) as string,
      revoked: true,
    });
    const told = await rows<{ to: string }>(
      `SELECT payload ->> 'to' AS to FROM outbox WHERE payload ->> 'subject' LIKE 'The organization Frida Ltd was deleted%' ORDER BY 1`,
    );
    expect(told.map(({ to }) => to)).toEqual([frida.email, greta.email]);
    await expect(join(greta, id, 'owner')).rejects.toThrow(/is deleted/);
  });

  it('waits for who joins at the same time, and lets no one be both there and gone', async () => {
    const [hilda, irma] = [await api.signUp('Hilda'), await api.signUp('Irma')];
    await call(`organizations/${hilda.organizationId}/invitations`, hilda, { email: irma.email, role: 'owner' });
    const link = await api.mailedLink(irma.email, '/invitation?');
    const token = new URLSearchParams(link.split('?')[1]).get('token');
    const [accepted, removed] = await Promise.all([call('invitations/accept', irma, { token }), remove(irma)]);
    expect(removed.status).toSatisfy((status: number) => status === 204 || status === 409);
    const left = await rows('SELECT FROM membership WHERE user_id = $1', [irma.userId]);
    const isGone = (await whoIs(irma)) === null;
    if (isGone) expect(left).toEqual([]);
    else expect([accepted.status, left.length]).toEqual([200, 2]);
  });

  it('lets the application change nothing else of the audit log', async () => {
    const trying = (sql: string) => rows(sql).catch((error: Error) => error.message);
    expect(await trying(`UPDATE audit_log SET details = '{}'`)).toMatch(/permission denied/);
    expect(await trying(`SELECT erase_organization(id) FROM organization LIMIT 1`)).toMatch(/is not being deleted/);
    expect(await trying(`SELECT erase_person(id, name, email, 'x', 'y') FROM auth."user" LIMIT 1`)).toMatch(
      /is not being deleted/,
    );
    await withClient(database.ownerUrl, async (client) => {
      await expect(client.query(`UPDATE audit_log SET details = '{}'`)).rejects.toThrow(/append-only/);
      await client.query(`SET tollgate.erasing = 'on'`);
      await expect(client.query(`UPDATE audit_log SET action = 'x'`)).rejects.toThrow(/append-only/);
      await expect(client.query('DELETE FROM audit_log')).rejects.toThrow(/append-only/);
    });
  });
});
