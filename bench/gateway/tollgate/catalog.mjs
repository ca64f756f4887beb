import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes a catalogue with one API of so many routes and one plan with a rate limit and a hard quota that the benchmark
 * does not reach, and returns its file.
 */
export function writeCatalog(folder, { routes, upstreamOrigin, ratePolicy = 'leased' }) {
  fs.mkdirSync(folder, { recursive: true });
  const operation = (operationId) => ({ operationId, responses: { 200: { description: 'OK' } } });
  const paths = {
    '/small': { get: operation('getSmall') },
    '/large': { get: operation('getLarge') },
    '/items': { post: operation('createItem') },
  };
  for (let number = 1; number <= routes - 3; number++) {
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
    paths[`/resources${number}/{id}`] = { get: { ...operation(`getResource${number}`), parameters: [id] } };
  }
  const document = { openapi: '3.1.0', info: { title: 'Bench', version: '1.0.0' }, paths };
  fs.writeFileSync(path.join(folder, 'openapi.json'), JSON.stringify(document));
  const catalog = {
    tollgate: 1,
    seller: { name: 'Bench Ltd', addressLines: ['1 Bench Street'], taxId: 'none', invoicePrefix: 'BENCH' },
    publishers: [{ slug: 'bench', name: 'Bench' }],
    apis: [
      {
        slug: 'bench',
        title: 'Bench',
        publisher: 'bench',
        versions: [
          {
            name: 'v1',
            document: 'openapi.json',
            basePath: '/bench/v1',
            upstream: { url: `${upstreamOrigin}/bench/v1` },
          },
        ],
      },
    ],
    products: [
      {
        slug: 'bench',
        title: 'Bench',
        publisher: 'bench',
        summary: 'What is measured.',
        description: 'What is measured.',
        apis: ['bench'],
        meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*', weight: '1' }] }],
        plans: [
          {
            slug: 'metered',
            title: 'Metered',
            summary: 'All limits on.',
            currency: 'USD',
            prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.001' } }],
            rateLimits: [{ name: 'burst', limit: 6_000, windowSeconds: 60, policy: ratePolicy }],
            quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000_000_000, enforcement: 'hard' }],
          },
        ],
      },
    ],
  };
  const file = path.join(folder, 'tollgate.json');
  fs.writeFileSync(file, JSON.stringify(catalog, null, 2));
  return file;
}
