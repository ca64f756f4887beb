import { randomBytes, randomUUID } from 'node:crypto';
import { UPSTREAM_SECRET_PURPOSE, openSecret } from '#domain';
import { findSecret } from '#persistence';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { WEATHER, applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const start = new Date('2026-11-10T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const base = '/api/v1/publisher/apis';
const sealingKey = randomBytes(32);

/** Without the archive, which breaks its callers. */
const WITHOUT_ARCHIVE = { ...WEATHER, paths: { '/now': WEATHER.paths['/now'] } };
/** With another operation, which breaks nobody. */
const WITH_MORE = {
  ...WEATHER,
  paths: { ...WEATHER.paths, '/soon': { get: { responses: { 200: { description: 'ok' } } } } },
};

interface Version {
  readonly code?: string;
  readonly detail?: string;
  readonly name: string;
  readonly state: string;
  readonly operationCount: number;
  readonly documentHash: string;
  readonly upstream: { readonly urls: readonly string[]; readonly hasCredential: boolean };
}
interface Checked {
  readonly code?: string;
  readonly routes: readonly { readonly method: string; readonly template: string }[];
  readonly remarks: { readonly problems: readonly { readonly rule: string; readonly severity: string }[] };
  readonly compared: {
    readonly with: { readonly name: string };
    readonly counts: object;
    readonly changes: readonly { readonly rule: string }[];
  };
}

describe('publishing versions of an API', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    api = await RunningApi.start(database, { ENCRYPTION_KEYS: `1:${sealingKey.toString('base64')}` });
    const v1 = {
      policies: { cors: { allowOrigins: ['https://example.com'] } },
      upstream: { url: 'http://127.0.0.1:9/', credential: { header: 'X-Secret', value: 'open sesame' } },
    };
    await applyFile(
      database,
      { apis: [weatherApi({ v1 })], products: [weatherProduct({ plans: [] })] },
      { sealingKey },
    );
    await rows(`INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $2)`, [
      randomUUID(),
      start,
    ]);
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
    await grantStaff(database.context, { email: bob.email, grant: { team: 'sea' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const send = <Body = Version>(method: string, address: string, body?: unknown, ifMatch?: string | null) =>
    api.call<Body>(base + address, {
      as: ada,
      method,
      ...(body !== undefined && { body }),
      ...(ifMatch && { headers: { 'if-match': ifMatch } }),
    });
  const create = (name: string, parts: object = {}) =>
    send('POST', '/weather/versions', {
      name,
      basePath: `/weather/${name}`,
      like: 'v1',
      source: JSON.stringify(WEATHER),
      ...parts,
    });
  const tagOf = async (name: string) => (await send('GET', `/weather/versions/${name}`)).headers.get('etag');
  const change = async (name: string, action: string, body?: unknown) =>
    send('POST', `/weather/versions/${name}/${action}`, body, await tagOf(name));
  const isPublic = async (name: string) =>
    (await api.call(`/api/v1/apis/weather/versions/${name}/openapi.json`)).status === 200;
  const catalogChanges = async () =>
    (await rows<{ count: number }>(`SELECT count(*)::int AS count FROM change_log WHERE noun = 'catalog'`))[0]!.count;

  it('says of a document what it has, what could be better, and what it changes for callers', async () => {
    const source = `openapi: 3.1.0\ninfo: { title: Weather, version: '2' }\npaths:\n  /now:\n    get: { operationId: getNow, responses: { 200: { description: ok } } }\n`;
    const { status, body } = await send<Checked>('POST', '/weather/document-check', { source });
    expect(status).toBe(200);
    expect(body.routes).toEqual([{ method: 'GET', template: '/now', operation: 'getNow', tags: [] }]);
    expect(body.remarks.problems.map(({ rule, severity }) => [severity, rule])).toEqual([
      ['error', 'operation-summary'],
      ['warn', 'operation-4xx-response'],
    ]);
    expect(body.compared.with).toEqual({ name: 'v1', state: 'published' });
    expect(body.compared.counts).toMatchObject({ breaking: 1 });
    expect(body.compared.changes.map(({ rule }) => rule)).toContain('operation_removed');
    expect((await send('POST', '/weather/document-check', { source, against: 'v9' })).body.code).toBe(
      'api_version_not_found',
    );
  });

  it('refuses what is no document of an API, and says where the fault is', async () => {
    const refused = await send('POST', '/weather/document-check', { source: 'openapi: 3.1.0\n  info: [' });
    expect(refused).toMatchObject({ status: 400, body: { code: 'openapi_syntax' } });
    expect(refused.body.detail).toMatch(/line 1/);
    expect(await create('bad', { source: '{}' })).toMatchObject({
      status: 400,
      body: { code: 'openapi_version_unsupported' },
    });
  });

  it('takes a document of several megabytes here, and nowhere else', async () => {
    const source = JSON.stringify({ ...WEATHER, 'x-notes': 'é'.repeat(2_000_000) });
    expect((await send('POST', '/weather/document-check', { source })).status).toBe(200);
    expect((await api.call('/api/v1/publisher/products/weather/plans', { as: ada, body: { source } })).status).toBe(
      413,
    );
    const tooLong = JSON.stringify({ ...WEATHER, 'x-notes': 'a'.repeat(10 * 1024 * 1024) });
    expect((await send('POST', '/weather/document-check', { source: tooLong })).status).toBe(400);
  });

  it('goes from a document over a draft that nobody else sees to a version that callers have', async () => {
    const made = await create('v2', { source: JSON.stringify(WITHOUT_ARCHIVE) });
    expect(made).toMatchObject({
      status: 201,
      body: {
        state: 'draft',
        operationCount: 1,
        basePath: '/weather/v2',
        upstream: { urls: ['http://127.0.0.1:9'], hasCredential: true },
        policies: ['cors'],
        publishedAt: null,
      },
    });
    expect(await isPublic('v2')).toBe(false);
    const listed = await send<{ apis: { slug: string; products: object[]; versions: Version[] }[] }>('GET', '');
    expect(listed.body.apis).toMatchObject([
      {
        slug: 'weather',
        products: [{ slug: 'weather' }],
        versions: [
          { name: 'v2', state: 'draft', operationCount: 1 },
          { name: 'v1', state: 'published', operationCount: 2 },
        ],
      },
    ]);

    const replaced = await send(
      'PUT',
      '/weather/versions/v2/document',
      { source: JSON.stringify(WEATHER) },
      made.headers.get('etag'),
    );
    expect(replaced.body).toMatchObject({ operationCount: 2 });
    expect((await send('POST', '/weather/versions/v2/publish')).status).toBe(428);
    expect(await send('POST', '/weather/versions/v2/publish', undefined, made.headers.get('etag'))).toMatchObject({
      status: 412,
      body: { code: 'changed_meanwhile' },
    });
    const before = await catalogChanges();
    const published = await send('POST', '/weather/versions/v2/publish', undefined, replaced.headers.get('etag'));
    expect(published.body).toMatchObject({ state: 'published', publishedAt: start.toISOString() });
    expect(await isPublic('v2')).toBe(true);
    expect(await catalogChanges()).toBe(before + 1);
    expect((await change('v2', 'publish')).body.code).toBe('api_version_published');
    const downloaded = await api.call<{ paths: object }>(`${base}/weather/versions/v2/document`, { as: ada });
    expect(downloaded.body).toEqual(WEATHER);
    const done = await rows<{ action: string }>(
      `SELECT action FROM audit_log WHERE noun = 'API version' AND noun_id = 'weather/v2' AND actor_kind = 'user' ORDER BY id`,
    );
    expect(done.map(({ action }) => action)).toEqual(['created', 'updated', 'published']);
  });

  it('refuses a name, a place or an upstream that cannot be', async () => {
    expect(await create('v1')).toMatchObject({ status: 409, body: { code: 'api_version_exists' } });
    // The docs of the API have other pages there.
    for (const name of ['latest', 'changes', 'feed.atom'])
      expect(await create(name)).toMatchObject({ status: 400, body: { code: 'version_name_reserved' } });
    expect((await create('v8', { basePath: '/weather/v1' })).body.code).toBe('place_taken');
    const beside = { basePath: '/weather/v1', versionHeader: { name: 'X-API-Version' } };
    expect((await create('v8', beside)).body).toMatchObject({ code: 'place_taken' });
    expect((await create('v8', { versionHeader: { name: 'Authorization' } })).status).toBe(400);
    expect((await create('v8', { like: null })).body.code).toBe('upstream_missing');
    expect((await create('v8', { like: 'v9' })).body.code).toBe('api_version_not_found');
    for (const upstreamUrl of ['http://169.254.169.254/', 'http://10.0.0.1', 'http://localhost:5432'])
      expect(await create('v8', { upstreamUrl })).toMatchObject({ status: 400, body: { code: 'upstream_refused' } });
    expect((await create('no spaces')).status).toBe(400);
  });

  it('lets a document of callers change as long as none of them breaks', async () => {
    const put = async (document: object) =>
      send('PUT', '/weather/versions/v1/document', { source: JSON.stringify(document) }, await tagOf('v1'));
    const refused = await put(WITHOUT_ARCHIVE);
    expect(refused).toMatchObject({ status: 409, body: { code: 'document_breaks_callers' } });
    expect(refused.body.detail).toContain('GET /archive/{year}');
    expect((await put(WITH_MORE)).body).toMatchObject({ state: 'published', operationCount: 3 });
    const found = await api.call<{ hits: { name: string }[] }>('/api/v1/search?q=soon&api=weather&version=v1');
    expect(JSON.stringify(found.body)).toContain('/soon');
  });

  it('takes a credential along with its upstream, and leaves it behind for another one', async () => {
    const secretOf = (name: string) =>
      database.unitOfWork.inSystem(async (transaction) => {
        const [row] = await transaction.query<{ id: string | null }>(
          'SELECT upstream_secret_id AS id FROM api_version WHERE name = $1',
          [name],
        );
        return row!.id === null ? null : findSecret(transaction, row!.id);
      });
    expect((await create('with')).body.upstream).toEqual({
      urls: ['http://127.0.0.1:9'],
      hasCredential: true,
      subsets: [],
    });
    const [own, copied] = [await secretOf('v1'), await secretOf('with')];
    expect(copied!.id).not.toBe(own!.id);
    const ring = [{ id: '1', secret: sealingKey }];
    expect(openSecret(copied!, UPSTREAM_SECRET_PURPOSE, ring)).toBe('open sesame');

    const without = await create('without', { upstreamUrl: 'https://sky:secret@weather.example/v2/' });
    expect(without.body.upstream).toEqual({ urls: ['https://weather.example/v2'], hasCredential: false, subsets: [] });
    expect(await secretOf('without')).toBeNull();

    for (const name of ['with', 'without'])
      await send('DELETE', `/weather/versions/${name}`, undefined, await tagOf(name));
    const left = await rows<{ id: string }>('SELECT id FROM secret WHERE purpose = $1', [UPSTREAM_SECRET_PURPOSE]);
    expect(left).toContainEqual({ id: own!.id });
    expect(left).not.toContainEqual({ id: copied!.id });
  });

  it('deprecates with a day, and writes to those who call', async () => {
    const [ids] = await rows<{ apiVersionId: string; apiProductId: string }>(
      `SELECT version.id AS "apiVersionId", api_product_id AS "apiProductId" FROM api_version version
       JOIN api ON api.id = api_id JOIN api_product_api USING (api_id) WHERE api.slug = 'weather' AND name = 'v1'`,
    );
    const northwind = await aSubscription(database, { organizationName: 'Northwind' });
    await rows(`INSERT INTO membership (user_id, organization_id, role, created_at) VALUES ($1, $2, 'developer', $3)`, [
      bob.userId,
      northwind.organizationId,
      start,
    ]);
    const calls = [
      ['2026-11-09', 'getNow', 'requests'],
      ['2026-11-09', 'GET /soon', 'tokens'],
      ['2026-11-10', 'getNow', 'requests'],
      ['2026-06-01', 'getYear', 'requests'],
    ] as const;
    for (const [day, operation, meter] of calls)
      await addUsage(
        database,
        { ...northwind, ...ids },
        { at: new Date(`${day}T09:00:00Z`), quantity: '2', operation, meter },
      );
    const { body } = await send<{ callers: object[]; next: null }>('GET', '/weather/versions/v1/callers');
    expect(body).toEqual({
      latest: 'v2',
      callers: [
        {
          organization: { id: northwind.organizationId, name: 'Northwind' },
          application: { id: northwind.applicationId, name: 'Default' },
          calls: 3,
          operationCount: 2,
          breakingOperations: ['GET /soon'],
          lastAt: '2026-11-10T00:00:00.000Z',
        },
      ],
      next: null,
    });

    expect((await change('v1', 'deprecate', { sunsetOn: '2026-11-10' })).body.code).toBe('sunset_past');
    api.mails.length = 0;
    expect((await change('v1', 'deprecate', { sunsetOn: '2027-03-31' })).body).toMatchObject({ notified: 0 });
    const told = await change('v1', 'deprecate', { sunsetOn: '2027-04-30', notifies: true });
    expect(told.body).toMatchObject({ state: 'deprecated', sunsetOn: '2027-04-30', notified: 1 });
    const mails = await rows<{ to: string; subject: string; text: string }>(
      `SELECT payload ->> 'to' AS to, payload ->> 'subject' AS subject, payload ->> 'text' AS text FROM outbox
       WHERE payload ->> 'subject' LIKE '%switched off%'`,
    );
    expect(mails).toMatchObject([{ to: bob.email, subject: 'Weather v1 is switched off on 2027-04-30' }]);
    expect(mails[0]!.text).toContain('/docs/weather/changes?from=v1&to=latest');
    expect(mails[0]!.text).toContain('One operation that you call changed in Weather v2');
    expect(mails[0]!.text).toContain('GET /soon');
    expect(await isPublic('v1')).toBe(true);
  });

  it('retires, publishes again, and throws away only what nobody has seen', async () => {
    const draft = await create('v3');
    expect((await send('DELETE', '/weather/versions/v2', undefined, await tagOf('v2'))).body.code).toBe(
      'api_version_published',
    );
    await expect(rows(`DELETE FROM api_version WHERE name = 'v2'`)).rejects.toThrow('retire it instead');
    expect((await change('v3', 'retire')).body.code).toBe('api_version_not_published');
    expect((await send('DELETE', '/weather/versions/v3', undefined, draft.headers.get('etag'))).status).toBe(204);
    expect((await send('GET', '/weather/versions/v3')).status).toBe(404);
    expect((await change('v1', 'retire')).body).toMatchObject({ state: 'retired', sunsetOn: '2027-04-30' });
    const deprecated = () => rows(`SELECT deprecated_at AS at FROM api_version WHERE base_path = '/weather/v1'`);
    expect(await deprecated()).toEqual([{ at: start }]);
    expect((await change('v1', 'publish')).body).toMatchObject({ state: 'published', sunsetOn: null });
    expect(await deprecated()).toEqual([{ at: null }]);
  });

  it('is for the publishers of the API only', async () => {
    const asBob = { as: bob };
    expect((await api.call<{ apis: object[] }>(base, asBob)).body.apis).toEqual([]);
    for (const address of ['/weather/versions/v1', '/weather/versions/v1/document', '/weather/versions/v1/callers'])
      expect((await api.call<Version>(base + address, asBob)).body.code).toBe('api_not_found');
    const source = JSON.stringify(WEATHER);
    expect((await api.call(`${base}/weather/document-check`, { ...asBob, body: { source } })).status).toBe(404);
    const version = { name: 'v4', basePath: '/weather/v4', like: 'v1', source };
    expect((await api.call(`${base}/weather/versions`, { ...asBob, body: version })).status).toBe(404);
    for (const action of ['publish', 'deprecate', 'retire']) {
      const address = `${base}/weather/versions/v1/${action}`;
      const headers = { 'if-match': '*' };
      const body = action === 'deprecate' ? {} : undefined;
      expect((await api.call(address, { ...asBob, method: 'POST', headers, ...(body && { body }) })).status).toBe(404);
    }
  });
});
