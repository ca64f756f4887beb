import { Client } from 'pg';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { PORTAL_PAGE, RunningApi } from './running-api.js';

const plan = (slug: string, unitAmount: string, parts: object = {}) => ({
  slug,
  title: `Plan ${slug}`,
  currency: 'USD',
  prices: [{ meter: 'requests', included: '1000', price: { model: 'per_unit', unitAmount } }],
  ...parts,
});

/** Text that leaves every place that it could stand in. */
const HOSTILE = `"'><script>globalThis.ran=1</script></title></script></article><!--</div>$&$1`;

/** Four products: one for anybody, one that is hostile, one that nobody can subscribe to by themselves, one that was never offered. */
async function applyProducts(database: TestDatabase): Promise<void> {
  const weather = weatherProduct({
    summary: 'Tells the weather & more.',
    description: '## What it tells\n\nThe weather of **today**.\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    tags: ['sky'],
    terms: { version: '1', text: 'First of all.\n\nBe <kind>.' },
    plans: [
      plan('free', '0'),
      plan('paid', '0.0025', { fixedFee: '29.00', summary: 'For many calls.' }),
      plan('secret-deal', '0.77', { visibility: 'private' }),
      plan('guests-only', '0.88', { visibility: 'invited', invited: [] }),
    ],
  });
  const hostile = weatherProduct({
    slug: 'hostile',
    title: HOSTILE,
    summary: HOSTILE,
    description: `${HOSTILE}\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>`,
    tags: ['<i>$&</i>'],
    terms: { version: '1', text: HOSTILE },
    meters: [{ slug: 'requests', title: '<b>x</b>', unit: '<u>', bindings: [{ selector: '*' }] }],
    plans: [plan('one', '0.5', { title: HOSTILE, summary: HOSTILE })],
  });
  const closed = weatherProduct({
    slug: 'closed',
    title: 'Closed Shop',
    apis: ['backroom'],
    terms: { version: '1', text: 'Ours.' },
    plans: [
      plan('secret', '1', { visibility: 'private' }),
      plan('guests', '1', { visibility: 'invited', invited: [] }),
    ],
  });
  const unborn = weatherProduct({ slug: 'unborn', title: 'Unborn', plans: [] });
  const backroom = { ...weatherApi({ v1: { basePath: '/backroom/v1' } }), slug: 'backroom', title: 'Backroom' };
  await applyFile(
    database,
    {
      apis: [
        weatherApi({ v0: { state: 'retired' }, v1: { state: 'deprecated' }, v2: {}, v3: { state: 'draft' } }),
        backroom,
      ],
      products: [weather, hostile, closed, unborn],
    },
    {},
  );
}

