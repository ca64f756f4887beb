import { randomBytes } from 'node:crypto';
import { loadOpenApiDocument } from '#openapi';
import { applyCatalog, catalogFileSchema } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../support/certificates.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 'Weather', version: '1' },
  paths: {
    '/towns/{town}': {
      get: {
        operationId: 'getTown',
        parameters: [{ name: 'town', in: 'path', required: true, schema: { type: 'string', pattern: '^(?!x)' } }],
        responses: { 200: { description: 'ok', content: { 'text/plain': { example: 'Ghent' } } } },
      },
    },
  },
};

const KEY = { id: '1', secret: randomBytes(32) };
const upstream = { url: 'http://127.0.0.1:9/', credential: { header: 'Authorization', value: 'secret' } };

const aFile = (policies: object, place: object | null = upstream) => ({
  tollgate: 1,
  publishers: [{ slug: 'sky', name: 'Sky' }],
  apis: [
    {
      slug: 'weather',
      title: 'Weather',
      publisher: 'sky',
      versions: [
        {
          name: 'v1',
          document: 'weather.yaml',
          basePath: '/weather/v1',
          ...(place ? { upstream: place } : {}),
          policies,
        },
      ],
    },
  ],
});

/** Where the schema objects, and why. */
function schemaFaults(policies: object): string[] {
  const { error } = catalogFileSchema.safeParse(aFile(policies));
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(4).join('.')}: ${message}`);
}

describe('applying the policies of an API version', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  const apply = async (policies: object, place: object | null = upstream) =>
    applyCatalog(database.context, {
      file: catalogFileSchema.parse(aFile(policies, place)),
      documents: new Map([['weather/v1', await loadOpenApiDocument(JSON.stringify(OPENAPI))]]),
      encryptionKeys: [KEY],
      allowsPrivateUpstreams: true,
      dryRun: false,
      actor: { kind: 'cli', id: null },
    });
  const stored = async () => {
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ policies: object }>('SELECT policies FROM api_version'),
    );
    return rows[0]?.policies;
  };

  it('names the place of what no gateway could do', () => {
    const header = { selector: '*', request: { headers: { set: { 'x-consumer-id': 'me' } } } };
    expect(schemaFaults({ transformations: [header] })).toEqual([
      'policies.transformations.0.request.headers.set.x-consumer-id: "x-consumer-id" is the gateway\'s own or belongs to one hop',
    ]);
    expect(schemaFaults({ addresses: { allow: ['10.0.0.1/8'] } })).toEqual([
      'policies.addresses.allow.0: the address has bits beyond its prefix of 8 bits',
    ]);
  });

  it('refuses transformations that fit no operation, or touch the credential of the upstream', async () => {
    const transformations = [
      { selector: 'getTowns', request: { headers: { remove: ['cookie'] } } },
      { selector: '*', request: { headers: { set: { authorization: 'mine' } } } },
      { selector: '*', request: { path: { rewrite: '/x/${path.city}' } } },
    ];
    const error = await apply({ transformations }).catch((caught: Error) => caught.message);
    expect(error).toContain('weather/v1.policies.transformations.0.selector: no operation is called "getTowns"');
    expect(error).toContain('weather/v1.policies.transformations.1.request.headers: "authorization" carries');
    expect(error).toContain('weather/v1.policies.transformations.2.selector: no operation here has the path parameter');
    expect(await stored()).toBeUndefined();
  });

  it('stores them with their defaults', async () => {
    await apply({
      addresses: { deny: ['192.0.2.0/24'] },
      transformations: [{ selector: 'getTown', response: { body: { remove: ['/a'] } } }],
    });
    expect(await stored()).toMatchObject({
      addresses: { allow: [], deny: ['192.0.2.0/24'] },
      transformations: [
        { selector: 'getTown', response: { body: { remove: ['/a'], maxBytes: 1_048_576, tooLarge: 'pass' } } },
      ],
    });
  });

  it('keeps what gateways need of the document only where requests are checked or mocked, and remarks on the rest', async () => {
    const contract = async () => {
      const rows = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ contract: { operations: Record<string, string> } | null }>(
          'SELECT contract FROM api_version',
        ),
      );
      return rows[0]!.contract;
    };
    await apply({});
    expect(await contract()).toBeNull();
    const changes = await apply({ validation: {} });
    const remark = 'GET /towns/{town}: the pattern "^(?!x)" is not checked: it has what no linear-time engine can do';
    expect(changes.map(({ remarks }) => remarks)).toEqual([[remark]]);
    expect(Object.keys((await contract())!.operations)).toEqual(['getTown']);
    expect((await contract())!.operations['getTown']).not.toContain('Ghent');
    await apply({ mock: {} });
    expect((await contract())!.operations['getTown']).toContain('Ghent');
    expect(await apply({ mock: {} })).toEqual([]);
  });

  it('wants an upstream or a mock', async () => {
    const error = await apply({}, null).catch((caught: Error) => caught.message);
    expect(error).toContain('apis.weather.versions.v1.upstream: give one, or turn policies.mock on.');
    await apply({ mock: {} }, null);
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query('SELECT upstream, upstream_secret_id FROM api_version'),
    );
    expect(rows).toEqual([{ upstream: null, upstream_secret_id: null }]);
  });

  it('makes the installation’s signing key for the first version that wants tokens, and no other', async () => {
    const withToken = { ...upstream, token: { audience: 'weather' } };
    const first = await apply({}, withToken);
    expect(first.filter(({ noun }) => noun === 'signing key')).toHaveLength(1);
    expect(await apply({}, withToken)).toEqual([]);
    expect(await apply({}, { ...withToken, token: { lifetimeSeconds: 30 } })).toMatchObject([{ noun: 'API version' }]);
    await expect(apply({}, { ...withToken, token: { header: 'Authorization' } })).rejects.toThrow(
      /carries the credential/,
    );
    const { error } = catalogFileSchema.safeParse(aFile({}, { ...upstream, token: { header: 'X-Consumer-Id' } }));
    expect(error?.issues[0]?.message).toBe('this header is the gateway’s own');
  });

  it('seals the key of a client certificate, and refuses TLS settings that cannot be', async () => {
    const authority = await TestAuthority.create();
    const [mine, other] = [await authority.issue({ dns: ['a.test'] }), await authority.issue({ dns: ['b.test'] })];
    const place = (tls: object, url = 'https://127.0.0.1:9/') => ({ ...upstream, url, tls });
    const clientCertificate = { certificate: mine.cert, key: mine.key };
    await apply({}, place({ ca: authority.pem, clientCertificate }));
    expect(await apply({}, place({ ca: authority.pem, clientCertificate }))).toEqual([]);
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ text: string }>(
        `SELECT upstream::text || purpose AS text FROM api_version JOIN secret ON secret.id = client_key_secret_id`,
      ),
    );
    expect(rows[0]!.text).toContain('upstream-client-key');
    expect(rows[0]!.text).not.toContain('PRIVATE KEY');
    const faultOf = (tls: object) => catalogFileSchema.safeParse(aFile({}, place(tls))).error?.issues[0]?.message;
    expect(faultOf({ ca: 'none' })).toBe('expected certificates in PEM');
    expect(faultOf({ clientCertificate: { certificate: mine.cert, key: 'none' } })).toBe(
      'expected a private key in PEM',
    );
    expect(faultOf({ clientCertificate: { certificate: mine.cert, key: other.key } })).toBe(
      'the key is not that of the certificate',
    );
    await expect(apply({}, place({}, 'http://127.0.0.1:9/'))).rejects.toThrow(/only an https upstream has TLS/);
    await expect(apply({}, place({ verify: false }))).rejects.toThrow(/UPSTREAM_ALLOW_UNVERIFIED_TLS/);
    await apply({});
    const [left] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM secret WHERE purpose = 'upstream-client-key'`,
      ),
    );
    expect(left!.count).toBe(0);
  });

  it('takes an upstream in several places, that differ in host and port only', async () => {
    const place = (...urls: string[]) => ({ targets: urls.map((url) => ({ url })), balancing: 'least-requests' });
    const two = place('http://127.0.0.1:9/a/', 'http://127.0.0.1:10/a');
    expect(await apply({}, two)).toMatchObject([{ noun: 'API version' }]);
    expect(await apply({}, two)).toEqual([]);
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ upstream: object }>('SELECT upstream FROM api_version'),
    );
    expect(row!.upstream).toMatchObject({
      url: 'http://127.0.0.1:9/a',
      targets: [
        { url: 'http://127.0.0.1:9/a', weight: 1 },
        { url: 'http://127.0.0.1:10/a', weight: 1 },
      ],
    });
    const faultOf = (other: object) => catalogFileSchema.safeParse(aFile({}, other)).error?.issues[0]?.message;
    expect(faultOf({})).toBe('give either url or targets');
    expect(faultOf({ ...two, url: 'http://127.0.0.1:9/' })).toBe('give either url or targets');
    expect(faultOf(place('http://a.test', 'http://a.test/'))).toBe('two targets are at the same place');
    expect(faultOf(place('not a url', 'http://a.test/'))).toMatch(/URL/i);
    expect(faultOf(place('http://a.test/x', 'http://b.test'))).toMatch(/differ in host and port only/);
    expect(faultOf(place('http://a.test', 'https://b.test'))).toMatch(/differ in host and port only/);
    await expect(apply({}, place('http://a.test', 'http://169.254.169.254'))).rejects.toThrow(
      /upstream\.targets\.1\.url: .*link-local/,
    );
  });
});
