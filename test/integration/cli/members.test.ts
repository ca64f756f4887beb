import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { anOrganization } from '../../support/factories.js';

let database: TestDatabase;
let commandLine: CommandLine;
let organization: string;
beforeAll(async () => {
  database = await createTestDatabase();
  commandLine = new CommandLine(database);
  organization = (await anOrganization(database)).id;
  for (const [name, role] of [
    ['ada', 'owner'],
    ['grace', 'developer'],
  ]) {
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ($1, $1, $1 || '@lovelace.example', true)`,
      [name],
    );
    await rows('INSERT INTO membership VALUES ($1, $2, $3, now())', [organization, name, role]);
  }
});
afterAll(async () => {
  commandLine.dispose();
  await database.dispose();
});

const rows = (sql: string, parameters: readonly unknown[]) =>
  database.unitOfWork.inSystem((transaction) => transaction.query<object>(sql, parameters));
const members = (...[verb = 'list', ...words]: readonly string[]) =>
  commandLine.run('members', verb, '--organization', organization, ...words);
const listed = async () => (await members('list')).output;
const GRACE = ['--email', 'grace@lovelace.example'] as const;

describe('tollgate members', () => {
  it('lists the members, changes the role of one and removes one, all in the audit log', async () => {
    const [, grace] = JSON.parse((await members('list', '--json')).output) as object[];
    expect(grace).toMatchObject({ userId: 'grace', name: 'grace', email: 'grace@lovelace.example', role: 'developer' });
    await members('role', ...GRACE, '--role', 'billing');
    expect(await listed()).toContain('grace@lovelace.example\tbilling\tgrace\n');
    await members('remove', ...GRACE);
    expect(await listed()).toBe('ada@lovelace.example\towner\tada\n');
    const log = await rows(
      `SELECT actor_kind AS actor, noun, action FROM audit_log WHERE organization_id = $1 ORDER BY id`,
      [organization],
    );
    expect(log).toEqual([
      { actor: 'cli', noun: 'member', action: 'role changed' },
      { actor: 'cli', noun: 'member', action: 'removed' },
    ]);
  });

  it('prints the link of an invitation, once for an address', async () => {
    const words = ['invite', '--email', 'Mary@somerville.example', '--role', 'admin'] as const;
    const { code, output } = await members(...words);
    expect(code).toBe(0);
    expect(output).toMatch(/^http:\/\/localhost:4000\/invitation\?token=[\w-]+\nThe link works once, until /);
    await expect(members(...words)).rejects.toThrow('mary@somerville.example is invited already');
  });

  it('takes the slug or the name of the organization, and asks where several have the name', async () => {
    const named = (name: string) => commandLine.run('members', 'list', '--organization', name);
    const { slug } = await anOrganization(database, { name: 'Only Ltd' });
    expect(await named('Only Ltd')).toEqual(await named(slug));
    await expect(named('Nobody Ltd')).rejects.toThrow('There is no organization "Nobody Ltd".');
    const twin = await anOrganization(database, { name: 'Only Ltd' });
    await expect(named('Only Ltd')).rejects.toThrow(`say which by ${slug}, ${twin.slug}`);
    expect((await named(twin.slug)).code).toBe(0);
  });

  it('has the organizations listed with how they pay, all or by a part of a name', async () => {
    const { slug } = await anOrganization(database, { name: 'Transfers & Co' });
    await rows(`UPDATE organization SET payment_method = 'transfer', net_days = 30 WHERE slug = $1`, [slug]);
    const list = (...words: readonly string[]) => commandLine.run('organizations', 'list', ...words);
    expect((await list('--search', 'transfers &')).output).toBe(
      `${slug}\tTransfers & Co\tby transfer within 30 days\n`,
    );
    const all = JSON.parse((await list('--json')).output) as { id: string }[];
    expect(all.map(({ id }) => id)).toContain(organization);
    expect((await list('--search', organization)).output).toMatch(/\tby card\n$/);
  });

  it('keeps the last owner, and says which option is wrong', async () => {
    const ada = ['--email', 'ada@lovelace.example'] as const;
    await expect(members('remove', ...ada)).rejects.toThrow(/owner/);
    await expect(members('role', ...ada, '--role', 'king')).rejects.toThrow('--role king: expected owner, admin');
    await expect(members('remove', '--email', 'ada')).rejects.toThrow('--email ada: expected an e-mail address');
    await expect(members('remove', '--email', 'no@one.example')).rejects.toThrow('no member of this organization');
    expect(await listed()).toBe('ada@lovelace.example\towner\tada\n');
  });
});
