import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UsageError } from '../../../apps/cli/src/exit.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const document = {
  openapi: '3.1.0',
  info: { title: 'Weather', version: '1' },
  paths: { '/now': { get: { operationId: 'getNow', responses: { 200: { description: 'ok' } } } } },
};
const plan = {
  slug: 'pro',
  title: 'Pro',
  currency: 'USD',
  prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.01' } }],
  quotas: [{ name: 'monthly', meter: 'requests', limit: 1000 }],
};

let database: TestDatabase;
let commandLine: CommandLine;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  commandLine = new CommandLine(database);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-diff-'));
  fs.writeFileSync(path.join(folder, 'weather.json'), JSON.stringify(document));
});
afterAll(async () => {
  commandLine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
  await database.dispose();
});

const place = { url: 'https://weather.example' };

/** Writes a catalogue with this plan and compares it, or does something else with it. */
function run(changed: object, words: readonly string[] = [], command = 'diff', upstream: object = place) {
  const file = path.join(folder, 'catalog.yaml');
  const version = { name: 'v1', document: 'weather.json', basePath: '/weather/v1', upstream };
  const product = { slug: 'weather', title: 'Weather', publisher: 'sky', apis: ['weather'] };
  const meters = [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }];
  const tree = {
    tollgate: 1,
    publishers: [{ slug: 'sky', name: 'Sky' }],
    apis: [{ slug: 'weather', title: 'Weather', publisher: 'sky', versions: [version] }],
    products: [{ ...product, meters, plans: [{ ...plan, ...changed }] }],
  };
  fs.writeFileSync(file, stringify(tree));
  return commandLine.run(command, '-f', file, ...words);
}

it('says field by field where a file and what is live differ, by its exit code too, and changes nothing', async () => {
  const first = await run({});
  expect(first.code).toBe(1);
  expect(first.output).toMatch(/^\+ publisher sky\n[^]*\+ plan weather\/pro\n\+ plan version weather\/pro@1\n/);
  expect((await run({})).output).toBe(first.output);

  await run({}, [], 'apply');
  const same = { code: 0, output: 'No difference: what is live is what the file says.\n' };
  expect(await run({})).toEqual(same);

  const changed = {
    title: 'Professional',
    prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.02' } }],
    quotas: [],
    rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 1 }],
    billability: { clientError: { billable: true } },
    entitlements: { features: { seats: 5 } },
  };
  const { code, output } = await run(changed);
  expect(code).toBe(1);
  expect(output.split('\n')).toEqual([
    '~ plan weather/pro',
    '    ~ title: Pro → Professional',
    '~ plan version weather/pro@2',
    '    ~ prices[requests].price.unitAmount: 0.01 → 0.02',
    '    + rateLimits[burst].limit: 10',
    '    + rateLimits[burst].name: burst',
    '    + rateLimits[burst].windowSeconds: 1',
    '    − quotas[monthly].enforcement: hard',
    '    − quotas[monthly].limit: 1000',
    '    − quotas[monthly].meter: requests',
    '    − quotas[monthly].name: monthly',
    '    + billability.clientError.billable: true',
    '    + entitlements.features.seats: 5',
    '2 things differ. Nothing was changed; "tollgate apply" makes it as the file says.',
    '',
  ]);
  expect(JSON.parse((await run(changed, ['--json'])).output)).toMatchObject({
    differs: true,
    changes: [
      { noun: 'plan', differences: [{ path: 'title', from: 'Pro', to: 'Professional' }] },
      { noun: 'plan version', name: 'weather/pro@2' },
    ],
  });
  expect(await run({})).toEqual(same);
});

it('gives the digest by which apply makes just what was compared', async () => {
  const { digest } = JSON.parse((await run({ title: 'Expert' }, ['--json'])).output) as { digest: string };
  const applied = (title: string) => run({ title }, ['--expect', digest], 'apply');
  await expect(applied('Adept')).rejects.toThrow('nothing was applied');
  expect((await applied('Expert')).output).toContain('~ plan weather/pro');
  await expect(applied('Expert')).rejects.toThrow('nothing was applied');
  await run({}, [], 'apply');
});

it('refuses a file that apply refuses, with the exit code of an error', async () => {
  const misnamed = run({ entitlements: { operations: { deny: ['getNou'] } } });
  await expect(misnamed).rejects.toThrow(UsageError);
  await expect(misnamed).rejects.toThrow('the nearest is "getNow"');
  await expect(commandLine.run('diff', '-f', path.join(folder, 'missing.yaml'))).rejects.toThrow(UsageError);
});

it('tells what changed between two documents, and by its exit code whether callers break', async () => {
  const parameters = [{ name: 'unit', in: 'query', required: true, schema: { type: 'string' } }];
  const changed = structuredClone(document) as { paths: { '/now': { get: { parameters?: object[] } } } };
  changed.paths['/now'].get.parameters = parameters;
  const [from, to] = [path.join(folder, 'weather.json'), path.join(folder, 'weather-2.json')];
  fs.writeFileSync(to, JSON.stringify(changed));
  const broken = await commandLine.run('docs', 'diff', '--from', from, '--to', to);
  expect(broken.code).toBe(1);
  expect(broken.output).toBe(
    'GET /now\n    breaking     query parameter unit: added, required\n1 breaking, 0 not breaking, 0 docs only.\n',
  );
  const same = await commandLine.run('docs', 'diff', '--from', from, '--to', from, '--json');
  expect([same.code, JSON.parse(same.output)]).toMatchObject([0, { changes: [], counts: { breaking: 0 } }]);
  await expect(commandLine.run('docs', 'diff', '--from', folder, '--to', to)).rejects.toThrow(UsageError);
});

it('shows how the traffic of an upstream changes, and whom its rules name in vain', async () => {
  const targets = [
    { url: 'https://one.example', subset: 'stable' },
    { url: 'https://two.example', subset: 'canary' },
  ];
  const splitting = (canary: number, name: string) => {
    const split = [
      { subset: 'stable', weight: 100 - canary },
      { subset: 'canary', weight: canary },
    ];
    const match = [{ plans: ['weather/pro'], organizations: ['acme'] }, { applications: ['acme/shop'] }];
    return { targets, traffic: { rules: [{ name, match, subset: 'canary' }], default: { split } } };
  };
  const applied = await run({}, [], 'apply', splitting(5, 'testers'));
  expect(applied.output).toContain('! upstream.traffic: there is no organization "acme"; nobody matches it');
  expect(applied.output).toContain('! upstream.traffic: there is no application "acme/shop"; nobody matches it');
  expect(applied.output).not.toContain('there is no plan');
  expect((await run({}, [], 'diff', splitting(5, 'testers'))).code).toBe(0);
  const { output } = await run({}, [], 'diff', splitting(10, 'testers'));
  expect(output).toContain('~ upstream.traffic.defaultSplit[canary].weight: 5 → 10\n');

  const { traffic } = splitting(5, 'testers');
  const faulty = { targets, traffic: { ...traffic, default: { subset: 'cannary' } } };
  const fault =
    'apis.0.versions.0.upstream.traffic.default.subset: no target is in a subset "cannary": there are stable, canary';
  await expect(run({}, [], 'apply', faulty)).rejects.toThrow(fault);
});
