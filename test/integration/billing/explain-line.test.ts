import { closeDuePeriods, explainLine, listLineRequests } from '#services';
import type { MeterPrice } from '#domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { TestArchive } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const second = new Date('2026-02-28T10:00:00Z');
const third = new Date('2026-03-31T10:00:00Z');

describe('explaining a line of an invoice', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
  });
  afterEach(() => database.dispose());

  const subscribed = (...prices: readonly MeterPrice[]) =>
    aSubscription(database, { definition: aPlanDefinition({ prices }) });
  const use = (subscription: SubscriptionRow, at: string, quantity: string, options: object = {}) =>
    addUsage(database, subscription, { at: new Date(at), quantity, ...options });

  async function close(endsAt: Date): Promise<string> {
    database.clock.moveTo(endsAt.getTime() + HOUR);
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR });
    return closed[0]!.number!;
  }

  async function explain(invoice: string, line: number) {
    const quantities: string[] = [];
    const explained = await explainLine(database.context, { invoice, line }, async ({ quantity }) => {
      quantities.push(quantity);
    });
    return { ...explained, quantities };
  }

  const perUnit = { included: '0', price: { model: 'per_unit', unitAmount: '0.01' } } as const;

  it('names each billed call of its period once, in the order of admission, and no other', async () => {
    const subscription = await subscribed({ meter: 'requests', ...perUnit });
    const other = await subscribed({ meter: 'requests', ...perUnit });
    await use(subscription, '2026-02-03T00:00:00Z', '0.5');
    await use(subscription, '2026-02-01T00:00:00Z', '70.25');
    await use(subscription, '2026-02-02T00:00:00Z', '8', { billable: false });
    await use(subscription, '2026-03-02T00:00:00Z', '9');
    await use(subscription, '2026-02-02T00:00:00Z', '4', { meter: 'tokens' });
    await use(other, '2026-02-02T00:00:00Z', '5');
    const number = await close(second);
    const numbers = [number, await numberOf(other)];
    const explained = await explain(await numberOf(subscription), 2);
    expect(explained).toMatchObject({
      aggregation: 'sum',
      eventCount: 2,
      units: '70.75',
      agrees: true,
      quantities: ['70.25', '0.5'],
    });
    expect(explained.line).toMatchObject({ meter: 'requests', quantity: '70.75' });
    expect(numbers).toContain(explained.invoice.number);
  });

  async function numberOf({ id }: SubscriptionRow): Promise<string> {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ number: string }>('SELECT number FROM invoice WHERE subscription_id = $1', [id]),
    );
    return row!.number;
  }

  it.each([
    ['count', '3'],
    ['max', '40'],
    ['last', '7'],
    ['sum', '52'],
  ] as const)('adds calls up as the meter does: %s', async (aggregation, units) => {
    const subscription = await subscribed({
      meter: 'requests',
      ...perUnit,
      ...(aggregation !== 'sum' && { aggregation }),
    });
    for (const [day, quantity] of ['5', '40', '7'].entries())
      await use(subscription, `2026-02-0${day + 1}T00:00:00Z`, quantity);
    expect(await explain(await close(second), 2)).toMatchObject({ aggregation, units, agrees: true, eventCount: 3 });
  });

  it.each(['sum', 'max', 'last'] as const)(
    'takes off what was billed before of late usage: %s',
    async (aggregation) => {
      const subscription = await subscribed({
        meter: 'requests',
        ...perUnit,
        ...(aggregation !== 'sum' && { aggregation }),
      });
      await use(subscription, '2026-02-01T00:00:00Z', '30');
      await close(second);
      await use(subscription, '2026-02-02T00:00:00Z', '50', { settlesIn: second });
      const explained = await explain(await close(third), 3);
      expect(explained.line.kind).toBe('late_usage');
      expect(explained).toMatchObject({
        units: aggregation === 'sum' ? '50' : '20',
        agrees: true,
        quantities: ['50'],
      });
    },
  );

  it('has nothing to add up of a fee, and finds no line or invoice that is not there', async () => {
    await subscribed({ meter: 'requests', ...perUnit });
    const number = await close(second);
    expect(await explain(number, 1)).toMatchObject({ aggregation: null, units: null, agrees: true, eventCount: 0 });
    await expect(explain(number, 3)).rejects.toMatchObject({ code: 'invoice_line_not_found' });
    await expect(explain('INV-999999', 1)).rejects.toMatchObject({ code: 'invoice_not_found' });
  });

  it('is told to the payer of what is issued to it, and of nothing else', async () => {
    const subscription = await subscribed({ meter: 'requests', ...perUnit });
    const other = await subscribed({ meter: 'requests', ...perUnit });
    await use(subscription, '2026-02-01T00:00:00Z', '30');
    await use(other, '2026-02-01T00:00:00Z', '5');
    await close(second);
    const invoice = await numberOf(subscription);
    const { organizationId } = subscription;
    expect(await explainLine(database.context, { invoice, line: 2, organizationId })).toMatchObject({
      eventCount: 1,
      units: '30',
      agrees: true,
    });
    const page = { after: null, limit: 10 };
    expect(await listLineRequests(database.context, { invoice, line: 2, organizationId, ...page })).toMatchObject({
      requests: [{ quantity: '30', operation: 'getNow', keyId: expect.stringMatching(/^t/) }],
      next: null,
    });
    const foreign = { invoice: await numberOf(other), line: 2, organizationId };
    await expect(explainLine(database.context, foreign)).rejects.toMatchObject({ code: 'invoice_not_found' });
    await expect(listLineRequests(database.context, { ...foreign, ...page })).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
    // What is not issued yet is unknown to its payer.
    await tamper(
      database,
      `UPDATE invoice SET issued_at = NULL, number = NULL, state = 'review', review_ends_at = period_end WHERE number = $1`,
      [invoice],
    );
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string }>('SELECT id FROM invoice WHERE subscription_id = $1', [subscription.id]),
    );
    await expect(explainLine(database.context, { invoice: row!.id, line: 2, organizationId })).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
  });

  it('says at the command line what of a line went to the balance', async () => {
    const tiers = [
      { upTo: '10', unitAmount: '1', flatAmount: '0' },
      { upTo: null, unitAmount: '0.1', flatAmount: '0' },
    ] as const;
    const subscription = await subscribed({ meter: 'requests', included: '0', price: { model: 'volume', tiers } });
    await use(subscription, '2026-02-01T00:00:00Z', '10');
    await close(second);
    await use(subscription, '2026-02-02T00:00:00Z', '10', { settlesIn: second });
    database.clock.moveTo(third.getTime() + HOUR);
    const [closed] = (await closeDuePeriods(database.context, { graceMs: HOUR })).closed;
    const commandLine = new CommandLine(database);
    try {
      const { invoice } = await explainLine(database.context, { invoice: closed!.invoiceId!, line: 1 });
      const { output } = await commandLine.run('invoice', 'explain', invoice.id, '--line', '3');
      expect(output).toContain('amount   -8, rounded once: -8.00 USD, -7.00 USD of it to the balance: -1.00 USD\n');
    } finally {
      commandLine.dispose();
    }
  });

  it('is told by the command line, which ends with 1 when the calls are not the quantity', async () => {
    const subscription = await subscribed({ meter: 'requests', ...perUnit });
    await use(subscription, '2026-02-01T00:00:00Z', '30');
    await use(subscription, '2026-02-02T00:00:00Z', '12.5');
    const number = await close(second);
    const commandLine = new CommandLine(database);
    const run = (...words: readonly string[]) => commandLine.run('invoice', 'explain', ...words);
    try {
      const text = await run(number, '--line', '2');
      expect(text.code).toBe(0);
      expect(text.output).toContain('2 calls (sum) come to 42.5: the quantity of the line.');
      expect(text.output).toContain('42.5 × 0.01 + 0 = 0.425');
      const csv = (await run(number, '--line', '2', '--csv')).output.split('\r\n');
      expect(csv[0]).toBe('request_id,admitted_at,key,operation,method,status,quantity');
      expect(csv[1]).toMatch(/^[0-9a-f-]{36},2026-02-01T00:00:00\.000Z,t[0-9a-f]+,getNow,GET,200,30$/);
      expect(csv[2]).toMatch(/,12\.5$/);
      await tamper(
        database,
        `UPDATE usage_event SET quantities = '{"requests": "31"}' WHERE quantities @> '{"requests": "30"}'`,
      );
      const changed = await run(number, '--line', '2');
      expect(changed).toMatchObject({
        code: 1,
        output: expect.stringContaining('come to 43.5, and the line says 42.5'),
      });
      await expect(run('--line', '2')).rejects.toThrow(/number or id of an invoice/);
      await expect(run(number, '--line', '0')).rejects.toThrow(/--line 0: expected 1/);
    } finally {
      commandLine.dispose();
    }
  });
});

