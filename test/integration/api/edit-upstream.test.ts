import { randomBytes } from 'node:crypto';
import { UPSTREAM_SECRET_PURPOSE, openSecret } from '#domain';
import { findSecret } from '#persistence';
import { changeShares, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const actor = { kind: 'cli', id: null } as const;
const sealingKey = randomBytes(32);
const credential = { header: 'X-Secret', value: 'open sesame' };
const targets = [
  { url: 'https://one.example.com', subset: 'stable' },
  { url: 'https://two.example.com', subset: 'canary' },
];
const shares = (stable: number, canary: number) => [
  { subset: 'stable', weight: stable },
  { subset: 'canary', weight: canary },
];
const split = { targets, traffic: { default: { split: shares(9, 1) } } };

interface Edited {
  readonly code?: string;
  readonly detail?: string;
  readonly faults?: readonly { readonly path: string }[];
  readonly upstream: Readonly<Record<string, unknown>> | null;
}

describe('the upstream of a version, as its publisher edits it', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  const versions = {
    v1: { upstream: { url: 'https://one.example.com/', credential } },
    v2: { upstream: split },
    v3: { upstream: undefined, policies: { mock: {} } },
    v4: { upstream: { url: 'https://ada:pa55word@four.example.com/' } },
  };
  const apply = () =>
    applyFile(database, { apis: [weatherApi(versions)], products: [weatherProduct({ plans: [] })] }, { sealingKey });
  beforeAll(async () => {
    database = await createTestDatabase('2026-11-10T10:00:00Z');
    api = await RunningApi.start(database, { ENCRYPTION_KEYS: `1:${sealingKey.toString('base64')}` });
    await apply();
    ada = await api.signUp('Ada');
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const address = (version: string) => `/api/v1/publisher/apis/weather/versions/${version}/upstream`;
  const read = (version: string) => api.call<Edited>(address(version), { as: ada });
  const write = (version: string, upstream: object, ifMatch = '*') =>
    api.call<Edited>(address(version), {
      as: ada,
      method: 'PUT',
      body: upstream,
      headers: { 'if-match': ifMatch },
    });
  const stored = async (version: string) => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ secret: string | null; upstream: { traffic?: object; url: string } }>(
        'SELECT upstream_secret_id AS secret, upstream FROM api_version WHERE name = $1',
        [version],
      ),
    );
    return row!;
  };
  const secretOf = async (version: string) => {
    const { secret } = await stored(version);
    const row = secret && (await database.unitOfWork.inSystem((transaction) => findSecret(transaction, secret)));
    return row ? openSecret(row, UPSTREAM_SECRET_PURPOSE, [{ id: '1', secret: sealingKey }]) : null;
  };
  const changes = async () => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>(`SELECT count(*)::int AS count FROM change_log WHERE noun = 'catalog'`),
    );
    return row!.count;
  };

  it('is shown in the words of the file, without the secret, and changes nothing when it is sent back', async () => {
    const { status, body, headers } = await read('v1');
    expect([status, body]).toEqual([
      200,
      { upstream: { url: 'https://one.example.com', credential: { header: 'x-secret' } } },
    ]);
    const before = await changes();
    const again = await write('v1', body.upstream!, headers.get('etag')!);
    expect([again.status, again.body]).toEqual([200, body]);
    expect(await changes()).toBe(before);
    expect(await secretOf('v1')).toBe('open sesame');
    expect((await read('v3')).body).toEqual({ upstream: null });
  });

  it('changes at once, for nobody who has not seen what is there', async () => {
    const { body, headers } = await read('v1');
    const before = await changes();
    const patient = { ...body.upstream, responseTimeoutMs: 9_000, retries: { attempts: 1 } };
    const changed = await write('v1', patient, headers.get('etag')!);
    expect(changed).toMatchObject({ status: 200, body: { upstream: { responseTimeoutMs: 9_000 } } });
    expect(await changes()).toBe(before + 1);
    expect(await secretOf('v1')).toBe('open sesame');
    expect((await write('v1', patient, headers.get('etag')!)).body.code).toBe('changed_meanwhile');
    const noted = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT noun_id, details FROM audit_log WHERE noun = 'API version' AND action = 'updated' AND actor_id = $1`,
        [ada.userId],
      ),
    );
    expect(noted).toEqual([{ noun_id: 'weather/v1', details: { fields: ['upstream'] } }]);
  });

  it('never takes a credential anywhere that it was not given for', async () => {
    const { body } = await read('v1');
    for (const elsewhere of [
      { url: 'https://evil.example.com' },
      { url: undefined, targets: [{ url: 'https://one.example.com' }, { url: 'https://evil.example.com' }] },
    ]) {
      const refused = await write('v1', { ...body.upstream, ...elsewhere });
      expect(refused).toMatchObject({ status: 400, body: { code: 'secret_missing' } });
    }
    expect(await stored('v1')).toMatchObject({ upstream: { url: 'https://one.example.com' } });
    const given = { ...body.upstream, url: 'https://new.example.com', credential: { ...credential, value: 'new' } };
    expect((await write('v1', given)).status).toBe(200);
    expect(await secretOf('v1')).toBe('new');
    expect((await write('v1', { url: 'https://new.example.com' })).status).toBe(200);
    expect(await secretOf('v1')).toBeNull();
  });

  it('never shows a password within an address, and keeps it where the address stays', async () => {
    const { body, text } = await read('v4');
    expect(text).not.toContain('pa55word');
    const slower = { ...body.upstream, responseTimeoutMs: 9_000 };
    expect((await write('v4', slower)).text).not.toContain('pa55word');
    expect((await stored('v4')).upstream).toMatchObject({
      url: 'https://ada:pa55word@four.example.com',
      responseTimeoutMs: 9_000,
    });
    await write('v4', { url: 'https://bob:other@four.example.com' });
    expect((await stored('v4')).upstream.url).toBe('https://bob:other@four.example.com');
    await write('v4', { url: 'https://evil.example.com' });
    expect((await stored('v4')).upstream.url).toBe('https://evil.example.com');
  });

  it('has every fault named with its place', async () => {
    const refused = await write('v1', {
      targets: [{ url: 'http://169.254.169.254/' }, { url: 'http://127.0.0.1/' }],
      discovery: undefined,
    });
    expect(refused.body.code).toBe('upstream_refused');
    expect(refused.body.faults!.map(({ path }) => path)).toEqual(['body.targets.0.url', 'body.targets.1.url']);
    const malformed = await write('v1', { url: 'ftp://one.example.com', responseTimeoutMs: 1 });
    expect(malformed.body.faults!.map(({ path }) => path)).toEqual(['body.url', 'body.responseTimeoutMs']);
    expect((await write('v2', { ...split, tls: { verify: false } })).body.faults).toMatchObject([{ path: 'body.tls' }]);
  });

  it('keeps shares that were changed beside what the file has, so that the file does not take them back', async () => {
    const own = { api: 'weather', version: 'v2', publisherUserId: ada.userId, actor };
    await changeShares(database.context, { ...own, splits: [{ rule: null, shares: shares(5, 5) }] });
    const { body } = await read('v2');
    expect(body.upstream!['traffic']).toEqual({ default: { split: shares(5, 5) } });
    expect((await write('v2', { ...body.upstream, balancing: 'least-requests' })).status).toBe(200);
    await write('v2', { ...body.upstream, traffic: { default: { split: shares(1, 0) } } });
    await apply();
    expect((await stored('v2')).upstream.traffic).toEqual({
      rules: [],
      defaultSplit: shares(1, 0),
      writtenDefaultSplit: shares(9, 1),
    });
  });
});
