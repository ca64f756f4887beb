import fs from 'node:fs';
import path from 'node:path';
import { listPublishedKeys } from '#services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCatalog, aCredential, anApplication } from '../../support/factories.js';

let database: TestDatabase;
let plan: string;
let commandLine: CommandLine;
const run = (...words: readonly string[]) => commandLine.run(...words);
beforeAll(async () => {
  database = await createTestDatabase();
  const catalog = await aCatalog(database, { upstreamUrl: 'http://127.0.0.1:9' });
  plan = `${catalog.product.slug}/${catalog.plan.slug}`;
  commandLine = new CommandLine(database);
});
afterAll(async () => {
  commandLine.dispose();
  await database.dispose();
});

it('makes, lists, rotates and revokes a key', async () => {
  const restrictions = ['--allow-address', '203.0.113.0/24', '--operation', 'listThings'];
  const created = await run('keys', 'create', '--application', 'Shop', '--plan', plan, ...restrictions, '--json');
  const { key } = JSON.parse(created.output) as { key: string };
  const display = key.slice(0, 20);
  const rotated = await run('keys', 'rotate', '--key', display, '--overlap', '7d', '--json');
  const successor = JSON.parse(rotated.output) as {
    key: string;
    credential: { display: string; restrictions: object };
  };
  expect(successor.credential.restrictions).toMatchObject({ allowedAddresses: ['203.0.113.0/24'] });
  expect((await run('keys', 'revoke', '--key', successor.credential.display)).output).toMatch(/is revoked since/);
  const { output } = await run('keys', 'list', '--application', 'Shop');
  const [first, second] = output.trim().split('\n');
  expect(first).toMatch(new RegExp(`^${successor.credential.display}\trevoked\tnever used\t`));
  expect(second).toMatch(new RegExp(`^${display}\tuntil \\d{4}-`));
  for (const secret of [key, successor.key]) expect(output).not.toContain(secret);
  for (const organization of ['Corner', 'Market']) {
    await run('keys', 'create', '--organization', organization, '--application', 'Stall', '--mode', 'test');
    const listed = run('keys', 'list', '--application', 'Stall');
    if (organization === 'Corner') expect((await listed).output).toMatch(/^tg_test_\w{12}\tworks\tnever used\t/);
    else await expect(listed).rejects.toThrow(/--organization, one of corner, market\.$/);
  }
  await expect(run('keys', 'list', '--application', 'Nothing')).rejects.toThrow('There is no application "Nothing".');
  await expect(run('keys', 'revoke', '--key', 'tg_live_AAAAAAAAAAAA')).rejects.toThrow(/There is no key/);
  await expect(run('keys', 'rotate', '--key', display, '--overlap', 'soon')).rejects.toThrow(/expected a duration/);
});

it('imports a file once, and repeats no key when it refuses', async () => {
  const file = path.join(commandLine.folder, 'keys.csv');
  fs.writeFileSync(file, `application,plan,key\nTill,${plan},kong-0123456789abcdef\nTill,,kong-fedcba9876543210\n`);
  expect(await run('keys', 'import', '-f', file)).toEqual({
    code: 0,
    output: 'Imported: 2. There already: 0.\n',
  });
  expect((await run('keys', 'import', '-f', file, '--json')).output).toBe('{"imported":0,"alreadyThere":2}\n');
  fs.appendFileSync(file, 'Another,,kong-fedcba9876543210\n');
  const refused = await run('keys', 'import', '-f', file).catch((error: Error) => error.message);
  expect(refused).toMatch(/line 4: the same key as line 3/);
  expect(refused).not.toContain('kong-');
});

it('tells which peppers have live keys, and fails when live keys have lost theirs', async () => {
  expect(await run('keys', 'peppers')).toMatchObject({ code: 0, output: expect.stringMatching(/^2\tcurrent\t/) });
  const pepper = { id: 'lost', secret: Buffer.alloc(32, 9) };
  await aCredential(database, { application: await anApplication(database), pepper });
  const { code, output } = await run('keys', 'peppers');
  expect(code).toBe(1);
  expect(output).toMatch(/lost\tmissing\t1 keys, 1 live\n1 live keys do not work: pepper lost is not in KEY_PEPPERS/);
});

it('makes the next key that signs tokens to upstreams, and revokes those before', async () => {
  const first = JSON.parse((await run('signing-key', 'rotate', '--lead', '0', '--json')).output) as { keyId: string };
  const next = await run('signing-key', 'rotate', '--algorithm', 'ES256');
  expect(next).toMatchObject({ code: 0, output: expect.stringMatching(/\(ES256\) is published and signs from 20/) });
  const ids = async () => (await listPublishedKeys(database.context)).map(({ id }) => id);
  expect(await ids()).toEqual([first.keyId, expect.any(String)]);
  const last = JSON.parse((await run('signing-key', 'rotate', '--revoke-others', '--json')).output) as {
    keyId: string;
  };
  expect(await ids()).toEqual([last.keyId]);
  await expect(run('signing-key', 'rotate', '--algorithm', 'RS256')).rejects.toThrow(/expected EdDSA or ES256/);
  await expect(run('signing-key', 'rotate', '--revoke-others', '--lead', '1m')).rejects.toThrow(/at once/);
});
