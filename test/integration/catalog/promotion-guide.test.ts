import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UPSTREAM_SECRET_PURPOSE, openSecret } from '#domain';
import { findSecret } from '#persistence';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { testPeppers } from '../../support/factories.js';
import { WEATHER } from '../../support/weather-catalog.js';

const guide = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/guides/promotion.md'), 'utf8');
/** The blocks of a language in the guide, in their order. */
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text]) => text!);

let staging: TestDatabase;
let production: TestDatabase;
let commandLine: CommandLine;
let folder: string;
const before = process.cwd();
beforeAll(async () => {
  staging = await createTestDatabase();
  production = await createTestDatabase();
  commandLine = new CommandLine(staging);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-promotion-'));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  commandLine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
  await staging.dispose();
  await production.dispose();
});

/** Runs the lines of a block as a shell does, on a database; the exit code and output of each command. */
async function runBlock(database: TestDatabase, block: string) {
  vi.stubEnv('DATABASE_URL', database.appUrl);
  const answers: { readonly code: number; readonly output: string }[] = [];
  for (const line of block.trim().split('\n')) {
    const [, name, value] = /^export (\w+)=(\S+)$/.exec(line) ?? [];
    const [, words] = /^tollgate (.*)$/.exec(line) ?? [];
    if (name) vi.stubEnv(name, value);
    else if (words) answers.push(await commandLine.run(...words.split(' ')));
    else throw new Error(`the test does not know how to run: ${line}`);
  }
  return answers;
}

/** What is at staging before the guide begins. */
function catalogOfStaging(): string {
  const version = {
    name: 'v1',
    document: 'weather.json',
    host: 'staging.example.com',
    basePath: '/orders/v1',
    upstream: {
      url: 'https://orders.staging.example.com',
      credential: { header: 'X-Key', value: 'the-key-of-staging' },
    },
  };
  fs.writeFileSync(path.join(folder, 'weather.json'), JSON.stringify(WEATHER));
  const file = path.join(folder, 'staging.yaml');
  const plan = { slug: 'pro', title: 'Pro', currency: 'USD' };
  fs.writeFileSync(
    file,
    stringify({
      tollgate: 1,
      publishers: [{ slug: 'shop', name: 'Shop' }],
      apis: [{ slug: 'orders', title: 'Orders', publisher: 'shop', versions: [version] }],
      products: [
        {
          slug: 'orders',
          title: 'Orders',
          publisher: 'shop',
          apis: ['orders'],
          meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
          plans: [{ ...plan, prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.01' } }] }],
        },
      ],
    }),
  );
  return file;
}

/** Where an installation sends calls of its only version, with the secret that it shows there. */
async function upstreamOf(database: TestDatabase) {
  return database.unitOfWork.inSystem(async (transaction) => {
    const [row] = await transaction.query<{ host: string; url: string; secretId: string }>(
      `SELECT host, upstream->>'url' AS url, upstream_secret_id AS "secretId" FROM api_version`,
    );
    const { secretId, ...place } = row!;
    const secret = openSecret((await findSecret(transaction, secretId))!, UPSTREAM_SECRET_PURPOSE, testPeppers);
    return { ...place, secret };
  });
}

it('does what the guide says, command by command, from one installation to another', async () => {
  const [exporting, applying] = blocks('sh');
  const [values] = blocks('yaml');
  vi.stubEnv('DATABASE_URL', staging.appUrl);
  await commandLine.run('apply', '-f', catalogOfStaging());

  const [exported] = await runBlock(staging, exporting!);
  expect(exported!.output).toContain('${orders_v1_credential} is not exported');
  const variables = fs.readFileSync('catalog/variables.yaml', 'utf8');
  expect(Object.keys(parse(variables) as object)).toEqual(Object.keys(parse(values!) as object));
  expect(fs.readFileSync('catalog/catalog.yaml', 'utf8')).not.toMatch(/staging|the-key/);

  fs.writeFileSync('production.yaml', values!);
  const [compared, applied, same] = await runBlock(production, applying!);
  expect(compared).toMatchObject({ code: 1, output: expect.stringContaining('+ API version orders/v1') as unknown });
  expect(applied).toMatchObject({ code: 0 });
  expect(same).toMatchObject({ code: 0 });
  const first = await upstreamOf(production);
  expect(first).toEqual({
    host: 'api.example.com',
    url: 'https://orders.internal.example.com/v1',
    secret: 'the-key-of-production',
  });

  // As the guide says of later promotions.
  vi.stubEnv('TOLLGATE_VAR_orders_v1_credential', undefined);
  const [again] = await runBlock(production, applying!.split('\n').slice(1, 2).join('\n'));
  expect(again).toEqual({ code: 0, output: 'No difference: what is live is what the file says.\n' });
  fs.writeFileSync('production.yaml', values!.replace('orders.internal', 'moved.internal'));
  await expect(runBlock(production, applying!.split('\n').slice(2, 3).join('\n'))).rejects.toThrow(
    /orders\/v1.upstream.credential.value: the stored secret does not go .* Give it as the variable orders_v1_credential, by --set orders_v1_credential=…/,
  );
  expect(await upstreamOf(production)).toEqual(first);
});
