import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

describe('tollgate invoices review', () => {
  let database: TestDatabase;
  let commandLine: CommandLine;
  let organizationId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    commandLine = new CommandLine(database);
    ({ organizationId } = await aSubscription(database));
  });
  afterAll(async () => {
    commandLine.dispose();
    await database.dispose();
  });

  const review = (...words: readonly string[]) =>
    commandLine.run('invoices', 'review', '--organization', organizationId, ...words);

  it('sets the hours and prints them', async () => {
    expect(await review('--hours', '48')).toMatchObject({ code: 0, output: '48 hours\n' });
    expect(await review()).toMatchObject({ code: 0, output: '48 hours\n' });
  });

  it.each(['', ' ', '-1', '1.5', '1e1', 'two', '721'])('changes nothing for --hours=%j', async (hours) => {
    await review('--hours', '48');
    await expect(review(`--hours=${hours}`)).rejects.toThrow(/hours.*: expected a whole number/);
    expect(await review()).toMatchObject({ output: '48 hours\n' });
  });
});
