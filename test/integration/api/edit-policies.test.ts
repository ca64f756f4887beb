import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { catalogJsonSchema, grantStaff } from '#services';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestAuthority } from '../../support/certificates.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const actor = { kind: 'cli', id: null } as const;
const sealingKey = randomBytes(32);
const root = path.resolve(import.meta.dirname, '../../..');
const WHOLE = path.join(root, 'test/integration/catalog/whole-catalog/catalog.yaml');

type Policies = Readonly<Record<string, unknown>>;
interface Edited {
  readonly code?: string;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
  readonly policies: Policies;
  readonly remarks?: readonly string[];
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

describe('the policies of a version, as their publisher edits them', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  const versions = {
    v1: { upstream: { url: 'https://one.example.com/', credential: { header: 'X-Secret', value: 'open sesame' } } },
    v2: { upstream: undefined, policies: { mock: {} } },
    v3: {
      policies: {
        testUpstream: { url: 'https://ada:pa55word@test.example.com/v1' },
        authentication: { jwt: { issuer: 'https://id.example.com/', audiences: ['weather'] } },
      },
    },
  };
  beforeAll(async () => {
    database = await createTestDatabase('2026-11-10T10:00:00Z');
    api = await RunningApi.start(database, { ENCRYPTION_KEYS: `1:${sealingKey.toString('base64')}` });
    await applyFile(
      database,
      { apis: [weatherApi(versions)], products: [weatherProduct({ plans: [] })] },
      { sealingKey },
    );
    ada = await api.signUp('Ada');
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const address = (version: string) => `/api/v1/publisher/apis/weather/versions/${version}/policies`;
  const read = (version: string, as = ada) => api.call<Edited>(address(version), { as });
  const write = (version: string, body: object, ifMatch = '*', as = ada) =>
    api.call<Edited>(address(version), { as, method: 'PUT', body, headers: { 'if-match': ifMatch } });
  const stored = async (version: string) => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ policies: Policies; contract: object | null; secret: string | null }>(
        'SELECT policies, contract, upstream_secret_id AS secret FROM api_version WHERE name = $1',
        [version],
      ),
    );
    return row!;
  };
  const changes = async () => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>(`SELECT count(*)::int AS count FROM change_log WHERE noun = 'catalog'`),
    );
    return row!.count;
  };

  it('change at once with an entry in the audit log, for nobody who has not seen what is there', async () => {
    const first = await read('v1');
    expect([first.status, first.body]).toEqual([200, { policies: {} }]);
    const before = await changes();
    const cors = { allowOrigins: ['https://app.example.com'], maxAgeSeconds: 600 };
    const changed = await write('v1', { cors, limits: { classicHeaders: true } }, first.headers.get('etag')!);
    expect([changed.status, changed.body]).toEqual([
      200,
      { policies: { cors: { allowOrigins: cors.allowOrigins }, limits: { classicHeaders: true } }, remarks: [] },
    ]);
    expect(await changes()).toBe(before + 1);
    const again = await write('v1', changed.body.policies, changed.headers.get('etag')!);
    expect(again.status).toBe(200);
    expect(await changes()).toBe(before + 1);
    expect((await write('v1', {}, first.headers.get('etag')!)).body.code).toBe('changed_meanwhile');
    expect((await stored('v1')).secret).not.toBeNull();
    const noted = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT noun_id, details FROM audit_log WHERE noun = 'API version' AND action = 'updated' AND actor_id = $1`,
        [ada.userId],
      ),
    );
    expect(noted).toEqual([{ noun_id: 'weather/v1', details: { fields: ['policies'] } }]);
  });

  it('are nobody else’s: those of other publishers are not there', async () => {
    const bob = await api.signUp('Bob');
    const earth = { products: [], publishers: [{ slug: 'earth', name: 'Earth' }] };
    await applyFile(database, earth);
    expect((await read('v1', bob)).status).toBe(403);
    await grantStaff(database.context, { email: bob.email, grant: { team: 'earth' }, actor });
    for (const answer of [await read('v1', bob), await write('v1', {}, '*', bob), await read('v9')])
      expect(answer.status).toBe(404);
  });

  it('give gateways what they check and mock by, and take it away again', async () => {
    expect((await stored('v1')).contract).toBeNull();
    await write('v1', { validation: {} });
    expect((await stored('v1')).contract).not.toBeNull();
    await write('v1', {});
    expect(await stored('v1')).toMatchObject({ contract: null, policies: {} });
  });

  it('never show a password within an address, and keep it where the address stays', async () => {
    const { body, text } = await read('v3');
    expect(text).not.toContain('pa55word');
    expect(body.policies['testUpstream']).toEqual({ url: 'https://test.example.com/v1' });
    const slower = { ...body.policies, testUpstream: { url: 'https://test.example.com/v1', responseTimeoutMs: 9_000 } };
    const changed = await write('v3', slower);
    expect(changed.status).toBe(200);
    expect(changed.text).not.toContain('pa55word');
    expect((await stored('v3')).policies['testUpstream']).toMatchObject({
      url: 'https://ada:pa55word@test.example.com/v1',
      responseTimeoutMs: 9_000,
    });
    await write('v3', { testUpstream: { url: 'https://evil.example.com/v1' } });
    expect((await stored('v3')).policies['testUpstream']).toMatchObject({ url: 'https://evil.example.com/v1' });
  });

  it('have every fault named with its place, and stay as they were', async () => {
    const placesOf = async (version: string, body: object) => {
      const refused = await write(version, body);
      expect(refused.status, refused.text).toBe(400);
      return refused.body.faults!.map(({ path: place }) => place);
    };
    const before = (await read('v1')).body;
    expect(
      await placesOf('v1', {
        cors: { allowOrigins: ['*'], allowCredentials: true },
        sizes: { maxBodyBytes: -1 },
        addresses: { deny: ['10.0.0.1/99'] },
        transformations: [{ selector: '*', request: { headers: { set: { host: 'x' } } } }],
      }),
    ).toEqual([
      'body.cors.allowCredentials',
      'body.sizes.maxBodyBytes',
      'body.addresses.deny.0',
      'body.transformations.0.request.headers.set.host',
    ]);
    expect(await placesOf('v1', { testUpstream: { url: 'https://169.254.169.254/', tls: { verify: false } } })).toEqual(
      ['body.testUpstream.tls', 'body.testUpstream.url'],
    );
    expect(
      await placesOf('v1', {
        transformations: [
          { selector: '*', request: { headers: { set: { 'x-secret': 'mine' } } } },
          { selector: 'noSuch', request: { headers: { set: { 'x-a': '1' } } } },
        ],
      }),
    ).toEqual(['body.transformations.0.request.headers', 'body.transformations.1.selector']);
    expect(await placesOf('v2', {})).toEqual(['body.mock']);
    expect(await placesOf('v1', { translation: { grpc: { descriptors: 'file:/etc/passwd' } } })).toEqual([
      'body.translation.grpc.descriptors',
    ]);
    const descriptors = fs.readFileSync(path.join(root, 'test/support/grpc/library.binpb')).toString('base64');
    // Without HTTP/2 to the upstream, which is not said here.
    expect(await placesOf('v1', { translation: { grpc: { descriptors } } })).toContain('body.translation');
    // As long as they may be, and longer than other bodies.
    expect(await placesOf('v1', { translation: { grpc: { descriptors: 'A'.repeat(4_000_000) } } })).toContain(
      'body.translation.grpc.descriptors',
    );
    expect(await placesOf('v1', { corse: {} })).toHaveLength(1);
    expect((await read('v1')).body).toEqual(before);
  });
});

describe('the policies of the catalogue file', () => {
  it('are all of this door too, with every field', () => {
    const document = JSON.parse(fs.readFileSync(path.join(root, 'apps/api/openapi.json'), 'utf8')) as {
      readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
    };
    const file = catalogJsonSchema() as Schema;
    const inFile = file.properties!['apis']!.items!.properties!['versions']!.items!.properties!['policies']!;
    expect(Object.keys(document.components.schemas['Policies']!.properties!)).toEqual(Object.keys(inFile.properties!));
    expect(fieldsOf(document.components.schemas['Policies'])).toEqual(fieldsOf(inFile));
  });

  it('go out and come back as they were, each of them', async () => {
    const database = await createTestDatabase();
    const commandLine = new CommandLine(database);
    const ring = process.env['ENCRYPTION_KEYS']!;
    const allowed = { UPSTREAM_ALLOW_PRIVATE: 'true', UPSTREAM_ALLOW_UNVERIFIED_TLS: 'true' };
    for (const [name, value] of Object.entries({ ...allowed, UPSTREAM_TARGETS_DIR: commandLine.folder }))
      vi.stubEnv(name, value);
    const authority = await TestAuthority.create();
    const { cert, key } = await authority.issue({});
    const given = { secret: 's3cret', ca: authority.pem, certificate: cert, key };
    const file = ['-f', WHOLE, ...Object.entries(given).flatMap(([name, value]) => ['--set', `${name}=${value}`])];
    const api = await RunningApi.start(database, { ENCRYPTION_KEYS: ring, ...allowed });
    try {
      expect(await commandLine.run('apply', ...file)).toMatchObject({ code: 0 });
      const ada = await api.signUp('Ada');
      for (const team of ['sky', 'earth'])
        await grantStaff(database.context, { email: ada.email, grant: { team }, actor });
      const { apis } = parse(fs.readFileSync(WHOLE, 'utf8')) as {
        readonly apis: readonly {
          readonly slug: string;
          readonly versions: readonly { readonly name: string; readonly policies?: Policies }[];
        }[];
      };
      const seen = new Set<string>();
      for (const { slug, versions } of apis)
        for (const { name, policies: written = {} } of versions) {
          const address = `/api/v1/publisher/apis/${slug}/versions/${name}/policies`;
          const { body } = await api.call<Edited>(address, { as: ada });
          expect(Object.keys(body.policies).toSorted(), address).toEqual(Object.keys(written).toSorted());
          for (const section of Object.keys(body.policies)) seen.add(section);
          for (const policies of [{ mock: {} }, body.policies]) {
            const options = { as: ada, method: 'PUT', body: policies, headers: { 'if-match': '*' } };
            const put = await api.call<Edited>(address, options);
            expect([put.status, put.body.policies], put.text).toEqual([200, policies]);
          }
        }
      const inFile = fieldsOf(catalogJsonSchema()).filter((field) =>
        /^\.apis\[\]\.versions\[\]\.policies\.\w+$/.test(field),
      );
      expect([...seen].toSorted()).toEqual(inFile.map((field) => field.split('.').at(-1)!).toSorted());
      expect(await commandLine.run('diff', ...file)).toEqual({
        code: 0,
        output: 'No difference: what is live is what the file says.\n',
      });
    } finally {
      await api.stop();
      commandLine.dispose();
      await database.dispose();
    }
  });
});

/** All fields of a schema, as ".routes[].selector"; what is in a record of any names has "*". */
function fieldsOf(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { anyOf = [], oneOf = [], properties = {}, items, additionalProperties } = schema as Record<string, never>;
  const fields = [
    ...[...(anyOf as unknown[]), ...(oneOf as unknown[])].flatMap((one) => fieldsOf(one, at)),
    ...Object.entries(properties).flatMap(([name, one]) => [`${at}.${name}`, ...fieldsOf(one, `${at}.${name}`)]),
    ...fieldsOf(items, `${at}[]`),
    ...fieldsOf(additionalProperties, `${at}.*`),
  ];
  return [...new Set(fields)];
}
