import { closeDuePeriods, decideOnRefund, verifyLedger } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

/** Ada has paid; the cards of Bob, Carl and Dora are declined. */
describe('at the command line', () => {
  let database: TestDatabase;
  let collection: Collection;
  let commandLine: CommandLine;
  const invoices: Record<string, string> = {};
  const organizations: Record<string, string> = {};
  beforeAll(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    commandLine = new CommandLine(database);
    for (const name of ['Ada', 'Bob', 'Carl', 'Dora']) {
      const definition = aPlanDefinition({ fixedFee: '5.00' });
      const { organizationId } = await aSubscription(database, { organizationName: name, definition });
      organizations[name] = organizationId;
      await collection.saveCard(organizationId, name === 'Ada' ? cards.good : cards.declined);
    }
    database.clock.moveTo('2026-03-01T01:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    await collection.settle();
    const found = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ name: string; number: string }>(
        'SELECT name, number FROM invoice JOIN organization ON organization.id = organization_id',
      ),
    );
    for (const { name, number } of found) invoices[name] = number;
  });
  afterAll(async () => {
    commandLine.dispose();
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const run = (...words: readonly string[]) => commandLine.run(...words);
  const json = async (...words: readonly string[]) => JSON.parse((await run(...words, '--json')).output) as object;

  it('an invoice is credited by line with a preview, and what is left is proposed as a refund to the card', async () => {
    const number = invoices['Ada']!;
    expect((await run('invoice', 'credit', number, '--line', '1=120', '--preview')).output).toBe(
      'Fixed fee  $1.20\nCredited  $1.20\nTo the balance  $1.20\n',
    );
    expect((await run('invoice', 'refund', number, '--preview')).output).toBe(
      'Fixed fee  $5.00\nCredited  $5.00\nTo the card  $5.00\n',
    );
    await expect(run('invoice', 'credit', number)).rejects.toThrow(/--reason TEXT is needed/);
    await expect(run('invoice', 'credit', number, '--reason', 'x', '--line', '0')).rejects.toThrow(/such as 2=1250/);
    await expect(run('invoice', 'credit', number, '--reason', 'x', '--line', '9')).rejects.toThrow(/lines 1 to 2/);
    await expect(run('invoice', 'credit', 'INV-999999', '--reason', 'x')).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
    expect((await run('invoice', 'credit', number, '--reason', 'Sorry', '--line', '1=120')).output).toBe(
      'Credit note INV-CN-000001 over $1.20 is issued.\n',
    );
    const proposal = await json('invoice', 'refund', number, '--reason', 'Sorry again');
    expect(proposal).toMatchObject({ state: 'proposed', amountMinor: '380', currency: 'USD' });
    const { id: proposalId } = proposal as { id: string };
    const actor = { kind: 'cli', id: null } as const;
    await expect(decideOnRefund(database.context, { proposalId, decision: 'approved', actor })).rejects.toMatchObject({
      code: 'refund_proposal_needs_another_person',
    });
  });

  it('an unpaid invoice is withdrawn and made anew, and one that is past due is given up', async () => {
    const [bob, carl] = [invoices['Bob']!, invoices['Carl']!];
    const preview = await run('invoice', 'void', bob, '--preview');
    expect(preview.output).toContain('Not asked for any more: $5.00.');
    await expect(run('invoice', 'void', bob)).rejects.toThrow(/--reason TEXT is needed/);
    await expect(run('invoice', 'reissue', bob, '--preview')).rejects.toMatchObject({ code: 'invoice_not_void' });
    expect((await run('invoice', 'void', bob, '--reason', 'Wrong address')).output).toBe(`Invoice ${bob} is void.\n`);
    expect((await run('invoice', 'reissue', bob, '--preview')).output).toContain('wait in review');
    await expect(run('invoice', 'rebuild', carl)).rejects.toMatchObject({ code: 'invoice_not_held' });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`UPDATE invoice SET failure_code = 'reconcile_hold' WHERE number = $1`, [carl]),
    );
    expect(await json('invoice', 'rebuild', carl)).toMatchObject({ number: carl, generation: 2 });
    expect(await json('invoice', 'reissue', bob)).toMatchObject({ number: bob, replacementId: expect.any(String) });
    await expect(run('invoice', 'reissue', bob)).rejects.toMatchObject({ code: 'invoice_replaced' });

    expect(await json('invoice', 'uncollectible', carl, '--preview')).toMatchObject({
      state: 'past_due',
      dueMinor: '500',
      returnedMinor: '0',
    });
    expect((await run('invoice', 'uncollectible', carl, '--reason', 'Bankrupt')).output).toBe(
      `Invoice ${carl} is given up.\n`,
    );
    await expect(run('invoice', 'uncollectible', carl, '--reason', 'Again')).rejects.toMatchObject({
      code: 'invoice_not_past_due',
    });
    const replaced = await json('invoice', 'void', invoices['Dora']!, '--reason', 'Wrong plan', '--reissue');
    expect(replaced).toMatchObject({ state: 'void', replacementId: expect.any(String) });
    await collection.settle();
    expect(await verifyLedger(database.context, { provider: collection.provider })).toMatchObject({ ok: true });
  });

  it('tax rates are added, ended and listed, and an organization is exempted', async () => {
    const add = ['tax', 'rates', 'add', '--country', 'DE', '--name', 'VAT', '--from', '2026-01-01'];
    await expect(run(...add)).rejects.toMatchObject({ code: 'tax_rate_invalid' });
    await expect(run(...add, '--category', 'luxury')).rejects.toThrow(/expected one of standard/);
    await database.unitOfWork.inSystem((transaction) => transaction.query(`UPDATE seller SET country = 'DE'`));
    expect(await json(...add, '--percent', '19', '--preview')).toMatchObject({
      changed: 4,
      unchanged: 0,
      invoices: [{ organization: 'Ada', after: 'VAT 19 % (standard)' }, {}, {}, {}],
    });
    expect(await json('tax', 'rates', 'list')).toEqual([]);
    const { id } = (await json(...add, '--percent', '19')) as { id: string };
    const preview = (await run('tax', 'rates', 'end', id, '--at', '2099-04-15', '--preview')).output;
    expect(preview).toMatch(
      / {2}Ada, \S+, period until 2099-05-01T00:00:00.000Z: VAT 19 % \(standard\) becomes no tax/,
    );
    expect(preview).toContain(
      '4 subscriptions would be taxed otherwise from then on, 0 as before; nothing was changed\n',
    );
    expect(await json('tax', 'rates', 'list')).toMatchObject([{ id, validTo: null }]);
    await expect(run(...add, '--percent', '20')).rejects.toMatchObject({ code: 'tax_rate_overlaps' });
    await expect(run('tax', 'rates', 'end', id)).rejects.toThrow(/--at INSTANT or --never/);
    expect((await run('tax', 'rates', 'end', id, '--at', '2026-07-01')).output).toContain(
      'VAT 19 %  from 2026-01-01T00:00:00.000Z until 2026-07-01T00:00:00.000Z',
    );
    expect(await json('tax', 'rates', 'list', '--seller', 'default')).toMatchObject([{ id, percent: '19' }]);
    await expect(run('tax', 'rates', 'list', '--seller', 'nobody')).rejects.toThrow(/expected one of default/);
    const exempt = ['tax', 'exempt', '--organization', organizations['Ada']!];
    await expect(run(...exempt)).rejects.toThrow(/--reason TEXT or --end/);
    expect((await run(...exempt, '--reason', 'Diplomatic mission')).output).toBe(
      'charged no tax: Diplomatic mission\n',
    );
    expect(await json(...exempt, '--end')).toEqual({ organizationId: organizations['Ada'], exemptionReason: null });
    const billing = ['organization', 'billing', organizations['Ada']!];
    expect((await run(...billing)).output).toBe('Ada\n');
    const york = ['--address', '350 5th Ave', '--address', 'New York', '--country', 'US', '--region', 'NY'];
    await expect(run(...billing, ...york, '--postal-code', '1011')).rejects.toThrow(/postalCode: expected one of US/);
    expect((await run(...billing, ...york, '--postal-code', '10118')).output).toBe(
      'Ada\n350 5th Ave\nNew York\n10118\nUS-NY\n',
    );
    expect(await json(...billing, '--postal-code', '')).toMatchObject({ country: 'US', postalCode: null });
  });

  it('credits are given, listed and, while they wait, taken back', async () => {
    const organizationId = organizations['Ada']!;
    const give = ['credits', 'give', '--organization', organizationId, '--currency', 'USD', '--reason', 'Welcome'];
    expect((await run('credits', 'list', '--organization', organizationId)).output).toBe('no credits\n');
    await expect(run(...give)).rejects.toThrow(/--amount-minor is needed/);
    await expect(run(...give, '--amount-minor', '12.50')).rejects.toThrow(/whole minor units/);
    expect((await run(...give, '--amount-minor', '1000', '--expires', '2027-01-01')).output).toMatch(/^granted /);
    expect((await run('credits', 'list', '--organization', organizationId)).output).toMatch(
      /^\S+ {2}\$10\.00 of \$10\.00 left {2}promotional {2}2027-01-01T00:00:00\.000Z {2}Welcome\n$/,
    );
    expect(await json('credits', 'list', '--organization', organizationId)).toMatchObject({
      grants: [{ amountMinor: '1000', remainingMinor: '1000', currency: 'USD' }],
    });
    const waiting = (await run(...give, '--amount-minor', '100000000')).output;
    const [, proposal] = /^proposed (\S+): another person must approve it\n$/.exec(waiting) ?? [];
    expect((await run('credits', 'refuse', '--proposal', proposal!)).output).toBe('refused\n');
    await expect(run('credits', 'refuse', '--proposal', proposal!)).rejects.toMatchObject({
      code: 'credit_proposal_decided',
    });
  });
});
