import { describe, expect, it } from 'vitest';
import { catalogFaults } from './catalog-faults.js';
import { faultInWords } from './catalog-refused-error.js';
import { type CatalogFile, catalogFileSchema } from './catalog-file.js';

const aFile = (upstream: object): object => ({
  tollgate: 1,
  apis: [
    {
      slug: 'weather',
      title: 'Weather',
      publisher: 'sky',
      versions: [{ name: 'v1', document: 'weather.yaml', basePath: '/weather', upstream }],
    },
  ],
});
/** An upstream of a catalogue file with its defaults. */
const read = (upstream: object) => catalogFileSchema.parse(aFile(upstream)).apis[0]!.versions[0]!.upstream!;
/** What is wrong with it, each with its place. */
function faultsOf(upstream: object): string[] {
  const { error } = catalogFileSchema.safeParse(aFile(upstream));
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(5).join('.')}: ${message}`);
}
const url = 'http://orders.example.com/v1';
const targets = [{ url: 'http://a.example.com' }, { url: 'http://b.example.com' }];

describe('discovery in a catalogue file', () => {
  it('is of one url, by DNS or by a file', () => {
    expect(read({ url, discovery: { dns: {} } }).discovery).toEqual({
      dns: { type: 'a', minRefreshSeconds: 5, maxRefreshSeconds: 60 },
    });
    expect(faultsOf({ url, discovery: { dns: { type: 'srv', name: '_http._tcp.orders.example.com.' } } })).toEqual([]);
    expect(
      faultsOf({ url: 'http://10.0.0.1', discovery: { dns: { name: 'orders.example.com', port: 8080 } } }),
    ).toEqual([]);
    expect(faultsOf({ url, discovery: { file: 'orders.yaml' }, healthCheck: { path: '/' } })).toEqual([]);
  });

  it.each<readonly [object, string]>([
    [
      { discovery: { dns: {} }, targets },
      'discovery: it finds the targets of one url: give url, and neither targets nor traffic',
    ],
    [{ url, discovery: {} }, 'discovery: give either dns or file'],
    [{ url, discovery: { dns: {}, file: 'a.json' } }, 'discovery: give either dns or file'],
    [
      { url: 'http://[fd12::1]', discovery: { dns: {} } },
      'discovery.dns.name: the host of url is an address: say which name is asked for',
    ],
    [
      { url, discovery: { dns: { type: 'srv' } } },
      'discovery.dns.name: srv needs the name of the service, such as _http._tcp.orders.example.com',
    ],
    [
      { url, discovery: { dns: { type: 'srv', name: 'a.b', port: 80 } } },
      'discovery.dns.port: the ports of a service are in its answer',
    ],
    [
      { url, discovery: { dns: { name: '10.0.0.1' } } },
      'discovery.dns.name: this is an address, which leads to nothing but itself: give it as url or in targets',
    ],
    [
      { url, discovery: { dns: { minRefreshSeconds: 90 } } },
      'discovery.dns.maxRefreshSeconds: expected no less than minRefreshSeconds',
    ],
    ...['../orders.yaml', 'a/orders.yaml', '/etc/passwd', 'orders.txt', '.hidden.yaml', 'a\0.yaml'].map(
      (file) =>
        [
          { url, discovery: { file } },
          'discovery.file: expected the name of a .yaml or .json file, without a folder',
        ] as const,
    ),
  ])('is refused by place: %j', (upstream, fault) => {
    expect(faultsOf(upstream)).toEqual([fault]);
  });

  it('is for the operator to allow, where it leads elsewhere', () => {
    const faults = (upstream: object, allowsTargetFiles: boolean) => {
      const file = catalogFileSchema.parse(aFile(upstream)) as CatalogFile;
      const found = catalogFaults(file, { allowsPrivateUpstreams: false, allowsTargetFiles });
      expect(found.every(({ path }) => path.startsWith('apis.0.versions.0.upstream.discovery.'))).toBe(true);
      return found.map((fault) => faultInWords(file, fault));
    };
    const at = 'apis.weather.versions.v1.upstream.discovery';
    expect(faults({ url, discovery: { file: 'orders.yaml' } }, true)).toEqual([]);
    expect(faults({ url, discovery: { file: 'orders.yaml' } }, false)).toEqual([
      `${at}.file: an operator can allow files of targets by UPSTREAM_TARGETS_DIR, the folder that they are in.`,
    ]);
    const [fault] = faults({ url, discovery: { dns: { name: 'metadata.google.internal' } } }, false);
    expect(fault).toContain(`${at}.dns.name: metadata.google.internal is a link-local, metadata or multicast address`);
  });
});

describe('balancing by hash in a catalogue file', () => {
  it('goes by callers, header fields and cookies', () => {
    const hashBy = [{ header: 'X-Session' }, { cookie: 'sid' }, 'organization', 'client-address'];
    expect(read({ targets, balancing: 'consistent-hash', hashBy }).hashBy).toEqual(hashBy);
    expect(faultsOf({ targets, balancing: 'consistent-hash' })).toEqual([]);
    expect(faultsOf({ targets, hashBy })).toEqual(['hashBy: only balancing consistent-hash goes by it']);
    expect(faultsOf({ targets, balancing: 'consistent-hash', hashBy: [] })).toHaveLength(1);
    expect(faultsOf({ targets, balancing: 'consistent-hash', hashBy: [{ header: 'a', cookie: 'b' }] })).toHaveLength(1);
  });
});

describe('health checks in a catalogue file', () => {
  it('need no more than a path', () => {
    expect(read({ url, healthCheck: { path: '/healthz?deep=1' } }).healthCheck).toEqual({
      path: '/healthz?deep=1',
      intervalSeconds: 10,
      timeoutSeconds: 2,
      healthyAfter: 2,
      unhealthyAfter: 3,
    });
  });

  it.each([
    [{ path: 'healthz' }, 'healthCheck.path: expected a path such as /healthz, in ASCII and without a fragment'],
    [{ path: '/a b' }, 'healthCheck.path: expected a path such as /healthz, in ASCII and without a fragment'],
    [{ path: '/a\r\nx: y' }, 'healthCheck.path: expected a path such as /healthz, in ASCII and without a fragment'],
    [
      { path: '/', intervalSeconds: 2, timeoutSeconds: 3 },
      'healthCheck.timeoutSeconds: expected no more than intervalSeconds',
    ],
  ])('are refused by place: %j', (healthCheck, fault) => {
    expect(faultsOf({ url, healthCheck })).toEqual([fault]);
  });
});
