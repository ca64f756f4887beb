import { randomBytes } from 'node:crypto';
import { loadOpenApiDocument } from '#openapi';
import { listCatalogProducts } from '#persistence';
import { type CatalogFile, applyCatalog, catalogFileSchema, rotateSecrets } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const OPENAPI = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Weather', version: '1' },
  paths: { '/now': { get: { operationId: 'getNow', tags: ['now'], responses: { 200: { description: 'ok' } } } } },
});

const KEY = { id: '1', secret: randomBytes(32) };
const ACTOR = { kind: 'cli', id: null } as const;

interface FileOptions {
  readonly unitAmount?: string;
  readonly basePath?: string;
  readonly token?: string;
  readonly upstreamUrl?: string;
}

function aFile({
  unitAmount = '0.01',
  basePath = '/weather/v1',
  token,
  upstreamUrl = 'http://127.0.0.1:9/',
}: FileOptions = {}): CatalogFile {
  return catalogFileSchema.parse({
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
            basePath,
            upstream: {
              url: upstreamUrl,
              ...(token ? { credential: { header: 'Authorization', value: token } } : {}),
            },
          },
        ],
      },
    ],
    products: [
      {
        slug: 'weather',
        title: 'Weather',
        publisher: 'sky',
        apis: ['weather'],
        meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
        plans: [
          {
            slug: 'basic',
            title: 'Basic',
            currency: 'EUR',
            prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount } }],
          },
        ],
      },
    ],
  });
}

