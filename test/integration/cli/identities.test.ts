import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCatalog, anApplication } from '../../support/factories.js';

let database: TestDatabase;
let commandLine: CommandLine;
beforeAll(async () => {
  database = await createTestDatabase();
  commandLine = new CommandLine(database);
});
afterAll(async () => {
  commandLine.dispose();
  await database.dispose();
});

const identities = (...words: readonly string[]) => commandLine.run('identities', ...words);
const changes = async () =>
  (await database.dataSource.query<unknown[]>(`SELECT 1 FROM change_log WHERE noun = 'identity'`)).length;

describe('tollgate identities', () => {
  it('adds names of both kinds, lists them, and takes one away; the gateways are told', async () => {
    const { id: application } = await anApplication(database);
    const issuer = 'https://id.test';
    const add = (...words: readonly string[]) => identities('add', '--application', application, ...words);
    const added = await add('--kind', 'jwt', '--issuer', issuer, '--value', 'robot', '--json');
    const identity = JSON.parse(added.output) as { id: string };
    expect(identity).toMatchObject({ applicationId: application, kind: 'jwt', issuer, value: 'robot' });
    const line = await add('--kind', 'mtls', '--value', 'CN=robot');
    expect(line.output).toMatch(new RegExp(`^[0-9a-f-]{36}\t${application}\tmtls\t-\tCN=robot\n$`));

    const listed = await identities('list', '--application', application, '--json');
    expect(JSON.parse(listed.output)).toMatchObject([{ id: identity.id }, { kind: 'mtls' }]);
    expect((await identities('list')).output.trim().split('\n').length).toBe(2);

    const removed = await identities('remove', '--id', identity.id);
    expect(removed).toMatchObject({ code: 0 });
    expect(removed.output).toContain(`"robot" no longer stands for application ${application}.`);
    expect(JSON.parse((await identities('list', '--json')).output)).toMatchObject([{ value: 'CN=robot' }]);
    expect(await changes()).toBe(3);
  });

  it('says which option is wrong, and changes nothing', async () => {
    const before = await changes();
    const { id } = await anApplication(database);
    const kind = ['--kind', 'jwt'];
    for (const [words, message] of [
      [['add', '--application', id, '--value', 'x'], '--kind : expected jwt or mtls'],
      [['add', '--application', id, '--kind', 'saml', '--value', 'x'], '--kind saml'],
      [['add', '--application', 'shop', ...kind, '--value', 'x'], '--application shop: expected an id'],
      [['add', '--application', id, ...kind], '--value is needed'],
      [['add', '--application', id, ...kind, '--value', 'x', '--key', 'y'], '--key'],
      [['list', '--application', 'shop'], '--application shop'],
      [['remove'], '--id is needed'],
    ] as const) {
      await expect(identities(...words)).rejects.toThrow(message);
    }
    expect(await changes()).toBe(before);
  });

  it('refuses what is not there, or stands for another application', async () => {
    const [one, other] = [await anApplication(database), await anApplication(database)];
    const add = (application: string, ...more: readonly string[]) =>
      identities('add', '--application', application, '--kind', 'mtls', '--value', 'CN=shared', ...more);
    await add(one.id);
    const unknown = database.context.ids.next();
    for (const [work, code] of [
      [() => add(other.id), 'identity_taken'],
      [() => add(other.id, '--issuer', 'https://id.test'), 'issuer_not_wanted'],
      [() => add(unknown), 'application_not_found'],
      [() => identities('add', '--application', one.id, '--kind', 'jwt', '--value', 'x'), 'issuer_missing'],
      [() => identities('remove', '--id', unknown), 'identity_not_found'],
    ] as const) {
      await expect(work()).rejects.toMatchObject({ code });
    }
  });
});

describe('tollgate cache purge', () => {
  it('tells the gateways which answers of which versions to forget', async () => {
    const { api, version } = await aCatalog(database, { upstreamUrl: 'http://127.0.0.1:9' });
    expect((await commandLine.run('cache', 'purge', '--api', api.slug, '--path', '/things/*')).output).toBe(
      `The gateways forget /things/* of ${api.slug} (1 versions).\n`,
    );
    const [change] = await database.dataSource.query<{ noun_id: string }[]>(
      `SELECT noun_id FROM change_log WHERE noun = 'response_cache'`,
    );
    expect(change!.noun_id).toBe(`${version.id} /things/*`);
    await expect(commandLine.run('cache', 'purge', '--api', 'none')).rejects.toMatchObject({ code: 'api_not_found' });
  });
});
