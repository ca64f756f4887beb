import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { parseApiKey } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi, applyWeatherCatalog } from './running-api.js';

const reporter = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = reporter.publicKey.export({ type: 'spki', format: 'pem' }).toString();

interface Match {
  readonly token: string;
  readonly type?: string;
  readonly url?: string;
}

describe('reports of keys that were found in public', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let applicationId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database, { LEAK_REPORT_KEYS: `reporter-1:${pem.replaceAll('\n', '\\n')}` });
    await applyWeatherCatalog(database);
    ada = await api.signUp('Ada');
    applicationId = (await api.call<{ id: string }>(own('/applications'), { as: ada, body: { name: 'Shop' } })).body.id;
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const own = (address: string) => `/api/v1/organizations/${ada.organizationId}${address}`;
  const aKey = async (mode: 'live' | 'test' = 'live') =>
    (
      await api.call<{ key: string; credential: { id: string } }>(own(`/applications/${applicationId}/credentials`), {
        as: ada,
        body: { name: `A ${mode} key`, mode },
      })
    ).body;
  async function report(matches: readonly Match[], key: KeyObject = reporter.privateKey, headers = {}) {
    const body = JSON.stringify(matches.map((match) => ({ type: 'tollgate_key', source: 'commit', ...match })));
    const response = await fetch(`${api.url}/api/v1/key-leaks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'github-public-key-identifier': 'reporter-1',
        'github-public-key-signature': sign('sha256', Buffer.from(body), key).toString('base64'),
        ...headers,
      },
      body,
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const effectsOn = async (credentialId: string) => ({
    audit: (await rows(`SELECT 1 FROM audit_log WHERE noun_id = $1 AND action = 'leaked'`, [credentialId])).length,
    revoked: (await rows('SELECT 1 FROM credential WHERE id = $1 AND revoked_at IS NOT NULL', [credentialId])).length,
    changes: (await rows('SELECT 1 FROM change_log WHERE noun_id = $1', [credentialId])).length,
  });
  const mails = () =>
    rows<{ payload: { to: string; subject: string; text: string } }>(
      `SELECT payload FROM outbox WHERE queue = 'mail' ORDER BY id`,
    );

  it('end the key, tell the owners and are answered with what is true of each match', async () => {
    const live = await aKey();
    const test = await aKey('test');
    const near = `${live.key.slice(0, -1)}${live.key.endsWith('0') ? '1' : '0'}`;
    const url = 'https://example.com/leaky.txt';
    const answer = await report([
      { token: live.key, url },
      { token: near },
      { token: 'some_token' },
      { token: test.key },
    ]);
    expect(answer).toEqual({
      status: 200,
      body: [
        { token_raw: live.key, token_type: 'tollgate_key', label: 'true_positive' },
        { token_raw: near, token_type: 'tollgate_key', label: 'false_positive' },
        { token_raw: 'some_token', token_type: 'tollgate_key', label: 'false_positive' },
        { token_raw: test.key, token_type: 'tollgate_key', label: 'true_positive' },
      ],
    });
    for (const { credential } of [live, test]) {
      expect(await effectsOn(credential.id)).toEqual({ audit: 1, revoked: 1, changes: 2 });
    }
    const sent = (await mails()).map(({ payload }) => payload);
    expect(sent.map(({ to }) => to)).toEqual([ada.email, ada.email]);
    expect(sent[0]).toMatchObject({ subject: 'A leaked API key was revoked: A live key' });
    expect(sent[0]!.text).toContain(url);
    const kept =
      JSON.stringify(await rows('SELECT * FROM audit_log')) + JSON.stringify(await rows('SELECT * FROM key_leak'));
    for (const { key } of [live, test]) expect(kept + JSON.stringify(sent)).not.toContain(parseApiKey(key)!.secret);
    expect(api.logLines.join('')).not.toContain(parseApiKey(live.key)!.secret);
  });

  it('have one effect however often and however many at once', async () => {
    const { key, credential } = await aKey();
    const before = (await mails()).length;
    const answers = await Promise.all(Array.from({ length: 10 }, () => report([{ token: key }, { token: key }])));
    for (const { status } of answers) expect(status).toBe(200);
    expect(await effectsOn(credential.id)).toEqual({ audit: 1, revoked: 1, changes: 2 });
    expect((await mails()).length).toBe(before + 1);
  });

  it('only tell the owners where the organization has decided so', async () => {
    const decide = (policy: string, ifMatch = '*') =>
      api.call(own('/leak-policy'), { as: ada, method: 'PUT', body: { policy }, headers: { 'if-match': ifMatch } });
    const seen = (await api.call(own('/leak-policy'), { as: ada })).headers.get('etag')!;
    const [decided, late] = [await decide('alert', seen), await decide('revoke', seen)];
    expect(late).toMatchObject({ status: 412, body: { code: 'changed_meanwhile' } });
    expect(decided).toMatchObject({ status: 200, body: { policy: 'alert' } });
    expect((await api.call(own('/leak-policy'), { as: ada })).body).toEqual({ policy: 'alert' });
    const { key, credential } = await aKey();
    expect((await report([{ token: key }])).status).toBe(200);
    expect(await effectsOn(credential.id)).toEqual({ audit: 1, revoked: 0, changes: 1 });
    expect((await mails()).at(-1)!.payload.subject).toBe('An API key has leaked: A live key');
    await decide('revoke', decided.headers.get('etag')!);
  });

  it('are refused unsigned, signed by another key, or for another body', async () => {
    const { key, credential } = await aKey();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    for (const answer of [
      await report([{ token: key }], stranger.privateKey),
      await report([{ token: key }], reporter.privateKey, { 'github-public-key-signature': '' }),
      await report([{ token: key }], reporter.privateKey, { 'github-public-key-identifier': 'unknown' }),
      await report([{ token: key }], reporter.privateKey, {
        'github-public-key-signature': sign('sha256', Buffer.from('[]'), reporter.privateKey).toString('base64'),
      }),
    ]) {
      expect(answer).toMatchObject({ status: 401, body: { code: 'report_not_signed' } });
    }
    expect(await effectsOn(credential.id)).toEqual({ audit: 0, revoked: 0, changes: 1 });
  });

  it('are limited in number', async () => {
    const other = await RunningApi.start(database, { LEAK_REPORT_KEYS: `reporter-1:${pem.replaceAll('\n', '\\n')}` });
    try {
      const ask = (url: string) =>
        fetch(`${url}/api/v1/key-leaks`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '[]',
        });
      const urls = Array.from({ length: 80 }, (_, index) => (index % 2 ? api.url : other.url));
      const statuses = await Promise.all(urls.map(async (url) => (await ask(url)).status));
      expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(60);
      const [counted] = await rows<{ key: string }>(`SELECT key FROM auth."rateLimit" WHERE key LIKE 'report:%'`);
      expect(counted).toEqual({ key: 'report:127.0.0.1' });
    } finally {
      await other.stop();
    }
  });
});
