import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { catalogJsonSchema } from '#services';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestAuthority } from '../../support/certificates.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const WHOLE = path.join(import.meta.dirname, 'whole-catalog/catalog.yaml');
const NO_DIFFERENCE = { code: 0, output: 'No difference: what is live is what the file says.\n' };

let source: TestDatabase;
let target: TestDatabase;
let commandLine: CommandLine;
let folder: string;
/** The values of the variables in the file. */
let given: Readonly<Record<string, string>>;

beforeAll(async () => {
  source = await createTestDatabase();
  target = await createTestDatabase();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-export-'));
  const authority = await TestAuthority.create();
  const { cert, key } = await authority.issue({});
  given = { secret: `s3cret-${randomBytes(8).toString('hex')}`, ca: authority.pem, certificate: cert, key };
  commandLine = new CommandLine(source);
  for (const name of ['UPSTREAM_ALLOW_PRIVATE', 'UPSTREAM_ALLOW_UNVERIFIED_TLS']) vi.stubEnv(name, 'true');
  vi.stubEnv('UPSTREAM_TARGETS_DIR', folder);
});
afterAll(async () => {
  commandLine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
  await source.dispose();
  await target.dispose();
});

/** Lets a command work on a database. */
function on(database: TestDatabase, ...words: readonly string[]) {
  vi.stubEnv('DATABASE_URL', database.appUrl);
  return commandLine.run(...words);
}
const setting = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** The texts of all files below a folder by their names. */
function contentOf(of: string): Map<string, string> {
  const files = fs.readdirSync(of, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const names = files.map((one) => path.relative(of, path.join(one.parentPath, one.name))).toSorted();
  return new Map(names.map((name) => [name, fs.readFileSync(path.join(of, name), 'latin1')]));
}

/** All fields that a tree has, as "apis[].versions[].name"; what is in a record of any names has "*". */
function fieldsOfSchema(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { anyOf = [], oneOf = [], properties = {}, items, additionalProperties } = schema as Record<string, never>;
  return [
    ...[...(anyOf as unknown[]), ...(oneOf as unknown[])].flatMap((one) => fieldsOfSchema(one, at)),
    ...Object.entries(properties).flatMap(([name, one]) => [`${at}.${name}`, ...fieldsOfSchema(one, `${at}.${name}`)]),
    ...fieldsOfSchema(items, `${at}[]`),
    ...fieldsOfSchema(additionalProperties, `${at}.*`),
  ];
}
function fieldsOfTree(tree: unknown, at = ''): string[] {
  if (Array.isArray(tree)) return tree.flatMap((one) => fieldsOfTree(one, `${at}[]`));
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, one]) => [
    `${at}.${name}`,
    ...fieldsOfTree(one, `${at}.${name}`),
    ...fieldsOfTree(one, `${at}.*`),
  ]);
}

