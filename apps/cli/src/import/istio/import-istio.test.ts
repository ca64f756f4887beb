import { catalogFileSchema } from '#services';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../imported-catalog.js';
import { type IstioOptions, importIstio } from './import-istio.js';

const options: IstioOptions = { publisher: 'sky', currency: 'USD', organization: undefined, targets: new Map() };
const resource = (kind: string, spec: object, name = 'reviews') => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name },
  spec,
});
const virtualService = (http: readonly object[], parts: object = {}) =>
  resource('VirtualService', { hosts: ['reviews'], http, ...parts });
const to = (subset: string | undefined, parts: object = {}) => ({
  destination: { host: 'reviews', ...(subset !== undefined && { subset }), ...parts },
});
const read = (documents: readonly unknown[], changes: Partial<IstioOptions> = {}) =>
  importIstio(documents, { ...options, ...changes });

function versionsOf(documents: readonly unknown[], changes: Partial<IstioOptions> = {}) {
  const text = catalogText(read(documents, changes), options, 'Imported.');
  return catalogFileSchema.parse(parse(text)).apis.map(({ versions }) => versions[0]!);
}
const upstreamOf = (documents: readonly unknown[], changes?: Partial<IstioOptions>) =>
  versionsOf(documents, changes)[0]!.upstream!;
const remarksOf = (documents: readonly unknown[], kind = 'left_out') =>
  read(documents)
    .report.remarks.filter((remark) => remark.kind === kind)
    .map(({ place }) => place);

describe('routes of a VirtualService', () => {
  it('become rules with their own repeats, and the one without a match the default', () => {
    const upstream = upstreamOf([
      virtualService([
        {
          match: [{ sourceLabels: { app: 'productpage' } }],
          route: [to('v2')],
          retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' },
        },
        { route: [to('v1')], timeout: '1m30s' },
      ]),
    ]);
    expect(upstream).toMatchObject({
      targets: [
        { url: 'http://reviews-v2', subset: 'v2' },
        { url: 'http://reviews-v1', subset: 'v1' },
      ],
      traffic: {
        rules: [
          {
            name: 'route-1',
            match: [{ applications: ['productpage/productpage'] }],
            subset: 'v2',
            retries: { attempts: 3, perTryTimeoutMs: 2_000, retryOn: ['5xx'] },
          },
        ],
        default: { subset: 'v1' },
      },
      retries: { attempts: 2, retryOn: ['connect-failure'] },
      responseTimeoutMs: 90_000,
    });
  });

  it('refuse the calls that none of them is for', () => {
    const { traffic, retries } = upstreamOf([
      virtualService([{ match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] }]),
    ]);
    expect(traffic).toMatchObject({
      rules: [{ match: [{ headers: { 'end-user': { exact: 'jason' } } }], subset: 'v2' }],
      default: { refuse: true },
    });
    expect(retries).toBeUndefined();
  });

  it('share calls by weight among subsets and hosts', () => {
    const http = [
      {
        route: [
          { ...to('v1', { port: { number: 9080 } }), weight: 90 },
          { destination: { host: 'other.prod' }, weight: 10 },
        ],
      },
    ];
    expect(upstreamOf([virtualService(http)])).toMatchObject({
      targets: [
        { url: 'http://reviews-v1:9080', subset: 'v1' },
        { url: 'http://other.prod', subset: 'other' },
      ],
      traffic: {
        default: {
          split: [
            { subset: 'v1', weight: 90 },
            { subset: 'other', weight: 10 },
          ],
        },
      },
    });
  });

  it('need no subsets where all calls go to one place', () => {
    const upstream = upstreamOf([virtualService([{ route: [to(undefined)] }])]);
    expect(upstream).toMatchObject({ url: 'http://reviews' });
    expect(upstream.traffic).toBeUndefined();
  });

  it('go where the command line says that a subset is', () => {
    const targets = new Map([['reviews/v1', ['http://10.0.0.1:9080', 'http://10.0.0.2:9080']]]);
    expect(upstreamOf([virtualService([{ route: [to('v1')] }])], { targets }).targets).toMatchObject([
      { url: 'http://10.0.0.1:9080', subset: 'v1' },
      { url: 'http://10.0.0.2:9080', subset: 'v1' },
    ]);
  });

  it('match header fields, and applications of the organization that is said', () => {
    const match = [
      { headers: { a: { prefix: 'x' }, b: { regex: '[0-9]+' }, c: {} }, withoutHeaders: { d: {} } },
      { sourceLabels: { 'app.kubernetes.io/name': 'web' } },
    ];
    const { traffic } = upstreamOf([virtualService([{ match, route: [to('v2')] }])], { organization: 'mesh' });
    expect(traffic!.rules[0]!.match).toEqual([
      { headers: { a: { prefix: 'x' }, b: { regex: '[0-9]+' }, c: { present: true }, d: { present: false } } },
      { applications: ['mesh/web'] },
    ]);
  });

  it('become a version for each path, with all routes that are for it, in their order', () => {
    const http = [
      { name: 'test', match: [{ headers: { test: {} } }], route: [to('test')] },
      { name: 'api', match: [{ uri: { prefix: '/api/' } }], rewrite: { uri: '/v2' }, route: [to('api')] },
      { name: 'login', match: [{ uri: { exact: '/login' } }], route: [to('login')] },
    ];
    const versions = versionsOf([virtualService(http)]);
    const shown = versions.map(({ basePath, upstream }) => [
      basePath,
      upstream!.traffic?.rules.map(({ subset }) => subset) ?? upstream!.url,
      upstream!.traffic?.default.subset ?? 'refused',
    ]);
    expect(shown).toEqual([
      ['/', ['test'], 'refused'],
      ['/api', 'http://reviews-api/v2', 'refused'],
      ['/login', ['test'], 'login'],
    ]);
    expect(versions.map(({ host }) => host)).toEqual(['reviews', 'reviews', 'reviews']);
    expect(versions[2]!.upstream!.targets![0]!.url).toBe('http://reviews-test/login');
    // Paths of an upstream are one: the route that wants another one is told of.
    expect(remarksOf([virtualService(http)])).toEqual(['VirtualService reviews.http[test]']);
    const [only] = versionsOf([virtualService([http[1]!])]);
    expect(only!.upstream!.url).toBe('http://reviews-api/v2');
  });

  it('take over what a DestinationRule says of their host', () => {
    const trafficPolicy = {
      loadBalancer: { simple: 'LEAST_REQUEST' },
      connectionPool: { tcp: { connectTimeout: '250ms' }, http: { http2MaxRequests: 100 } },
      outlierDetection: { consecutive5xxErrors: 7, baseEjectionTime: '3m' },
      tls: { mode: 'SIMPLE' },
    };
    const rule = resource('DestinationRule', { host: 'reviews', trafficPolicy });
    expect(upstreamOf([{ kind: 'List', items: [virtualService([{ route: [to(undefined)] }]), rule] }])).toMatchObject({
      url: 'https://reviews',
      balancing: 'least-requests',
      connectTimeoutMs: 250,
      circuitBreaker: { consecutiveFailures: 7, openMs: 180_000, maxConcurrent: 100 },
    });
  });

  it('go by hash where it says so', () => {
    const hashed = (consistentHash: object) => {
      const rule = resource('DestinationRule', {
        host: 'reviews',
        trafficPolicy: { loadBalancer: { consistentHash } },
      });
      const documents = [virtualService([{ route: [to(undefined)] }]), rule];
      const { balancing, hashBy } = upstreamOf(documents)!;
      const remarks = [...remarksOf(documents), ...remarksOf(documents, 'changed')];
      return { balancing, hashBy, remarks: remarks.filter((place) => place.startsWith('DestinationRule')) };
    };
    const balancing = 'consistent-hash';
    const at = 'DestinationRule reviews.trafficPolicy.loadBalancer.consistentHash';
    expect(hashed({ httpHeaderName: 'x-user', minimumRingSize: 1024 })).toEqual({
      balancing,
      hashBy: [{ header: 'x-user' }],
      remarks: [],
    });
    expect(hashed({ httpCookie: { name: 'sid', ttl: '0s' } })).toEqual({
      balancing,
      hashBy: [{ cookie: 'sid' }],
      remarks: [`${at}.httpCookie.ttl`],
    });
    expect(hashed({ useSourceIp: true, maglev: {} })).toEqual({ balancing, hashBy: ['client-address'], remarks: [] });
    expect(hashed({ httpQueryParameterName: 'user' })).toEqual({ remarks: [`${at}.httpQueryParameterName`, at] });
  });
});

