import { catalogFileSchema } from '#services';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../imported-catalog.js';
import { importKong } from './import-kong.js';

const options = { publisher: 'sky', currency: 'EUR' };
const service = (parts: object) => ({ name: 'orders', url: 'http://orders.internal:8000', ...parts });
const route = (parts: object = {}) => ({ name: 'list', paths: ['/orders'], ...parts });
const read = (parts: object) => importKong({ _format_version: '3.0', ...parts }, options);

/** The catalogue that comes of a file, as `tollgate apply` reads it. */
function catalogOf(parts: object) {
  return catalogFileSchema.parse(parse(catalogText(read(parts), options, 'Imported.')));
}
const versionOf = (parts: object) => catalogOf(parts).apis[0]!.versions[0]!;
const remarksOf = (parts: object, kind = 'left_out') =>
  read(parts)
    .report.remarks.filter((remark) => remark.kind === kind)
    .map(({ place, message }) => `${place}: ${message}`);
const withPlugin = (name: string, config: object) => ({
  services: [service({ routes: [route({ plugins: [{ name, config }] })] })],
});

describe('services and routes of Kong', () => {
  it('become versions of APIs at their paths, with the time-outs and repeats that Kong has', () => {
    const { upstream, basePath, policies } = versionOf({
      services: [
        service({ url: 'https://orders.internal/base/', read_timeout: 5_000, retries: 20, routes: [route()] }),
      ],
    });
    expect(basePath).toBe('/orders');
    expect(upstream).toMatchObject({
      url: 'https://orders.internal/base',
      connectTimeoutMs: 60_000,
      responseTimeoutMs: 5_000,
      idleTimeoutMs: 5_000,
      retries: { attempts: 10, retryOn: ['connect-failure', 'reset'] },
    });
    expect(policies.transport).toBeUndefined();
  });

  it('keep the path for the upstream unless it is stripped', () => {
    const urlOf = (strip: boolean) =>
      versionOf({ services: [service({ path: '/v2', routes: [route({ strip_path: strip })] })] }).upstream!.url;
    expect([urlOf(true), urlOf(false)]).toEqual([
      'http://orders.internal:8000/v2',
      'http://orders.internal:8000/v2/orders',
    ]);
  });

  it('become one API for each host and path', () => {
    const { apis, products } = catalogOf({
      services: [service({ routes: [route({ hosts: ['a.example', 'b.example'], paths: ['/x', '/y/'] })] })],
    });
    expect(apis.map(({ slug, versions: [one] }) => `${slug} ${one!.host}${one!.basePath}`)).toEqual([
      'list a.example/x',
      'list-2 a.example/y',
      'list-3 b.example/x',
      'list-4 b.example/y',
    ]);
    expect(products.map(({ slug, apis: names }) => [slug, names])).toEqual([
      ['orders', ['list', 'list-2', 'list-3', 'list-4']],
    ]);
  });

  it('have the methods of the route as operations, and all of them where it names none', () => {
    const documentOf = (parts: object) =>
      parse(versionOf({ services: [service({ routes: [route(parts)] })] }).document) as {
        paths: Record<string, Record<string, unknown>>;
      };
    expect(Object.keys(documentOf({ methods: ['GET', 'post'] }).paths['/']!)).toEqual(['get', 'post']);
    const all = documentOf({}).paths;
    expect(Object.keys(all['/']!)).toEqual(['get', 'post', 'put', 'patch', 'delete', 'options']);
    expect(Object.keys(all)).toHaveLength(9);
  });

  it('want HTTPS where their protocols say so', () => {
    const transportOf = (parts: object) =>
      versionOf({ services: [service({ routes: [route(parts)] })] }).policies.transport?.plainHttp;
    expect(transportOf({ protocols: ['https'] })).toBe('refuse');
    expect(transportOf({ protocols: ['https'], https_redirect_status_code: 301 })).toBe('redirect');
    expect(transportOf({ protocols: ['http', 'https'] })).toBeUndefined();
  });

  it('share their calls among the targets of an upstream', () => {
    const targets = [{ target: '10.0.0.1', weight: 3 }, { target: '10.0.0.2:9000' }, { target: 'old', weight: 0 }];
    const upstreams = [{ name: 'pool', algorithm: 'least-connections', targets }];
    const parts = { services: [{ name: 'a', host: 'pool', routes: [route()] }], upstreams };
    expect(versionOf(parts).upstream).toMatchObject({
      targets: [
        { url: 'http://10.0.0.1:8000', weight: 3 },
        { url: 'http://10.0.0.2:9000', weight: 100 },
      ],
      balancing: 'least-requests',
    });
    expect(remarksOf(parts)).toEqual(['upstreams[pool].targets[2]: old has the weight 0, so it gets no calls.']);
  });

  it('are versions of one API where a header tells them apart', () => {
    const byVersion = (name: string, version: string) => route({ name, headers: { 'X-API-Version': [version] } });
    const parts = (routes: readonly object[]) => ({ services: [service({ routes })] });
    const three = [byVersion('old', 'v1'), byVersion('new', '2026'), route({ name: 'rest' })];
    const { apis } = catalogOf(parts(three));
    expect(apis).toHaveLength(1);
    expect(apis[0]!.versions.map(({ name, versionHeader }) => [name, versionHeader])).toEqual([
      ['v1', { name: 'X-API-Version', value: 'v1', default: false }],
      ['2026', { name: 'X-API-Version', value: '2026', default: false }],
      ['v3', { name: 'X-API-Version', value: 'rest', default: true }],
    ]);
    expect(
      catalogOf(parts(three.toReversed())).apis[0]!.versions.map(({ versionHeader }) => versionHeader?.default),
    ).toEqual([true, false, false]);
    expect(remarksOf(parts(three), 'changed').filter((remark) => remark.includes('400'))).toHaveLength(3);
    const refused = [
      byVersion('old', 'v1'),
      byVersion('same', 'v1'),
      route({ name: 'by-two', headers: { a: ['1'], b: ['2'] } }),
    ];
    expect(remarksOf(parts(refused)).map((remark) => remark.split(': ')[0])).toEqual([
      'services[orders].routes[same]',
      'services[orders].routes[by-two]',
    ]);
    const plugins = [{ name: 'rate-limiting', config: { minute: 5 } }];
    const apart = [byVersion('old', 'v1'), { ...byVersion('new', 'v2'), plugins }];
    expect(remarksOf(parts(apart))[0]).toContain('has another rate limit');
  });

  it('go by hash where the upstream does, with its second choice', () => {
    const targets = [{ target: '10.0.0.1' }, { target: '10.0.0.2' }];
    const partsOf = (upstream: object) => ({
      services: [{ name: 'a', host: 'pool', routes: [route()] }],
      upstreams: [{ name: 'pool', algorithm: 'consistent-hashing', targets, ...upstream }],
    });
    const hashed = (upstream: object) => {
      const { balancing, hashBy } = versionOf(partsOf(upstream)).upstream!;
      return [balancing, hashBy];
    };
    expect(hashed({ hash_on: 'header', hash_on_header: 'X-Session', hash_fallback: 'ip' })).toEqual([
      'consistent-hash',
      [{ header: 'X-Session' }, 'client-address'],
    ]);
    const cookie = { hash_on: 'consumer', hash_fallback: 'cookie', hash_on_cookie: 'sid', hash_on_cookie_path: '/' };
    expect(hashed(cookie)).toEqual(['consistent-hash', ['application', { cookie: 'sid' }]]);
    const changesOf = (parts: object) => remarksOf(parts, 'changed').filter((remark) => remark.startsWith('upstreams'));
    expect(changesOf(partsOf(cookie))).toEqual([
      'upstreams[pool].hash_fallback: Kong gives a caller the cookie when it has none; here the API must do that.',
    ]);
    expect(hashed({ hash_on: 'none' })).toEqual([undefined, undefined]);
    expect(hashed({ hash_on: 'path' })).toEqual([undefined, undefined]);
    expect(remarksOf(partsOf({ hash_on: 'path' }))).toEqual(['upstreams[pool].hash_on: calls are not hashed by path.']);
    expect(hashed({ ...cookie, algorithm: 'round-robin' })).toEqual([undefined, undefined]);
    expect(remarksOf(partsOf({ ...cookie, algorithm: 'round-robin' }))).toEqual([]);
    expect(changesOf(partsOf({ ...cookie, algorithm: 'round-robin' }))).toEqual([]);
  });

  it('are checked as the targets of the upstream are', () => {
    const partsOf = (healthchecks: object) => ({
      services: [{ name: 'a', host: 'pool', routes: [route()] }],
      upstreams: [{ name: 'pool', targets: [{ target: '10.0.0.1' }], healthchecks }],
    });
    const active = {
      type: 'http',
      http_path: '/status',
      timeout: 0.5,
      concurrency: 10,
      healthy: { interval: 5, successes: 3, http_statuses: [200, 204] },
      unhealthy: { interval: 5, http_failures: 4, tcp_failures: 2, timeouts: 0, http_statuses: [500] },
    };
    const passive = { type: 'http', unhealthy: { http_failures: 6, tcp_failures: 0 } };
    const { healthCheck, circuitBreaker } = versionOf(partsOf({ active, passive, threshold: 0 })).upstream!;
    expect(healthCheck).toEqual({
      path: '/status',
      intervalSeconds: 5,
      timeoutSeconds: 0.5,
      healthyAfter: 3,
      unhealthyAfter: 2,
      expectedStatuses: [200, 204],
    });
    expect(circuitBreaker).toMatchObject({ consecutiveFailures: 6, openMs: 30_000 });
    const at = 'upstreams[pool].healthchecks';
    expect(remarksOf(partsOf({ active, passive, threshold: 50 }))).toEqual([
      `${at}.threshold: calls are refused when no target is left that is well.`,
    ]);
    const changesOf = (healthchecks: object) =>
      remarksOf(partsOf(healthchecks), 'changed').filter((remark) => remark.startsWith(at));
    expect(changesOf({ active, passive })).toEqual([
      `${at}.active: every status but 200, 204 is a bad answer.`,
      `${at}.passive: so many 5xx, broken or missing answers in a row let a target rest for 30 s; then one call tries it.`,
    ]);
    // As "deck gateway dump" writes what is off.
    const off = {
      active: {
        ...active,
        headers: {},
        healthy: { interval: 0, successes: 0 },
        unhealthy: { interval: 0, timeouts: 0 },
      },
      passive: { type: 'http', unhealthy: { http_failures: 0, timeouts: 0, tcp_failures: 0 } },
      threshold: 0,
    };
    expect(versionOf(partsOf(off)).upstream).not.toHaveProperty('healthCheck');
    expect([...remarksOf(partsOf(off)), ...changesOf(off)]).toEqual([]);
    expect(remarksOf(partsOf({ active: { ...active, type: 'tcp' } }))).toEqual([
      'upstreams[pool].healthchecks.active: targets are asked by HTTP, with the scheme of calls.',
    ]);
  });

  it('may be apart from each other in the file', () => {
    const { apis, products } = catalogOf({
      services: [service({})],
      routes: [{ name: 'list', service: { name: 'orders' }, paths: ['/orders'] }],
      plugins: [
        { name: 'key-auth', route: 'list', config: { key_names: ['x-own'] } },
        { name: 'rate-limiting', service: 'orders', config: { second: 5 } },
      ],
    });
    expect(apis[0]!.versions[0]!.policies.authentication?.keys?.header).toBe('x-own');
    expect(products[0]!.plans[0]!.rateLimits).toMatchObject([{ name: 'second', limit: 5, windowSeconds: 1 }]);
  });
});