describe('public pages of the portal', () => {
  let database: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    await applyProducts(database);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  /** What a page says to programs. */
  const dataOf = (html: string) =>
    JSON.parse(/<script type="application\/ld\+json" data-sent>(.*?)<\/script>/.exec(html)![1]!) as {
      readonly offers: readonly { readonly name: string; readonly price?: string }[];
    };

  it('have title, description, one address and cards of their own in the head', async () => {
    const { status, text, headers } = await api.call('/products/weather?utm=1');
    expect([status, headers.get('content-type'), headers.get('x-robots-tag')]).toEqual([
      200,
      'text/html; charset=utf-8',
      null,
    ]);
    expect(text).toContain('<html lang="en">');
    expect(text.match(/<title>.*<\/title>/g)).toEqual(['<title>Weather · Tollgate</title>']);
    expect(text).toContain('<meta name="description" content="Tells the weather &#38; more." data-sent />');
    expect(text).toContain('<link rel="canonical" href="http://localhost:4000/products/weather" data-sent />');
    expect(text).toContain('<meta property="og:title" content="Weather" data-sent />');
    expect(text).toContain('<meta property="og:url" content="http://localhost:4000/products/weather" data-sent />');
    expect(text).toContain('<meta name="twitter:card" content="summary" data-sent />');
  });

  it('say what a product is, what its plans cost, what is billed, and where it is documented', async () => {
    const { text } = await api.call('/products/weather');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toContain('<h3>What it tells</h3>\n<p>The weather of <strong>today</strong>.</p>');
    expect(text).toContain('<b class="sent-amount">Free</b> no card needed');
    expect(text).toContain('<b class="sent-amount">$29.00</b> a month, plus usage');
    expect(text).toContain('<dd>1,000 requests a month</dd>');
    expect(text).toContain('<dd>$0.0025 per request</dd>');
    expect(text).toContain('Errors, refused calls and test keys are never charged.');
    expect(text).toContain('<a href="/docs/weather/v2">Weather v2</a> (latest)');
    expect(text).toContain('<a href="/products/weather/terms">Terms</a>');
  });

  it('say to programs what plans cost only where that is all that they cost', async () => {
    const data = dataOf((await api.call('/products/weather')).text);
    expect(data).toMatchObject({
      '@type': 'WebAPI',
      name: 'Weather',
      provider: { name: 'Sky' },
      documentation: ['http://localhost:4000/docs/weather/v2'],
      offers: [
        { name: 'Plan free', price: '0', priceCurrency: 'USD' },
        {
          name: 'Plan paid',
          priceCurrency: 'USD',
          description: '1,000 requests a month included; $0.0025 per request',
          priceSpecification: [
            { name: 'Fixed fee', price: '29.00', priceCurrency: 'USD', unitText: '1 month' },
            { name: 'Requests', price: '0.0025', unitText: '1 request', valueAddedTaxIncluded: false },
          ],
        },
      ],
    });
    expect(data.offers[1]!.price).toBeUndefined();
  });

  it.each(['/', '/docs', '/products/weather', '/products/hostile', '/sitemap.xml', '/products/closed'])(
    '%s tells of no plan that is not for everybody, and of no product without one',
    async (address) => {
      const { text } = await api.call(address);
      expect(text).not.toMatch(
        /secret|guests|0\.77|0\.88|Closed Shop|closed|Unborn|unborn|backroom|Backroom|weather\/v3/,
      );
    },
  );

  it('are the application’s alone for a product that only those who are invited can have, and kept by no search engine', async () => {
    for (const address of ['/products/closed', '/products/closed/terms']) {
      const { status, text, headers } = await api.call(address);
      expect([status, text, headers.get('x-robots-tag')]).toEqual([200, PORTAL_PAGE, 'noindex']);
    }
  });

  it.each([
    '/products/unborn',
    '/products/nothing',
    '/products/nothing/terms',
    '/products/UPPER',
    '/products/a/b/c',
    '/products',
  ])('%s is not found, with the application’s page', async (address) => {
    const { status, text, headers } = await api.call(address, { headers: { 'if-none-match': '*' } });
    expect([status, text, headers.get('x-robots-tag')]).toEqual([404, PORTAL_PAGE, 'noindex']);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it.each(['/products/hostile', '/products/hostile/terms', '/', '/docs'])(
    '%s shows what publishers wrote as text, in every place',
    async (address) => {
      const { text } = await api.call(address);
      const scripts = text.match(/<script[^>]*>/g) ?? [];
      expect(scripts.filter((tag) => tag !== '<script type="application/ld+json" data-sent>')).toEqual([]);
      expect(text).not.toMatch(/<(?:img(?! src="\/brand\/logo")|u|i|!--(?!content))\b|javascript:|<[^>]*\son\w+=/);
      expect(text.match(/<title>/g)).toHaveLength(1);
      expect(text.match(/<\/html>/g)).toHaveLength(1);
      // Not taken for patterns where the parts are put in: the portal's own page is not there twice.
      expect(text).toContain('$&#38;$1');
      if (address !== '/docs' && !address.endsWith('/terms'))
        expect(dataOf(text)).toMatchObject({ '@context': 'https://schema.org' });
    },
  );

  it('are kept by whoever has them until they change, and changed at once', async () => {
    const first = await api.call('/products/weather');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag')!;
    const again = await api.call('/products/weather', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`UPDATE api_product SET summary = 'Tells another weather.' WHERE slug = 'weather'`),
    );
    const changed = await api.call('/products/weather', { headers: { 'if-none-match': etag } });
    expect([changed.status, changed.text.includes('Tells another weather.')]).toEqual([200, true]);
  });

  it('have the catalogue, the documentation, the terms, the status and the way for agents in them', async () => {
    const home = await api.call('/');
    expect(home.text).toContain('<title>Tollgate</title>');
    expect(home.text).toContain('<h3><a href="/products/weather">Weather</a></h3>');
    expect(home.text).toContain('Free plan, then from $29.00 a month');
    expect(dataOf(home.text)).toMatchObject({ '@type': 'WebSite', url: 'http://localhost:4000/' });
    const docs = await api.call('/docs/');
    expect(docs.text).toContain('<link rel="canonical" href="http://localhost:4000/docs" data-sent />');
    expect(docs.text).toContain('<a href="/docs/weather/v1">Weather v1</a> (deprecated)');
    const terms = await api.call('/products/weather/terms');
    expect(terms.text).toContain('<p class="sent-text">Be &#60;kind&#62;.</p>');
    expect((await api.call('/status')).text).toContain('<h1>Status</h1>');
    expect((await api.call('/agents')).text).toContain('<code>http://localhost:4000/mcp</code>');
  });

  it('answer the description of a product by REST too, as Markdown and as HTML', async () => {
    const { body } = await api.call('/api/v1/catalog/products/hostile');
    expect(body).toMatchObject({ description: expect.stringContaining('<script>') as string });
    const { descriptionHtml } = body as { readonly descriptionHtml: string };
    expect(descriptionHtml).toContain('<a href="#blocked">x</a>');
    expect(descriptionHtml).not.toMatch(/<(?:script|img)/);
    const list = await api.call<{ products: object[] }>('/api/v1/catalog/products');
    expect(list.body.products[0]).not.toHaveProperty('descriptionHtml');
  });

  it('are named to search engines with the day of their last change where that is known, and nothing retired', async () => {
    const { text, headers } = await api.call('/sitemap.xml');
    expect(headers.get('content-type')).toBe('application/xml; charset=utf-8');
    new SaxesParser().write(text).close();
    const places = [...text.matchAll(/<loc>http:\/\/localhost:4000(.*?)<\/loc>(?:<lastmod>(.*?)<\/lastmod>)?/g)];
    expect(places.map(([, path]) => path)).toEqual([
      '/',
      '/docs',
      '/agents',
      '/status',
      '/docs/tollgate/v1',
      '/products/hostile',
      '/products/weather',
      '/products/hostile/terms',
      '/products/weather/terms',
      '/docs/weather/v1',
      '/docs/weather/v2',
    ]);
    const day = database.context.clock.now().toISOString().slice(0, 10);
    expect(places.map(([, , at]) => at ?? null).slice(5)).toEqual([null, null, day, day, day, day]);
    expect((await api.call('/sitemaps/1.xml')).text).toBe(text);
    expect((await api.call('/sitemaps/2.xml')).status).toBe(404);
    expect((await api.call('/sitemaps/0.xml')).status).toBe(404);
  });

  it('are the application’s alone as long as they cannot be read, so that search engines come again', async () => {
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query('ALTER TABLE api_product RENAME TO elsewhere');
    try {
      const { status, text, headers } = await api.call('/products/weather', { headers: { 'if-none-match': '*' } });
      expect([status, text, headers.get('cache-control')]).toEqual([503, PORTAL_PAGE, 'no-store']);
      expect(headers.get('x-robots-tag')).toBeNull();
      expect((await api.call('/dashboard')).status).toBe(200);
    } finally {
      await owner.query('ALTER TABLE elsewhere RENAME TO api_product');
      await owner.end();
    }
    expect((await api.call('/products/weather')).status).toBe(200);
  });

  it('are what robots may read, with what they ask for, and nothing that needs an account', async () => {
    const { text } = await api.call('/robots.txt');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'User-agent: *',
        'Allow: /api/v1/catalog/',
        'Disallow: /api/',
        'Disallow: /dashboard',
        'Disallow: /publisher',
        'Disallow: /finance',
        'Disallow: /operator',
        'Disallow: /settings',
        'Sitemap: http://localhost:4000/sitemap.xml',
      ]),
    );
  });
});
