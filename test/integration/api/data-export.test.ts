import { issueCredential } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerifiedLedger } from '../../support/verified-ledger.js';
import { unzip } from '../../support/zip.js';
import { testPeppers } from '../../support/factories.js';
import { PASSWORD, type Person, RunningApi } from './running-api.js';

interface Asked {
  readonly url: string;
  readonly expiresAt: string;
  readonly code?: string;
}

const FILES = [
  'organization.json',
  'members.ndjson',
  'invitations.ndjson',
  'applications.ndjson',
  'keys.ndjson',
  'subscriptions.ndjson',
  'webhook-endpoints.ndjson',
  'invoices.ndjson',
  'invoices.csv',
  'invoice-lines.csv',
  'usage-by-day.csv',
  'audit-log.ndjson',
];

/** Ada owns an organization with usage and invoices, Grace another one; Bob is a developer with Ada. */
describe('exports of data', () => {
  let ledger: VerifiedLedger;
  let api: RunningApi;
  let [ada, grace, bob]: Person[] = [];
  const [adas, graces] = [() => ledger.subscriptions[0]!, () => ledger.subscriptions[1]!];
  beforeAll(async () => {
    ledger = await VerifiedLedger.create();
    api = await RunningApi.start(ledger.database);
    [ada, grace, bob] = await Promise.all(['Ada', 'Grace', 'Bob'].map((name) => api.signUp(name)));
    const join = (person: Person, organizationId: string, role: string) =>
      rows(`INSERT INTO membership VALUES ($1, $2, $3, $4)`, [
        organizationId,
        person.userId,
        role,
        ledger.database.clock.now(),
      ]);
    await join(ada!, adas().organizationId, 'owner');
    await join(grace!, graces().organizationId, 'owner');
    await join(bob!, adas().organizationId, 'developer');
    for (const { organizationId, applicationId } of [adas(), graces()]) {
      await issueCredential(ledger.database.context, {
        organizationId,
        applicationId,
        name: 'Production',
        mode: 'live',
        expiresAt: null,
        peppers: testPeppers,
        actor: { kind: 'cli', id: null },
      });
    }
  });
  afterAll(async () => {
    await api.stop();
    await ledger.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    ledger.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const ask = (path: string, as: Person, body: object = { password: PASSWORD }) =>
    api.call<Asked>(`/api/v1/${path}/export`, { as, body });
  const load = async (url: string, as: Person) => {
    const response = await fetch(api.url + url, { headers: { cookie: as.cookie } });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const exported = async (path: string, as: Person) => {
    const { response, bytes } = await load((await ask(path, as)).body.url, as);
    expect(response.headers.get('content-type')).toBe('application/zip');
    return { files: unzip(bytes), disposition: response.headers.get('content-disposition') };
  };
  const organization = (id: string) => `organizations/${id}`;
  const lines = (text: string | undefined) =>
    (text ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('have all that is kept of an organization, and nothing of another one', async () => {
    const { files, disposition } = await exported(organization(adas().organizationId), ada!);
    expect(disposition).toBe('attachment; filename="organization-data.zip"');
    expect([...files.keys()]).toEqual(FILES);
    expect(JSON.parse(files.get('organization.json')!)).toMatchObject({
      id: adas().organizationId,
      billingDetails: null,
    });
    expect(
      lines(files.get('members.ndjson'))
        .map(({ name, role }) => `${String(name)} ${String(role)}`)
        .toSorted(),
    ).toEqual(['Ada owner', 'Bob developer']);
    expect(lines(files.get('applications.ndjson'))).toMatchObject([{ id: adas().applicationId }]);
    expect(lines(files.get('keys.ndjson'))).toContainEqual(
      expect.objectContaining({ name: 'Production', mode: 'live', revokedAt: null }),
    );
    expect(lines(files.get('subscriptions.ndjson'))).toMatchObject([{ id: adas().id, state: 'active' }]);
    const invoices = await rows<{ number: string }>(
      `SELECT number FROM invoice WHERE organization_id = $1 AND number IS NOT NULL ORDER BY number`,
      [adas().organizationId],
    );
    expect(invoices).toHaveLength(2);
    expect(lines(files.get('invoices.ndjson')).map(({ number }) => number)).toEqual(
      invoices.map(({ number }) => number),
    );
    for (const { number } of invoices) expect(files.get('invoices.csv')).toContain(number);
    const [used] = await rows<{ events: string; days: string }>(
      `SELECT sum(event_count)::text AS events, count(*)::text AS days FROM usage_operation_day WHERE organization_id = $1`,
      [adas().organizationId],
    );
    const usage = files.get('usage-by-day.csv')!.trim().split('\r\n').slice(1);
    expect(usage).toHaveLength(Number(used!.days));
    expect(usage.reduce((sum, row) => sum + Number(row.split(',').at(-2)), 0)).toBe(Number(used!.events));

    const everything = [...files.values()].join('\n');
    const hashes = await rows<{ text: string }>(
      `SELECT encode(secret_hash, 'hex') AS text FROM credential UNION ALL SELECT encode(secret_hash, 'base64') FROM credential`,
    );
    const foreign = [graces().organizationId, graces().applicationId, graces().id, grace!.email, grace!.userId];
    for (const text of [...foreign, ...hashes.map((hash) => hash.text), 'secret'])
      expect(everything).not.toContain(text);
  });

  it('have all that is kept of a person, with the organizations whose data they may have', async () => {
    await api.call('/api/v1/access-tokens', {
      as: ada!,
      body: { name: 'CI', scopes: ['read'], expiresAt: '2026-06-01T00:00:00Z' },
    });
    const { files } = await exported('user', ada!);
    expect(JSON.parse(files.get('account.json')!)).toMatchObject({
      profile: { email: ada!.email, name: 'Ada', hasPassword: true },
      sessions: [{ userAgent: 'node' }],
      accessTokens: [{ name: 'CI', scopes: ['read'] }],
    });
    expect(files.get('account.json')).toContain('"name": "Ada Ltd"');
    expect([...files.keys()].filter((name) => name.endsWith('/organization.json'))).toHaveLength(2);
    expect(lines(files.get('what-you-did.ndjson'))).toContainEqual(
      expect.objectContaining({ action: 'exported the data of', noun: 'user' }),
    );
    const everything = [...files.values()].join('\n');
    const [session] = await rows<{ token: string }>('SELECT token FROM auth.session WHERE "userId" = $1', [
      ada!.userId,
    ]);
    for (const text of [session!.token, graces().organizationId, grace!.email]) expect(everything).not.toContain(text);

    const bobs = await exported('user', bob!);
    const names = [...bobs.files.keys()].filter((name) => name.endsWith('/organization.json'));
    expect(names).toHaveLength(1);
    const { memberships } = JSON.parse(bobs.files.get('account.json')!) as { memberships: { role: string }[] };
    expect(memberships.map(({ role }) => role).toSorted()).toEqual(['developer', 'owner']);
  });

  it('ask for the password first, and their links are for one person, one subject and ten minutes', async () => {
    expect(await ask('user', ada!, {})).toMatchObject({ status: 400, body: { code: 'password_needed' } });
    expect(await ask('user', ada!, { password: 'not the password' })).toMatchObject({
      status: 400,
      body: { code: 'wrong_password' },
    });
    expect((await ask(organization(adas().organizationId), bob!)).status).toBe(403);
    const { url } = (await ask('user', ada!)).body;
    expect((await load(url, bob!)).response.status).toBe(409);
    expect((await load(url.replace('/user/', `/organizations/${ada!.organizationId}/`), ada!)).response.status).toBe(
      409,
    );
    expect((await fetch(api.url + url)).status).toBe(401);
    ledger.database.clock.moveTo(ledger.database.clock.nowMs() + 600_000);
    const late = await load(url, ada!);
    expect(late.response.status).toBe(409);
    expect(JSON.parse(late.bytes.toString())).toMatchObject({ code: 'export_lapsed' });
  });

  it('take a fresh sign-in of who has no password', async () => {
    const [stored] = await rows<{ password: string }>('SELECT password FROM auth.account WHERE "userId" = $1', [
      bob!.userId,
    ]);
    const setPassword = (password: string | null) =>
      rows('UPDATE auth.account SET password = $2 WHERE "userId" = $1', [bob!.userId, password]);
    await setPassword(null);
    expect((await ask('user', bob!, {})).status).toBe(200);
    await rows(`UPDATE auth.session SET "createdAt" = now() - interval '11 minutes' WHERE "userId" = $1`, [
      bob!.userId,
    ]);
    expect(await ask('user', bob!, {})).toMatchObject({ status: 409, body: { code: 'sign_in_again' } });
    await setPassword(stored!.password);
  });

  it('are limited by the hour, and each is in the audit log', async () => {
    const { url } = (await ask(organization(graces().organizationId), grace!)).body;
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) statuses.push((await load(url, grace!)).response.status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    const entries = await rows(
      `SELECT FROM audit_log WHERE organization_id = $1 AND action = 'exported the data of' AND actor_id = $2`,
      [graces().organizationId, grace!.userId],
    );
    expect(entries).toHaveLength(10);
  });
});