describe('plugins of Kong', () => {
  it('rate-limiting: counts in the same windows, by whom and where Kong does', () => {
    const planOf = (config: object) => catalogOf(withPlugin('rate-limiting', config)).products[0]!.plans[0]!;
    expect(planOf({ minute: 100, hour: 1_000, policy: 'redis' })).toMatchObject({
      currency: 'EUR',
      withoutStore: 'fail_open',
      rateLimits: [
        {
          name: 'minute',
          limit: 100,
          windowSeconds: 60,
          algorithm: 'fixed_window',
          policy: 'shared',
          scope: 'application',
        },
        {
          name: 'hour',
          limit: 1_000,
          windowSeconds: 3_600,
          algorithm: 'fixed_window',
          policy: 'shared',
          scope: 'application',
        },
      ],
    });
    expect(planOf({ second: 1, limit_by: 'header', header_name: 'X-Tenant' }).rateLimits).toMatchObject([
      { policy: 'local', scope: 'header', header: 'X-Tenant' },
    ]);
    expect(planOf({ second: 1, policy: 'redis', fault_tolerant: false }).withoutStore).toBe('fail_closed');
  });

  it('rate-limiting: one counter for what one plugin counts, the narrowest of them', () => {
    const limiting = (minute: number) => [{ name: 'rate-limiting', config: { minute } }];
    const { products } = catalogOf({
      services: [
        service({
          plugins: limiting(10),
          routes: [
            route(),
            route({ name: 'pay', paths: ['/pay'], plugins: limiting(1) }),
            route({ name: 'c', paths: ['/c'] }),
          ],
        }),
        { name: 'stock', url: 'http://stock', routes: [route({ name: 'stock', paths: ['/stock'] })] },
      ],
      plugins: limiting(1_000),
    });
    expect(products.map(({ slug, apis, plans: [plan] }) => [slug, apis, plan!.rateLimits[0]!.limit])).toEqual([
      ['orders', ['list', 'c'], 10],
      ['pay', ['pay'], 1],
      ['kong', ['stock'], 1_000],
    ]);
  });

  it('key-auth: looks for the key where Kong does, and nowhere else', () => {
    const keysOf = (config: object) => versionOf(withPlugin('key-auth', config)).policies.authentication?.keys;
    const nowhere = { bearer: false, basicUser: false };
    expect(keysOf({ key_names: ['X-Key'] })).toEqual({ header: 'x-key', queryParameter: 'X-Key', ...nowhere });
    expect(keysOf({ key_in_query: false })).toEqual({ header: 'apikey', queryParameter: null, ...nowhere });
    expect(keysOf({ key_names: ['api_key'] })).toEqual({ header: 'x-api-key', queryParameter: 'api_key', ...nowhere });
  });

  it('cors, ip-restriction and request-size-limiting: become policies', () => {
    const plugins = [
      { name: 'cors', config: { origins: ['https://app.example'], methods: ['GET'], credentials: true, max_age: 60 } },
      { name: 'ip-restriction', config: { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] } },
      { name: 'request-size-limiting', config: { allowed_payload_size: 2 } },
    ];
    const { policies } = versionOf({ services: [service({ routes: [route({ plugins })] })] });
    expect(policies).toMatchObject({
      cors: { allowOrigins: ['https://app.example'], allowMethods: ['GET'], allowCredentials: true, maxAgeSeconds: 60 },
      addresses: { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] },
      sizes: { maxBodyBytes: 2_097_152 },
    });
  });

  it('ip-restriction: lets nobody in rather than everybody, when no address of those that may can be read', () => {
    const { policies } = versionOf(withPlugin('ip-restriction', { allow: ['office'] }));
    expect(policies.addresses).toMatchObject({ allow: [], deny: ['0.0.0.0/0', '::/0'] });
  });
});