describe('applying a catalogue file', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.dispose());

  const apply = async (file: CatalogFile, dryRun = false, allowsPrivateUpstreams = true) =>
    applyCatalog(database.context, {
      file,
      documents: new Map([['weather/v1', await loadOpenApiDocument(OPENAPI)]]),
      encryptionKeys: [KEY],
      allowsPrivateUpstreams,
      dryRun,
      actor: ACTOR,
    });
  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));

  it('creates everything once; the second time nothing changes', async () => {
    const made = await apply(aFile());
    expect(made.map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'create publisher sky',
      'create API weather',
      'create API version weather/v1',
      'create API product weather',
      'create meter weather/requests',
      'create plan weather/basic',
      'publish plan version weather/basic@1',
    ]);
    expect(await apply(aFile())).toEqual([]);
    expect(await rows('SELECT number::int, noun FROM change_log')).toEqual([{ number: 1, noun: 'catalog' }]);
  });

  it('changes the tags of a product, and refuses one that is there twice', async () => {
    await apply(aFile());
    const withTags = (tags: readonly string[]) => ({
      ...aFile(),
      products: aFile().products.map((product) => ({ ...product, tags: [...tags] })),
    });
    expect(await apply(withTags(['geo', 'free']))).toMatchObject([
      { action: 'update', noun: 'API product', fields: [{ field: 'tags' }] },
    ]);
    expect(await apply(withTags(['geo', 'free']))).toEqual([]);
    const [product] = await database.unitOfWork.inSystem((transaction) => listCatalogProducts(transaction, {}));
    expect(product!.tags).toEqual(['geo', 'free']);
    expect(() => catalogFileSchema.parse(withTags(['geo', ' geo ']))).toThrow(/each tag once/);
    expect(() => catalogFileSchema.parse(withTags(['x'.repeat(31)]))).toThrow(/tags/);
  });

  it('gives plan versions the aggregation that their meters have when they are published', async () => {
    await apply(aFile());
    const file = aFile();
    const meter = { ...file.products[0]!.meters[0]!, aggregation: 'max' as const };
    const counting = { ...file, products: [{ ...file.products[0]!, meters: [meter] }] };
    expect((await apply(counting)).map(({ action, name }) => `${action} ${name}`)).toEqual([
      'update weather/requests',
      'publish weather/basic@2',
    ]);
    expect(
      await rows(
        `SELECT number, definition #>> '{prices,0,aggregation}' AS aggregation FROM plan_version ORDER BY number`,
      ),
    ).toEqual([
      { number: 1, aggregation: null },
      { number: 2, aggregation: 'max' },
    ]);
    expect(await apply(counting)).toEqual([]);
  });

  it('refuses a meter of different values that does not say which, and quotas of what is not added up', async () => {
    const file = aFile();
    const [product] = file.products;
    const meter = { ...product!.meters[0]!, aggregation: 'unique' as const };
    const quotas = [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' as const }];
    const plans = [{ ...product!.plans[0]!, quotas }];
    const applying = apply({ ...file, products: [{ ...product!, meters: [meter], plans }] });
    await expect(applying).rejects.toThrow(/products\.weather\.meters\.requests\.distinctValue: give one/);
    await expect(applying).rejects.toThrow(/plans\.basic\.quotas\[0\]\.meter: a quota is used up call by call/);
    const distinctValue = { from: 'request_header' as const, header: 'X-User' };
    await apply({ ...file, products: [{ ...product!, meters: [{ ...meter, distinctValue }] }] });
    expect(await rows(`SELECT aggregation, distinct_value AS value FROM meter`)).toEqual([
      { aggregation: 'unique', value: distinctValue },
    ]);
  });

  it('publishes a new plan version for a new price and leaves the old one as it was', async () => {
    await apply(aFile());
    const changes = await apply(aFile({ unitAmount: '0.02' }));
    expect(changes.map(({ action, name }) => `${action} ${name}`)).toEqual(['publish weather/basic@2']);
    const versions = await rows<{ number: number; state: string; amount: string }>(
      `SELECT number, state, definition #>> '{prices,0,price,unitAmount}' AS amount FROM plan_version ORDER BY number`,
    );
    expect(versions).toEqual([
      { number: 1, state: 'retired', amount: '0.01' },
      { number: 2, state: 'published', amount: '0.02' },
    ]);
    await expect(rows(`UPDATE plan_version SET definition = '{}' WHERE number = 1`)).rejects.toThrow(
      /publish a new version/,
    );
  });

  it('with dry run tells the changes and makes none', async () => {
    expect(await apply(aFile(), true)).toHaveLength(7);
    expect(await rows('SELECT id FROM api')).toEqual([]);
    expect(await rows('SELECT number FROM change_log')).toEqual([]);
  });

  it('is all or nothing: a fault at the end leaves no trace of the beginning', async () => {
    const file = aFile();
    const broken = { ...file, products: [{ ...file.products[0]!, apis: ['unknown'] }] };
    await expect(apply(broken)).rejects.toThrow(/no API "unknown"/);
    expect(await rows('SELECT id FROM publisher_team')).toEqual([]);
  });

  it('names every fault of the plans at once', async () => {
    const file = aFile();
    const plan = file.products[0]!.plans[0]!;
    const faulty = {
      ...plan,
      currency: 'XXZ',
      fixedFee: '1.234',
      quotas: [{ name: 'q', meter: 'none', limit: 1, enforcement: 'hard' as const }],
    };
    const error = await apply({ ...file, products: [{ ...file.products[0]!, plans: [faulty] }] }).catch(
      (caught: Error) => caught.message,
    );
    expect(error).toMatch(/weather\.plans\.basic\.currency/);
    expect(error).toMatch(/quotas\[0\]\.meter/);
  });

  it('refuses two versions at one place of the gateway', async () => {
    await apply(aFile());
    const other = aFile();
    const second = {
      ...other,
      apis: [{ ...other.apis[0]!, slug: 'other', versions: [{ ...other.apis[0]!.versions[0]! }] }],
      products: [],
    };
    const documents = new Map([['other/v1', await loadOpenApiDocument(OPENAPI)]]);
    await expect(
      applyCatalog(database.context, {
        file: second,
        documents,
        encryptionKeys: [KEY],
        allowsPrivateUpstreams: true,
        dryRun: false,
        actor: ACTOR,
      }),
    ).rejects.toThrow(/already at \/weather\/v1/);
  });

  it.each([
    'http://127.0.0.1:9/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost',
  ])('refuses an upstream in a private network, unless the operator allows it: %s', async (upstreamUrl) => {
    const message = /apis\.weather\.versions\.v1\.upstream\.url: .* is in a private network/;
    await expect(apply(aFile({ upstreamUrl }), false, false)).rejects.toThrow(message);
    await apply(aFile({ upstreamUrl }));
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://0251.0376.0251.0376/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://0.0.0.0:80/',
    'http://metadata.google.internal/',
  ])('never takes an upstream at a link-local or metadata address: %s', async (upstreamUrl) => {
    await expect(apply(aFile({ upstreamUrl }))).rejects.toThrow(/link-local, metadata or multicast/);
  });

  it('seals the upstream’s credential, keeps it when unchanged, and rotates it to a new key', async () => {
    await apply(aFile({ token: 'Bearer upstream-token' }));
    expect(await apply(aFile({ token: 'Bearer upstream-token' }))).toEqual([]);
    const stored = JSON.stringify(
      await rows(`SELECT encode(ciphertext, 'escape') AS sealed, upstream FROM secret, api_version`),
    );
    expect(stored).not.toContain('upstream-token');
    expect(stored).toContain('"credentialHeader":"authorization"');

    const newKey = { id: '2', secret: randomBytes(32) };
    expect(await rotateSecrets(database.context, { encryptionKeys: [newKey, KEY], actor: ACTOR })).toBe(1);
    expect(await rows('SELECT key_id FROM secret')).toEqual([{ key_id: '2' }]);
    expect(await rotateSecrets(database.context, { encryptionKeys: [newKey, KEY], actor: ACTOR })).toBe(0);

    const changed = await applyCatalog(database.context, {
      file: aFile({ token: 'Bearer other' }),
      documents: new Map([['weather/v1', await loadOpenApiDocument(OPENAPI)]]),
      encryptionKeys: [newKey],
      allowsPrivateUpstreams: true,
      dryRun: false,
      actor: ACTOR,
    });
    expect(changed).toHaveLength(1);
    expect(JSON.stringify(changed)).not.toContain('Bearer');
    expect(await rows('SELECT id FROM secret')).toHaveLength(1);
  });
});