describe('exporting a catalogue', () => {
  it('is tried with every field that the format has', () => {
    const has = new Set(fieldsOfTree(parse(fs.readFileSync(WHOLE, 'utf8'))));
    const all = [...new Set(fieldsOfSchema(catalogJsonSchema()))];
    expect(all.length).toBeGreaterThan(400);
    expect(all.filter((field) => !has.has(field))).toEqual(['.products[].plans[].invited']);
  });

  it('gives a file that changes nothing where it comes from, and makes the same catalogue elsewhere', async () => {
    const applied = await on(source, 'apply', '-f', WHOLE, ...setting(given));
    expect(applied).toMatchObject({ code: 0 });
    const out = path.join(folder, 'out');
    const { code, output } = await on(source, 'catalog', 'export', '--out', out);
    expect({ code, output }).toMatchObject({ code: 0 });
    const file = path.join(out, 'catalog.yaml');
    expect(await on(source, 'diff', '-f', file)).toEqual(NO_DIFFERENCE);

    const secrets = { weather_v1_credential: given['secret']!, weather_v1_client_key: given['key']! };
    expect(await on(target, 'apply', '-f', file, ...setting(secrets))).toMatchObject({ code: 0 });
    expect(await on(target, 'diff', '-f', WHOLE, ...setting(given))).toEqual(NO_DIFFERENCE);
    const again = path.join(folder, 'again');
    await on(target, 'catalog', 'export', '--out', again);
    expect(contentOf(again)).toEqual(contentOf(out));
  });

  it('gives the same in one text, without a folder', async () => {
    const { output } = await on(source, 'catalog', 'export', '--json');
    const { catalog } = JSON.parse(output) as { catalog: string };
    const file = path.join(folder, 'one.yaml');
    fs.writeFileSync(file, catalog);
    expect(await on(source, 'diff', '-f', file)).toEqual(NO_DIFFERENCE);
    expect((await on(source, 'catalog', 'export', '--json')).output).toBe(output);
  });

  it.each(['file:/etc/hostname', '\\file:/etc/hostname', 'file:'])(
    'reads no file for a description that begins as the name of one would: %s',
    async (description) => {
      const set = `UPDATE api_product SET description = $1 WHERE slug = 'weather' RETURNING description`;
      const [before] = await source.unitOfWork.inSystem((transaction) =>
        transaction.query<{ description: string }>(`SELECT description FROM api_product WHERE slug = 'weather'`),
      );
      await source.unitOfWork.inSystem((transaction) => transaction.query(set, [description]));
      const { output } = await on(source, 'catalog', 'export', '--json');
      const file = path.join(folder, 'named.yaml');
      fs.writeFileSync(file, (JSON.parse(output) as { catalog: string }).catalog);
      expect(await on(source, 'diff', '-f', file)).toEqual(NO_DIFFERENCE);
      await source.unitOfWork.inSystem((transaction) => transaction.query(set, [before!.description]));
    },
  );

  it('never has a secret, and says which are to be given', async () => {
    const { output } = await on(source, 'catalog', 'export');
    for (const value of [given['secret']!, ...given['key']!.split('\n').slice(1, -2)]) {
      expect(output).not.toContain(value);
      for (const [name, text] of contentOf(path.join(folder, 'out'))) expect(text, name).not.toContain(value);
    }
    expect(output).toContain('value: ${weather_v1_credential}');
    expect(output).toContain('${weather_v1_client_key} is not exported: the private key of the client certificate');
  });

  it('refuses a file whose secrets are neither given nor stored, and sends none that is stored to another place', async () => {
    const empty = await createTestDatabase();
    const out = path.join(folder, 'out/catalog.yaml');
    await expect(on(empty, 'apply', '-f', out)).rejects.toThrow(
      'weather/v1.upstream.credential.value: no secret is stored here that could stay. Give it as the variable weather_v1_credential, by --set weather_v1_credential=… or TOLLGATE_VAR_weather_v1_credential.',
    );
    await empty.dispose();
    const elsewhere = path.join(folder, 'out/elsewhere.yaml');
    fs.writeFileSync(
      elsewhere,
      fs.readFileSync(out, 'utf8').replaceAll('https://weather.sky.example/v1', 'https://evil.example/v1'),
    );
    await expect(on(source, 'diff', '-f', elsewhere)).rejects.toThrow(
      'the stored secret does not go with an upstream that is elsewhere',
    );
    const tree = parse(fs.readFileSync(out, 'utf8')) as {
      apis: {
        slug: string;
        versions: { name: string; upstream: { tls: { clientCertificate: { certificate: string } } } }[];
      }[];
    };
    const version = tree.apis.find(({ slug }) => slug === 'weather')!.versions.find(({ name }) => name === 'v1')!;
    version.upstream.tls.clientCertificate.certificate = given['ca']!;
    fs.writeFileSync(elsewhere, stringify(tree));
    await expect(
      on(source, 'diff', '-f', elsewhere, '--set', `weather_v1_credential=${given['secret']}`),
    ).rejects.toThrow('weather/v1.upstream.tls.clientCertificate.key: the stored secret does not go with');
    fs.rmSync(elsewhere);
  });

  it('of a publisher or a product has what belongs to it, and leaves sellers and other teams alone', async () => {
    const only = async (...words: readonly string[]) => {
      const { output } = await on(source, 'catalog', 'export', '--json', ...words);
      return parse((JSON.parse(output) as { catalog: string }).catalog) as Record<string, { slug: string }[]>;
    };
    const slugs = (file: Record<string, { slug: string }[]>) =>
      Object.fromEntries(
        Object.entries(file)
          .filter(([name]) => name !== 'tollgate')
          .map(([name, list]) => [name, list.map(({ slug }) => slug)]),
      );
    expect(slugs(await only('--publisher', 'earth'))).toEqual({
      publishers: ['earth'],
      apis: ['books'],
      products: ['books'],
    });
    expect(slugs(await only('--product', 'weather'))).toEqual({
      publishers: ['sky'],
      apis: ['weather'],
      products: ['weather'],
      coupons: ['spring'],
    });
    await expect(on(source, 'catalog', 'export', '--publisher', 'nobody')).rejects.toThrow(/publisher/);
    await expect(on(source, 'catalog', 'export', '--product', 'weather', '--publisher', 'earth')).rejects.toThrow(
      /product/,
    );
  });

  it('says in the file what cannot be in it: drafts beside what is published, and invitations', async () => {
    await source.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
         SELECT gen_random_uuid(), plan_id, 99, 'draft', definition, 'other', published_at
         FROM plan_version JOIN plan ON plan.id = plan_id WHERE slug = 'pro' AND state = 'published'`,
      ),
    );
    const { output } = await on(source, 'catalog', 'export', '--product', 'weather');
    expect(output).toMatch(/# Its draft is not in this file, which has one version of each plan\.\n\s+- slug: pro\n/);
    expect(output).toContain('products.weather.plans.pro: Its draft is not in this file');
  });

  it('writes over nothing, and needs a folder for the values of variables', async () => {
    await expect(on(source, 'catalog', 'export', '--out', path.join(folder, 'out'))).rejects.toThrow(/is not empty/);
    await expect(on(source, 'catalog', 'export', '--variables')).rejects.toThrow(/needs --out FOLDER/);
  });

  it('has the shares that are in force, which are the file’s where it is applied', async () => {
    const version = ['--api', 'weather', '--version', 'v2'];
    await on(target, 'canary', 'set', ...version, '--rule', 'some', '--share', 'stable=4', '--share', 'canary=1');
    const file = path.join(folder, 'shares.yaml');
    const { output } = await on(target, 'catalog', 'export', '--json');
    fs.writeFileSync(file, (JSON.parse(output) as { catalog: string }).catalog);
    const told = await on(target, 'apply', '-f', file);
    expect(told.code, told.output).toBe(0);
    expect(await on(target, 'diff', '-f', file)).toEqual(NO_DIFFERENCE);
    expect((await on(target, 'diff', '-f', WHOLE, ...setting(given))).output).toContain('weather/v2');
  });

  it('never has a password that somebody has written into an address', async () => {
    await target.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `UPDATE api_version SET upstream = (upstream - 'targets' - 'traffic') || '{"url":"https://ada:pa55word@internal.example.com"}'
         WHERE upstream IS NOT NULL`,
      ),
    );
    const { code, output } = await on(target, 'catalog', 'export', '--json');
    expect(code).toBe(0);
    expect(output).not.toContain('pa55word');
    expect(output).toContain('${weather_v1_upstream_url}');
  });
});