describe('what Kong has and the catalogue has not', () => {
  it('is told by place, all of it', () => {
    const parts = {
      _format_version: '3.0',
      services: [
        service({
          write_timeout: 1,
          client_certificate: { id: 'x' },
          routes: [
            route({
              plugins: [
                { name: 'jwt' },
                { name: 'own-plugin', config: {} },
                { name: 'constructor' },
                { name: 'cors', enabled: false },
                { name: 'rate-limiting', consumer: 'acme', config: { minute: 5 } },
                { name: 'key-auth', config: { key_names: ['a', 'b'], anonymous: 'x', new_option: 1 } },
              ],
            }),
            route({ name: 'twin' }),
            route({ name: 'by-header', paths: ['/h'], headers: { version: ['2', '3'] } }),
            route({ name: 'pattern', paths: ['~/o/\\d+'] }),
            route({ name: 'tcp', paths: ['/tcp'], protocols: ['tcp'] }),
          ],
        }),
        { name: 'idle', url: 'http://idle' },
        { name: 'stream', protocol: 'tcp', host: 'db', port: 5432, routes: [route({ name: 'db', paths: ['/db'] })] },
      ],
      routes: [{ name: 'alone', paths: ['/alone'] }],
      plugins: [{ name: 'cors', service: 'elsewhere' }],
      upstreams: [{ name: 'unused' }],
      certificates: [{}],
      vaults: [{}],
      consumers: [{ username: 'acme', plugins: [{}], basicauth_credentials: [{}], keyauth_credentials: [{}, {}] }],
    };
    const places = remarksOf(parts).map((line) => line.split(': ')[0]);
    const list = 'services[orders].routes[list]';
    expect(new Set(places)).toEqual(
      new Set([
        'certificates',
        'consumers[0].basicauth_credentials',
        'consumers[0].plugins',
        'plugins[cors]',
        'routes[alone]',
        'services[idle]',
        'services[orders].client_certificate',
        `${list}.plugins[constructor]`,
        `${list}.plugins[cors]`,
        `${list}.plugins[jwt]`,
        `${list}.plugins[key-auth].config.anonymous`,
        `${list}.plugins[key-auth].config.key_names`,
        `${list}.plugins[key-auth].config.new_option`,
        `${list}.plugins[own-plugin]`,
        `${list}.plugins[rate-limiting]`,
        'services[orders].routes[by-header]',
        'services[orders].routes[pattern].paths',
        'services[orders].routes[tcp].protocols',
        'services[orders].routes[twin]',
        'services[orders].write_timeout',
        'services[stream]',
        'upstreams[unused]',
        'vaults',
      ]),
    );
    expect(catalogOf(parts).apis.map(({ slug }) => slug)).toEqual(['list']);
    expect(remarksOf(parts, 'to_do')[0]).toBe(
      'consumers[0].keyauth_credentials: 2 keys: bring them along with "tollgate keys import", see the guide to API keys.',
    );
  });

  it.each([
    [[1, 2], '(file): expected a mapping, found a list.'],
    [{ services: [] }, '_format_version: expected that of a declarative file of Kong'],
    [
      { _format_version: '3.0', services: [service({ port: 'high' })] },
      'services[orders].port: expected a whole number, found high.',
    ],
    [
      { _format_version: '3.0', services: [service({ routes: {} })] },
      'services[orders].routes: expected a list, found a mapping.',
    ],
    [
      { _format_version: '3.0', services: [service({ routes: [{ paths: [7] }] })] },
      'services[orders].routes[0].paths[0]: expected a text, found 7.',
    ],
    [{ _format_version: '3.0', services: [null] }, 'services[0]: expected a mapping, found nothing.'],
  ])('a value of the wrong type is refused by place', (document, fault) => {
    expect(() => importKong(document, options)).toThrow(fault);
  });

  it('what no catalogue can have is refused with its place there, and nothing is written when all is left out', () => {
    const faulty = read({ services: [service({ url: 'http://user@', host: 'not a host', routes: [route()] })] });
    expect(() => catalogText(faulty, options, 'Imported.')).toThrow(/apis\.0\.versions\.0\.upstream\.url: /);
    const empty = read({ services: [service({ routes: [route({ paths: ['~/.*'] })] })] });
    expect(() => catalogText(empty, options, 'Imported.')).toThrow('Nothing of the file can be carried over.');
    const variable = read({ services: [service({ routes: [route({ name: 'a ${b}' })] })] });
    expect(catalogText(variable, options, 'Imported.')).not.toContain('${');
  });
});
