import { randomBytes } from 'node:crypto';
import { loadOpenApiDocument } from '#openapi';
import { applyCatalog, catalogFileSchema } from '#services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const document = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  paths: { '/': { get: { operationId: 'list', responses: { 200: { description: 'ok' } } } } },
});
const KEY = { id: '1', secret: randomBytes(32) };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.dispose());

type Version = readonly [name: string, versionHeader: object | undefined, basePath?: string];
const fileOf = (apis: Readonly<Record<string, readonly Version[]>>) => ({
  tollgate: 1,
  publishers: [{ slug: 'shop', name: 'Shop' }],
  apis: Object.entries(apis).map(([slug, versions]) => ({
    slug,
    title: slug,
    publisher: 'shop',
    versions: versions.map(([name, versionHeader, basePath = '/orders']) => ({
      name,
      document: 'orders.yaml',
      basePath,
      ...(versionHeader && { versionHeader }),
      upstream: { url: 'http://127.0.0.1:9' },
    })),
  })),
});
async function apply(apis: Readonly<Record<string, readonly Version[]>>) {
  const names = Object.entries(apis).flatMap(([slug, versions]) => versions.map(([name]) => `${slug}/${name}`));
  const loaded = await loadOpenApiDocument(document);
  return applyCatalog(database.context, {
    file: catalogFileSchema.parse(fileOf(apis)),
    documents: new Map(names.map((name) => [name, loaded])),
    encryptionKeys: [KEY],
    allowsPrivateUpstreams: true,
    dryRun: false,
    actor: { kind: 'cli', id: null },
  });
}
const header = { name: 'X-API-Version' };
const usual = { ...header, default: true };

it('puts versions of an API at one place, and lets the usual one be another', async () => {
  expect(
    await apply({
      orders: [
        ['v1', usual],
        ['v2', { ...header, value: '2026-11-01' }],
      ],
    }),
  ).toHaveLength(4);
  const stored = async () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query('SELECT name, version_header AS header FROM api_version ORDER BY position'),
    );
  expect(await stored()).toEqual([
    { name: 'v1', header: { name: 'X-API-Version', value: 'v1', isDefault: true } },
    { name: 'v2', header: { name: 'X-API-Version', value: '2026-11-01', isDefault: false } },
  ]);
  const changes = await apply({
    orders: [
      ['v1', header],
      ['v2', { ...usual, value: '2026-11-01' }],
    ],
  });
  expect(changes.map(({ name, fields }) => [name, ...fields.map(({ field }) => field)])).toEqual([
    ['orders/v1', 'versionHeader'],
    ['orders/v2', 'versionHeader'],
  ]);
  expect(
    await apply({
      orders: [
        ['v1', header],
        ['v2', { ...usual, value: '2026-11-01' }],
      ],
    }),
  ).toEqual([]);
});

it.each<readonly [string, Readonly<Record<string, readonly Version[]>>, string]>([
  [
    'two usual ones',
    {
      orders: [
        ['v1', usual],
        ['v2', usual],
      ],
    },
    'only one of them can be the default of calls without the header',
  ],
  [
    'one without a header',
    {
      orders: [
        ['v1', header],
        ['v2', header],
        ['v3', undefined],
      ],
    },
    'each of them needs a versionHeader, with the same name',
  ],
  [
    'another header',
    {
      orders: [
        ['v1', header],
        ['v2', header],
        ['v3', { name: 'Accept-Version' }],
      ],
    },
    'each of them needs a versionHeader, with the same name',
  ],
  [
    'another API',
    {
      orders: [
        ['v1', header],
        ['v2', header],
      ],
      returns: [['v3', header]],
    },
    'only versions of one API can share a place',
  ],
  [
    'the same value',
    {
      orders: [
        ['v1', header],
        ['v2', { ...header, value: 'v1' }],
      ],
    },
    '"*/orders with X-API-Version: v1" is there twice',
  ],
])('refuses %s, and changes nothing', async (_what, apis, fault) => {
  await expect(apply(apis)).rejects.toThrow(fault);
  expect(
    await apply({
      orders: [
        ['v1', header],
        ['v2', { ...usual, value: '2026-11-01' }],
      ],
    }),
  ).toEqual([]);
});

it('tells what no such header can be', () => {
  const faults = (versionHeader: object) =>
    catalogFileSchema
      .safeParse(fileOf({ orders: [['v1', versionHeader]] }))
      .error?.issues.map(({ message }) => message);
  for (const name of ['Authorization', 'Cookie', 'Host', 'X-Consumer-Plan', 'Accept'])
    expect(faults({ name })).toHaveLength(1);
  expect(faults({ name: 'Accept-Version', value: 'a b' })).toEqual(['expected a short value such as v2 or 2026-11-01']);
  expect(faults({ name: 'Accept-Version', value: 'v2' })).toBeUndefined();
});
