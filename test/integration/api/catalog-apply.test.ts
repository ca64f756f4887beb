import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ChangeInPlaces, grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { apply } from '../../../apps/cli/src/commands/apply.js';
import { diff } from '../../../apps/cli/src/commands/diff.js';
import { UnavailableError, UsageError } from '../../../apps/cli/src/exit.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { WEATHER, applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const actor = { kind: 'cli', id: null } as const;
const base = '/api/v1/publisher/catalog';
const sealingKey = randomBytes(32);
const pro = { slug: 'pro', title: 'Pro', currency: 'USD' };

interface Applied {
  readonly digest: string;
  readonly unchanged: number;
  readonly changes: readonly ChangeInPlaces[];
}

interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
}

describe('applying a catalogue to one’s teams', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    database = await createTestDatabase();
    const encryption = { ENCRYPTION_KEYS: `1:${sealingKey.toString('base64')}` };
    api = await RunningApi.start(database, { ...encryption, UPSTREAM_ALLOW_PRIVATE: 'true' });
    await applyFile(
      database,
      { apis: [weatherApi({ v1: {} })], products: [weatherProduct({ plans: [pro] })] },
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

  const files = { 'weather.json': Buffer.from(JSON.stringify(WEATHER)).toString('base64') };
  const send = (catalog: object, as: Person, more: object = { files }) =>
    api.call<Applied & Refused>(base, {
      as,
      body: { catalog: { tollgate: 1, ...catalog }, ...more },
    });
  const tides = {
    slug: 'tides',
    title: 'Tides',
    publisher: 'sea',
    versions: [
      {
        name: 'v1',
        document: 'weather.json',
        basePath: '/tides/v1',
        upstream: { url: '${upstream}', credential: { header: 'X-Secret', value: '${secret}' } },
      },
    ],
  };
  const tideProduct = { ...weatherProduct({ plans: [pro] }), slug: 'tides', publisher: 'sea', apis: ['tides'] };
  const made = { apis: [tides], products: [tideProduct] };
  const variables = { upstream: 'http://127.0.0.1:9/', secret: 'open sesame' };

  it('says the difference first, makes all of it, and finds none afterwards', async () => {
    const named = ({ body }: { body: Applied }) =>
      body.changes.map(({ action, noun, name }) => `${action} ${noun} ${name}`);
    const preview = await send(made, bob, { files, variables, dryRun: true });
    expect(preview.status).toBe(200);
    expect(named(preview)).toContain('publish plan version tides/pro@1');
    expect(preview.text).not.toContain('open sesame');
    expect((await api.call('/api/v1/catalog/products/tides')).status).toBe(404);

    const applied = await send(made, bob, { files, variables });
    expect(named(applied)).toEqual(named(preview));
    expect((await api.call('/api/v1/catalog/products/tides')).status).toBe(200);
    expect(applied.text).not.toContain('open sesame');
    // A pipeline needs the secret once; what is stored stays.
    const withoutSecret = { files, variables: { upstream: variables.upstream } };
    expect((await send(made, bob, withoutSecret)).body).toMatchObject({ dryRun: false, unchanged: 4, changes: [] });

    const dearer = [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.02' } }];
    const priced = { ...made, products: [{ ...tideProduct, plans: [{ ...pro, prices: dearer }] }] };
    const { body } = await send(priced, bob, withoutSecret);
    const differences = body.changes.flatMap((change) => change.differences);
    expect(differences).toContainEqual(
      expect.objectContaining({ path: expect.stringMatching(/unitAmount$/), to: '0.02' }),
    );
    const [entry] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ actor_id: string }>(
        `SELECT actor_id FROM audit_log WHERE noun = 'plan version' AND noun_id = 'tides/pro@2'`,
      ),
    );
    expect(entry?.actor_id).toBe(bob.userId);
  });

  it('leaves the order of the catalogue as it is', async () => {
    const order = async () =>
      (await api.call<{ products: { slug: string }[] }>('/api/v1/catalog/products')).body.products.map(
        ({ slug }) => slug,
      );
    const before = await order();
    expect(before).toEqual(['weather', 'tides']);
    const renamed = { ...tideProduct, title: 'Tides of all seas', position: 0 };
    expect((await send({ ...made, products: [renamed] }, bob, { files, variables })).status).toBe(200);
    expect(await order()).toEqual(before);
  });

  it('refuses what is of other teams or of the operator, all of it at once, and changes nothing', async () => {
    const seller = { name: 'Sky', addressLines: ['1 Sky'], country: 'AT', invoicePrefix: 'SKY' };
    const refused = await send(
      {
        publishers: [{ slug: 'sky', name: 'Mine' }],
        seller,
        apis: [weatherApi({ v1: {} }), { ...tides, publisher: 'nobody' }],
        products: [weatherProduct({ plans: [pro] }), { ...tideProduct, apis: ['tides', 'nothing'] }],
      },
      bob,
      { files, variables },
    );
    expect([refused.status, refused.body.code]).toEqual([400, 'catalog_not_own']);
    expect(refused.body.detail.split('\n').slice(1)).toEqual([
      '  seller: sellers and their tax rates are the operator’s; leave it out.',
      '  publishers.sky: teams are made and changed by the operator; leave it out.',
      '  apis.weather.publisher: you do not belong to a publisher team "sky".',
      '  apis.weather: there is an API "weather" already: choose another short name.',
      '  apis.tides.publisher: you do not belong to a publisher team "nobody".',
      '  products.weather.publisher: you do not belong to a publisher team "sky".',
      '  products.weather: there is a product "weather" already: choose another short name.',
      '  products.tides.apis: your publisher teams have no API "nothing".',
    ]);
    const sellers = await send({ sellers: [{ ...seller, slug: 'own' }] }, bob);
    expect(sellers.body.detail).toContain('sellers.own: sellers and their tax rates are the operator’s');
    // A team as it is may stand in the file: exports have it.
    expect((await send({ publishers: [{ slug: 'sea', name: 'Sea' }] }, bob)).body.changes).toEqual([]);
    const named = { slug: 'sea', name: 'Sea', seller: 'default' };
    expect((await send({ publishers: [named] }, bob)).body.changes).toEqual([]);
    for (const other of [{ name: 'Ocean' }, { seller: 'elsewhere' }])
      expect((await send({ publishers: [{ ...named, ...other }] }, bob)).body.code).toBe('catalog_not_own');
    expect((await api.call(base, { body: { catalog: { tollgate: 1 } } })).status).toBe(401);
  });

  it('makes just what was shown: nothing once the catalogue, the file, or a file or secret beside it is another', async () => {
    const titled = (title: string) => ({ ...made, products: [{ ...tideProduct, title }] });
    const shown = await send(titled('High seas'), bob, { files, variables, dryRun: true });
    const { digest } = shown.body;
    expect(shown.body).toMatchObject({ unchanged: 3, changes: [{ noun: 'API product', name: 'tides' }] });
    expect((await send(titled('High seas'), bob, { files, variables, dryRun: true })).body.digest).toBe(digest);

    const expectChanged = async (catalog: object, more: object) => {
      const refused = await send(catalog, bob, { files, variables, expectedDigest: digest, ...more });
      expect(refused).toMatchObject({ status: 409, body: { code: 'catalog_changed' } });
      expect(refused.body.detail).toContain('nothing was applied');
    };
    await expectChanged(titled('Low seas'), {});
    await expectChanged(titled('High seas'), { variables: { ...variables, secret: 'open sesame!' } });
    const longer = { ...WEATHER, info: { ...WEATHER.info, description: 'Longer.' } };
    const other = { 'weather.json': Buffer.from(JSON.stringify(longer)).toString('base64') };
    await expectChanged(titled('High seas'), { files: other });
    // Somebody else has made a part of it meanwhile.
    const { body } = await send(titled('Some seas'), bob, { files, variables });
    expect(body.changes).toHaveLength(1);
    await expectChanged(titled('High seas'), {});
    const titles = async () => (await api.call<{ title: string }>('/api/v1/catalog/products/tides')).body.title;
    expect(await titles()).toBe('Some seas');

    const again = await send(titled('High seas'), bob, { files, variables, dryRun: true });
    expect(again.body.digest).not.toBe(digest);
    const applied = await send(titled('High seas'), bob, { files, variables, expectedDigest: again.body.digest });
    expect(applied).toMatchObject({ status: 200, body: { digest: again.body.digest, changes: again.body.changes } });
    expect(await titles()).toBe('High seas');
    expect((await send(made, bob, { files, variables, expectedDigest: 'any' })).status).toBe(400);
  });

  it('says where in the file each fault is', async () => {
    const version = { ...tides.versions[0], basePath: 'x' };
    const elsewhere = { ...variables, upstream: 'nowhere' };
    const misspelt = await send({ apis: [{ ...tides, versions: [version] }] }, bob, { files, variables: elsewhere });
    expect(misspelt.body.faults).toEqual([
      { path: 'body.catalog.apis.0.versions.0.basePath', message: expect.stringContaining('/atlas/v1') },
      { path: 'body.catalog.apis.0.versions.0.upstream.url', message: expect.stringContaining('https://') },
    ]);
    const unpriceable = [{ meter: 'nothing', price: { model: 'per_unit', unitAmount: '0.01' } }];
    const plans = [pro, { ...pro, slug: 'max', prices: unpriceable }];
    const unknown = await send({ products: [{ ...tideProduct, plans }] }, bob);
    expect(unknown.body.faults).toEqual([
      { path: expect.stringMatching(/^body\.catalog\.products\.0\.plans\.1\.prices\.0/), message: expect.any(String) },
    ]);
    const [fault] = unknown.body.faults;
    expect(unknown.body.detail).toContain(`  products.tides.plans.max.prices[0].meter: ${fault!.message}`);
    const foreign = await send({ products: [tideProduct, weatherProduct({ plans: [pro] })] }, bob);
    expect(foreign.body.faults.map(({ path: place }) => place)).toContain('body.catalog.products.1.publisher');
  });

  it('reads no file but those that come along, and says what is missing', async () => {
    const escaping = { ...tides, versions: [{ ...tides.versions[0], document: '/etc/hostname' }] };
    const refused = await send({ apis: [escaping] }, bob, { variables });
    expect(refused).toMatchObject({ status: 400, body: { code: 'file_missing' } });
    expect(refused.body.detail).toContain('/etc/hostname is not among "files"');
    const unset = await send({ apis: [tides] }, bob, { files });
    expect(unset.body).toMatchObject({ code: 'variable_missing', detail: expect.stringContaining('${upstream}') });
    expect((await send({ apis: [{ slug: 'x' }] }, bob)).body).toMatchObject({ code: 'catalog_invalid' });
    expect((await send({}, bob, { files: { a: 'not base64!' } })).status).toBe(400);
  });

  it('is what the command line does with --remote, without a database', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-remote-'));
    const file = path.join(folder, 'catalog.yaml');
    fs.writeFileSync(path.join(folder, 'weather.json'), JSON.stringify(WEATHER));
    fs.writeFileSync(path.join(folder, 'guide.md'), '# Tides\n\nTwice a day.\n');
    const guides = [{ slug: 'tides', title: 'Tides', text: 'file:guide.md' }];
    const guided = { ...tides, versions: [{ ...tides.versions[0], guides }] };
    fs.writeFileSync(file, stringify({ tollgate: 1, apis: [guided] }));
    const { body } = await api.call<{ token: string }>('/api/v1/access-tokens', {
      as: bob,
      body: {
        name: 'CI',
        scopes: ['publisher'],
        expiresAt: new Date(database.clock.nowMs() + 86_400_000).toISOString(),
      },
    });
    vi.stubEnv('PORTAL_URL', api.url);
    vi.stubEnv('TOLLGATE_TOKEN', body.token);
    vi.stubEnv('TOLLGATE_VAR_upstream', variables.upstream);
    let printed = '';
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => (printed += String(text)) !== '');
    try {
      expect(await diff(['-f', file, '--remote'])).toBe(1);
      expect(printed).toMatch(/^~ API version tides\/v1\n {4}\+ guides\[/);
      printed = '';
      printed = '';
      expect(await diff(['-f', file, '--remote', '--json'])).toBe(1);
      const { digest } = JSON.parse(printed) as Applied;
      printed = '';
      const expecting = (expected: string) => apply(['-f', file, '--remote', '--expect', expected]);
      await expect(expecting(digest.replace(/./g, '0'))).rejects.toThrow(/Compare them again/);
      expect(await expecting(digest)).toBe(0);
      expect(printed).toMatch(/^~ API version tides\/v1\n[^]*1 change made\.\n$/);
      expect(await diff(['-f', file, '--remote'])).toBe(0);
      fs.writeFileSync(file, stringify({ tollgate: 1, apis: [{ ...guided, publisher: 'sky' }] }));
      await expect(apply(['-f', file, '--remote'])).rejects.toThrow(/do not belong to a publisher team "sky"/);
      await expect(diff(['-f', file, '--remote'])).rejects.toThrow(UsageError);
      vi.stubEnv('PORTAL_URL', 'http://127.0.0.1:9');
      await expect(apply(['-f', file, '--remote'])).rejects.toThrow(UnavailableError);
    } finally {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      fs.rmSync(folder, { recursive: true });
    }
  });
});