describe('explaining lines whose calls are in the archive', () => {
  it('finds them there', async () => {
    const ledger = await VerifiedLedger.create();
    const archive = new TestArchive(ledger.database);
    try {
      const lines = await ledger.database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ invoiceId: string; position: number; organizationId: string }>(
          `SELECT invoice_id AS "invoiceId", position, line.organization_id AS "organizationId"
           FROM invoice_line AS line JOIN invoice ON invoice.id = invoice_id
           WHERE issued_at IS NOT NULL ORDER BY invoice_id, position`,
        ),
      );
      const explainAll = (as: 'finance' | 'payer' = 'finance') =>
        Promise.all(
          lines.map(async ({ invoiceId, position, organizationId }) => {
            const { eventCount, units, agrees } = await explainLine(archive.context, {
              invoice: invoiceId,
              line: position,
              ...(as === 'payer' && { organizationId }),
            });
            return { eventCount, units, agrees };
          }),
        );
      const before = await explainAll();
      expect(before.every(({ agrees }) => agrees)).toBe(true);
      expect(before.some(({ eventCount }) => eventCount > 0)).toBe(true);
      expect((await archive.archiveAll()).some(({ status }) => status === 'archived')).toBe(true);
      expect(await explainAll()).toEqual(before);
      expect(await explainAll('payer')).toEqual(before);
    } finally {
      archive.dispose();
      await ledger.dispose();
    }
  });
});
