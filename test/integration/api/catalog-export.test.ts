import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { applyCatalog, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogFile } from '../../../apps/cli/src/catalog/load-catalog-file.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { WEATHER, applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const actor = { kind: 'cli', id: null } as const;
const base = '/api/v1/publisher/catalog';
const sealingKey = randomBytes(32);

describe('exporting the catalogue of one’s teams by REST', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database, { ENCRYPTION_KEYS: `1:${sealingKey.toString('base64')}` });
    const upstream = { url: 'http://127.0.0.1:9/', credential: { header: 'X-Secret', value: 'open sesame' } };
    const plan = { slug: 'pro', title: 'Pro', currency: 'USD' };
    await applyFile(
      database,
      { apis: [weatherApi({ v1: { upstream } })], products: [weatherProduct({ plans: [plan] })] },
      { sealingKey },
    );
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $2)`, [
        randomUUID(),
        database.clock.now(),
      ]),
    );
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
    await grantStaff(database.context, { email: bob.email, grant: { team: 'sea' }, actor });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  /** What applying an exported text would change. */
  async function changesBy(text: string) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-exported-'));
    const file = path.join(folder, 'catalog.yaml');
    fs.writeFileSync(file, text);
    try {
      const loaded = await loadCatalogFile(file, new Map());
      const encryptionKeys = [{ id: '1', secret: sealingKey }];
      return await applyCatalog(database.context, {
        ...loaded,
        encryptionKeys,
        allowsPrivateUpstreams: true,
        dryRun: true,
        actor,
      });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  it('has what pages made, without secrets, as a file that changes nothing here', async () => {
    const versions = '/api/v1/publisher/apis/weather/versions';
    const made = { name: 'v2', basePath: '/weather/v2', like: 'v1', source: JSON.stringify(WEATHER) };
    expect((await api.call(versions, { as: ada, body: made })).status).toBe(201);
    const prices = [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.01' } }];
    const plan = { slug: 'new', title: 'New', currency: 'EUR', prices };
    expect((await api.call('/api/v1/publisher/products/weather/plans', { as: ada, body: plan })).status).toBe(201);

    const { status, headers, text } = await api.call(base, { as: ada });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="catalog.yaml"');
    expect(text).toMatch(/- name: v2\n\s+state: draft\n/);
    expect(text).toMatch(/- slug: new\n\s+title: New\n/);
    expect(text).not.toMatch(/open sesame|^seller/m);
    expect(await changesBy(text)).toEqual([]);
    expect((await api.call(`${base}?product=weather`, { as: ada })).text).toBe(text);
    expect((await api.call(`${base}?publisher=sky`, { as: ada })).text).toBe(text);
  });

  it('has nothing of the teams of others', async () => {
    expect((await api.call(base, { as: bob })).text).not.toContain('weather');
    expect(await api.call(`${base}?product=weather`, { as: bob })).toMatchObject({
      status: 404,
      body: { code: 'product_not_found' },
    });
    expect(await api.call(`${base}?publisher=sky`, { as: bob })).toMatchObject({
      status: 404,
      body: { code: 'publisher_not_found' },
    });
    expect((await api.call(base)).status).toBe(401);
    expect((await api.call(`${base}?product=..%2F`, { as: ada })).status).toBe(404);
  });

  it('refuses more documents than fit into one file', async () => {
    const padding = 'x'.repeat(1_000_000);
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `UPDATE api_version SET document = json_build_object('openapi', '3.1.0', 'x-padding', repeat($1, 70)) WHERE name = 'v2'`,
        [padding],
      ),
    );
    const refused = await api.call<{ code: string; detail: string }>(base, { as: ada });
    expect(refused).toMatchObject({ status: 400, body: { code: 'catalog_too_large' } });
    expect(refused.body.detail).toMatch(/67 MiB together, and 64 MiB/);
  });
});
