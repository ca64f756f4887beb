import fs from 'node:fs';
import path from 'node:path';

/** Of the plan whose hard quota runs out while faults happen. */
export const SMALL_QUOTA = 1_500;

/** Writes a catalogue with one operation, sold in a plan whose limits are not reached and in one whose quota is. */
export function writeCatalog(folder, upstreamOrigin) {
  fs.mkdirSync(folder, { recursive: true });
  const paths = { '/items': { get: { operationId: 'listItems', responses: { 200: { description: 'OK' } } } } };
  const document = { openapi: '3.1.0', info: { title: 'Faults', version: '1' }, paths };
  fs.writeFileSync(path.join(folder, 'openapi.json'), JSON.stringify(document));
  const plan = (slug, quota) => ({
    slug,
    title: slug,
    currency: 'USD',
    prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.01' } }],
    // Asks the shared store for every call, so that a store that is away is felt.
    rateLimits: [{ name: 'burst', limit: 100_000, windowSeconds: 60, policy: 'shared' }],
    quotas: [{ name: 'monthly', meter: 'requests', limit: quota, enforcement: 'hard' }],
  });
  const catalog = {
    tollgate: 1,
    publishers: [{ slug: 'faults', name: 'Faults' }],
    apis: [
      {
        slug: 'faults',
        title: 'Faults',
        publisher: 'faults',
        versions: [{ name: 'v1', document: 'openapi.json', basePath: '/faults', upstream: { url: upstreamOrigin } }],
      },
    ],
    products: [
      {
        slug: 'faults',
        title: 'Faults',
        publisher: 'faults',
        apis: ['faults'],
        meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
        plans: [plan('large', 100_000_000), plan('small', SMALL_QUOTA)],
      },
    ],
  };
  const file = path.join(folder, 'tollgate.json');
  fs.writeFileSync(file, JSON.stringify(catalog, null, 2));
  return file;
}
