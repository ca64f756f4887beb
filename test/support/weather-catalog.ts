import { randomBytes } from 'node:crypto';
import { type OpenApiDocument, loadOpenApiDocument } from '#openapi';
import { type CatalogChange, applyCatalog, catalogFileSchema } from '#services';
import type { TestDatabase } from './database.js';

/** The document of the API, where a test gives no other one. */
export const WEATHER = {
  openapi: '3.1.0',
  info: { title: 'Weather', version: '1', description: 'Tells **today’s** weather. <script>alert(1)</script>' },
  servers: [{ url: 'http://internal.example' }],
  paths: {
    '/now': { get: { operationId: 'getNow', summary: 'Now', responses: { 200: { description: 'ok' } } } },
    '/archive/{year}': {
      get: {
        operationId: 'getYear',
        tags: ['archive'],
        description: 'A whole year.',
        parameters: [{ name: 'year', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 200: { description: 'ok' } },
      },
    },
  },
};

/** The API `weather` in a catalogue file, in versions of these names with what each adds. */
export const weatherApi = (versions: Readonly<Record<string, object>>) => ({
  slug: 'weather',
  title: 'Weather',
  publisher: 'sky',
  versions: Object.entries(versions).map(([name, parts]) => ({
    name,
    document: 'weather.json',
    basePath: `/weather/${name}`,
    upstream: { url: 'http://127.0.0.1:9/' },
    ...parts,
  })),
});

/** The product of that API in a catalogue file, with a meter of requests, and what these parts add. */
export const weatherProduct = (parts: object) => ({
  slug: 'weather',
  title: 'Weather',
  publisher: 'sky',
  apis: ['weather'],
  meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
  ...parts,
});

/**
 * Applies a catalogue file of the publisher `sky` with these parts, as the command line does; returns the changes.
 * `documents` are by "api/version".
 */
export async function applyFile(
  database: TestDatabase,
  parts: {
    readonly apis?: readonly ReturnType<typeof weatherApi>[];
    readonly products: readonly object[];
    readonly coupons?: readonly object[];
  },
  {
    dryRun = false,
    documents = {},
    sealingKey = randomBytes(32),
  }: { dryRun?: boolean; documents?: Readonly<Record<string, object>>; sealingKey?: Buffer } = {},
): Promise<readonly CatalogChange[]> {
  const versions = (parts.apis ?? []).flatMap((api) => api.versions.map(({ name }) => `${api.slug}/${name}`));
  const loaded = new Map<string, OpenApiDocument>();
  for (const name of versions) {
    loaded.set(name, await loadOpenApiDocument(JSON.stringify(documents[name] ?? WEATHER)));
  }
  return applyCatalog(database.context, {
    file: catalogFileSchema.parse({ tollgate: 1, publishers: [{ slug: 'sky', name: 'Sky' }], ...parts }),
    documents: loaded,
    encryptionKeys: [{ id: '1', secret: sealingKey }],
    allowsPrivateUpstreams: true,
    dryRun,
    actor: { kind: 'cli', id: null },
  });
}
