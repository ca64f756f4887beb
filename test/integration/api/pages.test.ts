import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { WEATHER, applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { PORTAL_PAGE, RunningApi, applyWeatherCatalog } from './running-api.js';

interface ShownDocument {
  readonly info: { readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
}

interface Changes {
  readonly counts: object;
  readonly changes: readonly object[];
}

/** A list whose parameter knows these kinds. */
const roads = (title: string, kinds: readonly string[], more: object = {}) => ({
  ...WEATHER,
  info: { ...WEATHER.info, title },
  paths: {
    '/roads': {
      get: {
        operationId: 'listRoads',
        parameters: [{ name: 'kind', in: 'query', schema: { enum: kinds } }],
        responses: { 200: { description: 'ok' } },
      },
    },
    ...more,
  },
});

/** An API of three versions, of which the last is a draft. */
async function applyRoads(database: TestDatabase): Promise<void> {
  const versions = {
    v1: { basePath: '/roads/v1', host: 'roads.example' },
    v2: {
      basePath: '/roads/v2',
      guides: [
        { slug: 'first-steps', title: 'First steps', text: '## Hello\n\nTake a <img src=x onerror=alert(1)> **map**.' },
      ],
    },
    v3: { basePath: '/roads/v3', state: 'draft' },
  };
  const added = { '/bridges': { get: { responses: { 200: { description: 'ok' } } } } };
  await applyFile(
    database,
    {
      apis: [{ ...weatherApi(versions), slug: 'roads', title: 'Roads' }],
      products: [
        weatherProduct({
          slug: 'roads',
          title: 'Roads',
          apis: ['roads'],
          plans: [{ slug: 'free', title: 'Free', currency: 'USD' }],
        }),
      ],
    },
    {
      documents: {
        'roads/v1': roads('Roads', ['path', '<script>alert(1)</script>']),
        'roads/v2': roads('Roads of the world', ['path'], added),
      },
    },
  );
}

describe('the pages', () => {
  let database: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    await applyWeatherCatalog(database);
    await applyRoads(database);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  /** The sources that a page's policy allows for one kind of thing. */
  const policyOf = ({ headers }: { headers: Headers }) =>
    Object.fromEntries(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1).join(' ')]),
    );

  describe('of the documentation', () => {
    it('carry title, description and operations for those who run no scripts', async () => {
      const page = await api.call('/docs/weather/v2');
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('<title>Weather v2 · Tollgate</title>');
      expect(page.text).toContain('<meta name="description" content="Tells today’s weather.');
      expect(page.text).toContain('<code>GET /now</code> Now');
      expect(page.text).toContain('data-document="/api/v1/apis/weather/versions/v2/openapi.json"');
    });

    it('show the latest version for "latest", and lead to the others', async () => {
      const { text } = await api.call('/docs/weather/latest');
      expect(text).toContain('<option value="/docs/weather/v2" selected>v2 (latest)</option>');
      expect(text).toContain('<option value="/docs/weather/v1">v1 (deprecated)</option>');
      expect(text).not.toContain('class="banner"');
    });

    it('are found without a version, and with a slash too many', async () => {
      const found = await api.call('/docs/weather');
      expect([found.status, found.headers.get('location')]).toEqual([302, '/docs/weather/latest']);
      expect((await api.call('/docs/weather/v2/')).text).toContain('<title>Weather v2');
      expect((await api.call('/docs/nothing')).status).toBe(404);
    });

    it('warn of a deprecated version and name the one to use', async () => {
      const { text } = await api.call('/docs/weather/v1');
      expect(text).toMatch(
        /class="banner".*deprecated.* on <time datetime="2027-03-31">31 March 2027<\/time>\. .*href="\/docs\/weather\/latest">version v2</,
      );
    });

    it('run no script but ours and load nothing from elsewhere', async () => {
      const page = await api.call('/docs/weather/v2');
      expect(policyOf(page)).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'connect-src': "'self'",
      });
      expect(page.text).not.toMatch(/<script(?![^>]* src="\/docs-files\/)|https?:\/\//);
    });

    it('show documents without markup that does anything, at the gateway’s address, with our keys', async () => {
      const { body } = await api.call<ShownDocument>('/api/v1/apis/weather/versions/v2/openapi.json');
      expect(body.info.description).not.toContain('<script>');
      expect(body.servers).toEqual([{ url: 'http://localhost:4080/weather/v2' }]);
      expect(body.security).toEqual([{ apiKey: [] }]);
      const yaml = await api.call('/api/v1/apis/weather/versions/latest/openapi.yaml');
      expect(yaml.headers.get('content-type')).toMatch('application/yaml');
      expect(yaml.text).toMatch(/^openapi: /);
    });

    it('show a version that takes requests for its own host only at that host, wherever its address is published', async () => {
      const { text, body } = await api.call<ShownDocument>('/api/v1/apis/roads/versions/v1/openapi.json');
      expect(body.servers).toEqual([{ url: 'http://roads.example:4080/roads/v1' }]);
      expect(text).toContain(`curl 'http://roads.example:4080/roads/v1/roads'`);
      expect(text).not.toContain('localhost:4080');
      const yaml = await api.call('/api/v1/apis/roads/versions/v1/openapi.yaml');
      expect(yaml.text).toContain('- url: http://roads.example:4080/roads/v1');
      expect((await api.call('/llms.txt')).text).toContain('called at http://roads.example:4080/roads/v1\n');
      const { body: product } = await api.call('/api/v1/catalog/products/roads');
      expect(product).toMatchObject({
        apis: [
          {
            versions: [
              { name: 'v2', host: null },
              { name: 'v1', host: 'roads.example', basePath: '/roads/v1' },
            ],
          },
        ],
      });
    });

    it('document this API itself', async () => {
      expect((await api.call('/docs/tollgate/v1')).text).toContain('<title>Tollgate API v1 · Tollgate</title>');
      const own = await api.call('/api/v1/apis/tollgate/versions/latest/openapi.json');
      expect(own.body).toEqual((await api.call('/api/openapi.json')).body);
    });

    it.each(['/docs/weather/v9', '/docs/nothing/v1', '/docs/tollgate/v2', '/docs-files/..%2fpackage.json'])(
      '%s is not found',
      async (address) => {
        expect((await api.call(address)).status).toBe(404);
      },
    );

    it('get Redoc from us, compressed, without what it has elsewhere, and ask once', async () => {
      const response = await fetch(`${api.url}/docs-files/redoc.js`);
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      const etag = response.headers.get('etag')!;
      const script = await response.text();
      expect(script.length).toBeGreaterThan(1_000_000);
      expect(script).not.toContain('cdn.redoc.ly');
      const again = await api.call('/docs-files/redoc.js', { headers: { 'if-none-match': etag } });
      expect([again.status, again.text]).toEqual([304, '']);
    });
  });

  describe('of what changed', () => {
    it('lists changes between two versions by operation, as JSON and as a page that shows texts as texts', async () => {
      const changed = await api.call<Changes>('/api/v1/apis/roads/changes?from=v1&to=v2');
      expect(changed.body.counts).toEqual({ breaking: 1, nonBreaking: 1, docs: 1 });
      const [docs, breaking] = changed.body.changes;
      expect(docs).toMatchObject({ severity: 'docs', operation: null, place: 'info title' });
      expect(breaking).toEqual({
        rule: 'enum_value_removed',
        severity: 'breaking',
        operation: { method: 'GET', template: '/roads', operationId: 'listRoads' },
        place: 'query parameter kind',
        message: 'value "<script>alert(1)</script>" removed',
      });
      const page = await api.call('/docs/roads/changes?from=v1&to=v2');
      expect(page.text).toContain('there are 3 changes: 1 breaking, 1 not breaking, 1 of the documentation only.');
      expect(page.text).toContain('href="/docs/roads/v2#operation/listRoads"');
      expect(page.text).toContain('&#60;script&#62;alert(1)');
      expect(page.text).not.toMatch(/<script(?![^>]* src="\/docs-files\/)/);
      expect(policyOf(page)['script-src']).toBe("'self'");
      const filtered = await api.call('/docs/roads/changes?from=v1&to=v2&show=breaking');
      expect(filtered.text).not.toContain('data-kind="docs"');
    });

    it('compares with the version before when nothing else is asked, and knows no drafts', async () => {
      const latest = await api.call<Changes>('/api/v1/apis/roads/changes');
      expect(latest.body).toMatchObject({ from: 'v1', to: 'v2' });
      expect((await api.call<Changes>('/api/v1/apis/roads/changes?to=v1')).body).toMatchObject({
        from: 'v1',
        changes: [],
      });
      expect((await api.call('/api/v1/apis/roads/changes?to=v3')).status).toBe(404);
      expect((await api.call('/docs/roads/changes?from=v3')).status).toBe(404);
      expect((await api.call('/api/v1/apis/roads/changes?show=all&to=')).status).toBe(400);
    });

    it('tell in a feed of published versions what breaks in each', async () => {
      const feed = await api.call('/feed.atom');
      expect(feed.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
      const parser = new SaxesParser();
      parser.write(feed.text).close();
      expect(feed.text.match(/<entry>/g)).toHaveLength(4);
      expect(feed.text).toContain('value &#38;#34;&#38;#60;script&#38;#62;alert(1)');
      expect((await api.call('/docs/roads/feed.atom')).text.match(/<entry>/g)).toHaveLength(2);
      expect((await api.call('/docs/nothing/feed.atom')).status).toBe(404);
      expect((await api.call('/docs/weather/v2')).text).toContain('href="/docs/weather/feed.atom"');
    });
  });

  describe('of guides and searching', () => {
    interface Found {
      readonly hits: readonly {
        readonly name: string;
        readonly href: string;
        readonly excerpt: readonly { readonly text: string; readonly isMatch: boolean }[];
      }[];
    }
    const search = async (query: string) => (await api.call<Found>(`/api/v1/search?${query}`)).body.hits;

    it('have guides as chapters before the operations, without markup that does anything', async () => {
      const { body } = await api.call<{ tags: readonly { name: string; description: string }[] }>(
        '/api/v1/apis/roads/versions/v2/openapi.json',
      );
      expect(body.tags[0]).toMatchObject({ name: 'first-steps', 'x-displayName': 'First steps', 'x-traitTag': true });
      expect(body.tags[0]!.description).toContain('**map**');
      expect(body.tags[0]!.description).not.toContain('<img');
      expect((await api.call('/docs/roads/v2')).text).toContain('<h2>First steps</h2>');
    });

    it('find operations and guides by the beginnings of words, the best first, with what matches', async () => {
      expect(await search('q=first+ma')).toMatchObject([
        {
          kind: 'guide',
          name: 'first-steps',
          api: { slug: 'roads' },
          version: 'v2',
          href: '/docs/roads/v2#/first-steps',
        },
      ]);
      const [guide] = await search('q=MAP');
      expect(guide!.excerpt.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['map']);
      expect((await search('q=listRo')).map(({ href }) => href)).toEqual(['/docs/roads/v2#operation/listRoads']);
      expect((await search('q=archive+year')).map(({ name }) => name)).toEqual(['/archive/{year}']);
      expect((await search('q=list&api=roads&version=v1')).map(({ name }) => name)).toEqual(['/roads']);
    });

    it('find nothing in drafts, for no words, and take no mark for an operator', async () => {
      expect(await search('q=list&api=roads&version=v3')).toEqual([]);
      expect(await search(`q=${encodeURIComponent(' :* | & ! <-> ')}`)).toEqual([]);
      expect(await search(`q=${encodeURIComponent("roads') | ('x")}`)).toEqual([]);
    });

    it('tell programs what there is', async () => {
      const llms = await api.call('/llms.txt');
      expect(llms.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(llms.text).toContain(
        '(http://localhost:4000/api/v1/apis/weather/versions/v2/openapi.json): OpenAPI document',
      );
      expect(llms.text).toContain('called at http://localhost:4080/weather/v2');
      const plans = await api.call<{ products: object[] }>('/plans.json');
      expect({ ...plans.body, next: null }).toEqual((await api.call('/api/v1/catalog/products')).body);
      const sitemap = await api.call('/sitemap.xml');
      new SaxesParser().write(sitemap.text).close();
      expect(sitemap.text).toContain('<loc>http://localhost:4000/docs/weather/v2</loc>');
      expect((await api.call('/robots.txt')).text).toContain('Sitemap: http://localhost:4000/sitemap.xml');
    });
  });

  describe('of the portal', () => {
    it.each(['/dashboard', '/sign-in?next=%2F', '/inbox', '/inbox/'])(
      '%s is the application’s page, asked about each time and kept by no search engine',
      async (address) => {
        const page = await api.call(address);
        expect([page.status, page.text]).toEqual([200, PORTAL_PAGE]);
        expect(page.headers.get('x-robots-tag')).toBe('noindex');
        expect(page.headers.get('cache-control')).toBe('no-cache');
        expect(policyOf(page)).toMatchObject({ 'script-src': "'self'", 'connect-src': "'self' http://localhost:4080" });
      },
    );

    it('has files that stay for good where their names change with their content', async () => {
      const file = await api.call('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'identity' } });
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect((await api.call('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
      const adapter = api.app.getHttpAdapter().getInstance();
      const zipped = await adapter.inject({ url: '/assets/app-1a2b.js', headers: { 'accept-encoding': 'gzip' } });
      expect(gunzipSync(zipped.rawPayload).toString()).toBe(file.text);
    });

    it.each([
      '/assets/app-0000.js',
      '/missing.png',
      '/api/v1/nothing',
      '/api',
      '/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
    ])('%s is not found, rather than the application’s page', async (address) => {
      const answer = await api.call(address);
      expect(answer).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    });
  });

  it('send headers that keep browsers from guessing, framing and leaking', async () => {
    for (const address of ['/', '/docs/weather/v2', '/api/v1/settings', '/api/v1/nothing']) {
      const { headers } = await api.call(address);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});
