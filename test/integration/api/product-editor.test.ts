import { randomUUID } from 'node:crypto';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const start = new Date('2026-11-10T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const base = '/api/v1/publisher';

interface Words {
  readonly title: string;
  readonly terms?: { readonly version: string; readonly text: string };
  readonly apis: readonly string[];
  readonly meters: readonly { readonly slug: string; readonly aggregation: string }[];
  readonly creditPacks: readonly object[];
}
interface Edited {
  readonly code?: string;
  readonly detail?: string;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
  readonly slug: string;
  readonly words: Words;
}

const words = {
  title: 'Tides',
  summary: 'High water, low water.',
  tags: ['sea'],
  apis: ['tides'],
  meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
};

describe('APIs and products from the page', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    api = await RunningApi.start(database, { UPSTREAM_ALLOW_PRIVATE: 'true' });
    await applyFile(database, { apis: [weatherApi({ v1: {} })], products: [weatherProduct({ plans: [] })] });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $3), ($2, 'ice', 'Ice', $3)`,
        [randomUUID(), randomUUID(), start],
      ),
    );
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    for (const [person, team] of [
      [ada, 'sky'],
      [ada, 'ice'],
      [bob, 'sea'],
    ] as const)
      await grantStaff(database.context, { email: person.email, grant: { team }, actor });
    expect((await send('POST', '/apis', { slug: 'tides', title: 'Tides' })).status).toBe(201);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const send = (method: string, address: string, body?: unknown, ifMatch?: string | null, as: Person = bob) =>
    api.call<Edited>(base + address, {
      as,
      method,
      ...(body !== undefined && { body }),
      ...(ifMatch && { headers: { 'if-match': ifMatch } }),
    });
  const create = (slug: string, parts: object = {}) => send('POST', '/products', { slug, ...words, ...parts });
  const isInCatalogue = async (slug: string) => (await api.call(`/api/v1/catalog/products/${slug}`)).status === 200;

  it('lead from nothing to a plan that anybody can subscribe to', async () => {
    const source = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Tides', version: '1' },
      paths: { '/now': { get: { operationId: 'getNow', responses: { 200: { description: 'ok' } } } } },
    });
    const version = { name: 'v1', basePath: '/tides/v1', upstreamUrl: 'http://127.0.0.1:9', source };
    expect((await send('POST', '/apis/tides/versions', version)).status).toBe(201);
    const tag = (await send('GET', '/apis/tides/versions/v1')).headers.get('etag');
    expect((await send('POST', '/apis/tides/versions/v1/publish', undefined, tag)).status).toBe(200);

    const made = await create('tides');
    expect(made).toMatchObject({ status: 201, body: { slug: 'tides', words: { title: 'Tides', apis: ['tides'] } } });
    expect(await isInCatalogue('tides')).toBe(false);
    const plan = await api.call<{ id: string }>(`${base}/products/tides/plans`, {
      as: bob,
      body: { slug: 'free', title: 'Free', currency: 'USD' },
    });
    expect(plan.status).toBe(201);
    expect(await isInCatalogue('tides')).toBe(false);
    expect((await send('POST', `/plans/${plan.body.id}/draft/publish`, undefined, '*')).status).toBe(200);
    const shown = await api.call('/api/v1/catalog/products/tides');
    expect(shown.status, shown.text).toBe(200);
  });

  it('are behind the others in the catalogue, and gateways hear of them', async () => {
    const products = await api.call<{ products: { slug: string }[] }>(`${base}/products`, { as: bob });
    expect(products.body.products.map(({ slug }) => slug)).toEqual(['tides']);
    const noted = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ noun: string; noun_id: string }>(
        `SELECT noun, noun_id FROM audit_log WHERE action = 'created' AND noun IN ('API', 'API product', 'meter')
           AND noun_id LIKE 'tides%' AND actor_id = $1 ORDER BY noun`,
        [bob.userId],
      ),
    );
    expect(noted.map(({ noun, noun_id }) => [noun, noun_id])).toEqual([
      ['API', 'tides'],
      ['API product', 'tides'],
      ['meter', 'tides/requests'],
    ]);
  });

  it('answer what can be sent back and then changes nothing', async () => {
    const packs = [{ slug: 'small', title: 'Small', currency: 'USD', price: '10', credits: '12' }];
    const terms = { version: '2026-11', text: 'Be kind.' };
    const meters = [
      ...words.meters,
      {
        slug: 'users',
        title: 'Users',
        unit: 'user',
        aggregation: 'unique',
        distinctValue: { from: 'request_header', header: 'X-User' },
        bindings: [{ selector: '*' }],
      },
      {
        slug: 'tokens',
        title: 'Tokens',
        unit: 'token',
        bindings: [
          { selector: '*', weight: '0.5', value: { from: 'response_json', pointer: '/usage/total', maximum: '4000' } },
        ],
      },
    ];
    const made = await create('whole', { terms, meters, creditPacks: packs, testQuota: 7, taxCategory: 'reduced' });
    expect(made.status, made.text).toBe(201);
    expect(made.body.words).toMatchObject({ terms, creditPacks: packs });
    const changes = async () =>
      (
        await database.unitOfWork.inSystem((transaction) =>
          transaction.query<{ count: number }>('SELECT count(*)::int AS count FROM change_log'),
        )
      )[0]!.count;
    const before = await changes();
    const again = await send('PUT', '/products/whole', made.body.words, made.headers.get('etag'));
    expect(again).toMatchObject({ status: 200, body: made.body });
    expect(again.headers.get('etag')).toBe(made.headers.get('etag'));
    expect(await changes()).toBe(before);
  });

  it('change a product at once, and for nobody who has not seen what is there', async () => {
    const made = await create('changing', { terms: { version: '1', text: 'First.' } });
    const tag = made.headers.get('etag');
    const next = { ...words, title: 'Changed', testQuota: 5 };
    expect((await send('PUT', '/products/changing', next)).status).toBe(428);
    const changed = await send('PUT', '/products/changing', next, tag);
    // What is not said stays.
    expect(changed).toMatchObject({ status: 200, body: { words: { title: 'Changed', terms: { version: '1' } } } });
    expect((await send('PUT', '/products/changing', words, tag)).body.code).toBe('changed_meanwhile');
    const other = { ...words, terms: { version: '1', text: 'Another text.' } };
    expect((await send('PUT', '/products/changing', other, '*')).body.code).toBe('terms_version_taken');
  });

  it('show beforehand what their description becomes, which is of bounded length, to publishers only', async () => {
    const markdown = '# Tides\n\nHigh **water**. <script>alert(1)</script> [x](javascript:alert(1))';
    const preview = (text: string, as: Person = bob) =>
      api.call<{ html: string; detail?: string }>(`${base}/products/markdown-preview`, {
        as,
        body: { markdown: text },
      });
    const shown = await preview(markdown);
    expect(shown.status, shown.text).toBe(200);
    expect(shown.body.html).toContain('<h3>Tides</h3>\n<p>High <strong>water</strong>.');
    expect(shown.body.html).not.toMatch(/<script|javascript:/);
    expect((await preview('')).body.html).toBe('');
    expect((await preview('x'.repeat(20_001))).status).toBe(400);
    expect((await preview(markdown, await api.signUp('Cleo'))).status).toBe(403);
    const kept = await create('described', { description: markdown });
    expect(kept.body.words).toMatchObject({ description: markdown });
    expect((await create('wordy', { description: 'x'.repeat(20_001) })).body.code).toBe('invalid_request');
  });

  it('keep their meters, and have their faults named with their places', async () => {
    await create('metered');
    const requests = words.meters[0]!;
    const pack = { slug: 'ten', title: 'Ten', currency: 'EUR', credits: '10' };
    const refused = await send(
      'PUT',
      '/products/metered',
      {
        ...words,
        apis: ['tides', 'weather'],
        meters: [
          { ...requests, slug: 'calls', aggregation: 'unique' },
          { ...requests, slug: 'calls' },
        ],
        creditPacks: ['9', '90'].map((price) => ({ ...pack, price })),
      },
      '*',
    );
    expect(refused).toMatchObject({ status: 400, body: { code: 'product_invalid' } });
    expect(refused.body.faults!.map(({ path }) => path)).toEqual([
      'body.meters.0.distinctValue',
      'body.meters.1.slug',
      'body.creditPacks.1.slug',
      'body.meters',
      'body.apis.1',
    ]);
    expect(refused.body.faults![3]!.message).toContain('"requests" cannot go');
    const inWords = await create('in-words', { creditPacks: [{ ...pack, price: 'nine' }] });
    expect(inWords.body.faults).toMatchObject([
      { path: 'body.creditPacks.0.price', message: expect.stringContaining('expected a decimal number') },
    ]);
    expect((await create('empty', { meters: [] })).body).toMatchObject({ code: 'invalid_request' });
    expect((await create('nobody', { apis: ['nothing'] })).body.faults![0]!.path).toBe('body.apis.0');
  });

  it('are of one team, which somebody of several teams names', async () => {
    expect((await send('POST', '/apis', { slug: 'clouds', title: 'Clouds' }, null, ada)).body).toMatchObject({
      code: 'publisher_needed',
      detail: expect.stringContaining('ice, sky') as string,
    });
    const clouds = { slug: 'clouds', title: 'Clouds', publisher: 'ice' };
    expect((await send('POST', '/apis', clouds, null, ada)).status).toBe(201);
    expect((await send('POST', '/apis', clouds, null, ada)).body.code).toBe('api_exists');
    expect((await send('POST', '/apis', { ...clouds, slug: 'x', publisher: 'sea' }, null, ada)).body.code).toBe(
      'publisher_team_not_found',
    );
    expect((await create('weather')).body.code).toBe('product_exists');
  });

  it('are nobody’s else', async () => {
    await create('own');
    const foreign = await send('GET', '/products/own', undefined, null, ada);
    const none = await send('GET', '/products/none', undefined, null, ada);
    expect([foreign.status, foreign.body.code]).toEqual([404, none.body.code]);
    expect((await send('PUT', '/products/own', words, '*', ada)).status).toBe(404);
    expect((await send('PATCH', '/apis/tides', { title: 'Mine' }, null, ada)).status).toBe(404);
    expect((await send('PATCH', '/apis/tides', { title: 'Tides of the sea' })).body).toEqual({
      slug: 'tides',
      title: 'Tides of the sea',
    });
  });
});
