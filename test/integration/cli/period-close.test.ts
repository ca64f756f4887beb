import { setReviewWindow } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

describe('tollgate period close', () => {
  let database: TestDatabase;
  let commandLine: CommandLine;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    commandLine = new CommandLine(database);
  });
  afterEach(async () => {
    commandLine.dispose();
    await database.dispose();
  });

  it('says of each period whether it has an invoice, one in review, or nothing to pay', async () => {
    const fee = { definition: aPlanDefinition({ fixedFee: '5.00' }) };
    const numbered = await aSubscription(database, fee);
    const free = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '0' }) });
    const reviewed = await aSubscription(database, fee);
    const { organizationId } = reviewed;
    await setReviewWindow(database.context, { organizationId, hours: 24, actor: { kind: 'cli', id: null } });
    const { code, output } = await commandLine.run('period', 'close', '--at', '2026-03-01T00:00:00Z');
    const from = 'from 2026-02-01T00:00:00.000Z';
    expect(output.trim().split('\n').toSorted()).toEqual(
      [
        `closed ${numbered.id} ${from}: INV-000001`,
        `closed ${free.id} ${from}: nothing to pay`,
        `closed ${reviewed.id} ${from}: an invoice in review`,
        '3 closed, 0 held.',
      ].toSorted(),
    );
    expect(code).toBe(0);
  });
});