describe('what Istio has and the catalogue has not', () => {
  it('is told by place, all of it, and nothing matches more than it did', () => {
    const http = [
      { match: [{ method: { exact: 'POST' } }, { sourceLabels: { app: 'a', version: '1' } }], route: [to('v3')] },
      { match: [{ uri: { regex: '/a.*' } }], route: [to('v3')] },
      { match: [{ withoutHeaders: { a: { exact: '1' } } }], route: [to('v3')] },
      { match: [{ headers: { a: { regex: '(?=a)' } } }], route: [to('v3')] },
      { redirect: { uri: '/x' } },
      { fault: {}, mirror: {}, route: [to('v1')], retries: { attempts: 1, retryOn: '5xx,cancelled' } },
    ];
    const documents = [
      virtualService(http, { tcp: [{}], hosts: ['reviews', '*.example.com'], newField: 1 }),
      resource('DestinationRule', { host: 'elsewhere', trafficPolicy: { portLevelSettings: [{}] } }, 'elsewhere'),
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
      { apiVersion: 'networking.istio.io/v1', kind: 'constructor' },
    ];
    const at = 'VirtualService reviews.http';
    expect(new Set(remarksOf(documents))).toEqual(
      new Set([
        'DestinationRule elsewhere',
        'DestinationRule elsewhere.trafficPolicy.portLevelSettings',
        'Service web',
        'constructor constructor',
        'VirtualService reviews.hosts',
        'VirtualService reviews.newField',
        'VirtualService reviews.tcp',
        `${at}[0].match[0].method`,
        `${at}[0].match[1].sourceLabels`,
        `${at}[1].match[0].uri`,
        `${at}[2].match[0].withoutHeaders.a`,
        `${at}[3].match[0].headers.a`,
        `${at}[4]`,
        `${at}[5].fault`,
        `${at}[5].mirror`,
        `${at}[5].retries.retryOn`,
      ]),
    );
    expect(upstreamOf(documents).url).toBe('http://reviews-v1');
  });

  it.each([
    [[7], '(file): expected a mapping, found 7.'],
    [[virtualService([{ route: {} }])], 'VirtualService reviews.http[0].route: expected a list, found a mapping.'],
    [
      [virtualService([{ route: [to('v1')], timeout: 'soon' }])],
      'http[0].timeout: expected a duration such as 2s, found soon.',
    ],
    [[virtualService([{ route: [{ destination: { host: 'a b' } }] }])], 'a b is no host that can be called.'],
  ])('a value of the wrong type is refused by place', (documents, fault) => {
    expect(() => read(documents)).toThrow(fault);
  });
});
