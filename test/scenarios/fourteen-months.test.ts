import { type PlanDefinition, formatMinor } from '#domain';
import { cancelSubscription, closeDuePeriods, exportInvoicesCsv, listInvoices } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aGateway, aPlanDefinition, aSubscription, addUsage } from '../support/billing-rows.js';
import { Collection, cards } from '../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { drain } from '../support/drain.js';

const pro: PlanDefinition = aPlanDefinition({
  fixedFee: '29.00',
  prices: [
    {
      meter: 'requests',
      included: '1000',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '10000', unitAmount: '0.002', flatAmount: '0' },
          { upTo: null, unitAmount: '0.0015', flatAmount: '0' },
        ],
      },
    },
  ],
});
const scale: PlanDefinition = aPlanDefinition({
  fixedFee: '99.00',
  prices: [{ meter: 'requests', included: '50000', price: { model: 'per_unit', unitAmount: '0.001' } }],
});

/** Lovelace Ltd signs up on 31 January 2027 at ten in the morning. The tests are its months, in order. */
describe('fourteen months of one customer', () => {
  let database: TestDatabase;
  let collection: Collection;
  let lovelace: SubscriptionRow;

  beforeAll(async () => {
    database = await createTestDatabase('2027-01-31T10:00:00Z');
    collection = await Collection.start(database);
    lovelace = await aSubscription(database, { organizationName: 'Lovelace Ltd', definition: pro });
    await collection.saveCard(lovelace.organizationId, cards.good);
    await gatewayReaches('2027-01-31T10:00:00Z');
  });
  afterAll(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const gatewayReaches = (at: string) => aGateway(database, { id: 'gw-berlin', admittedThrough: new Date(at) });
  const use = (at: string, quantity: string, options: Partial<Parameters<typeof addUsage>[2]> = {}) =>
    addUsage(database, lovelace, { at: new Date(at), quantity, ...options });
  const closing = () => closeDuePeriods(database.context, { graceMs: 3_600_000 });
  const latest = async () =>
    (await listInvoices(database.context, { organizationId: lovelace.organizationId })).invoices[0]!;

  /** The month ends: the clock passes the end of the period and the grace, and everything that is due is done. */
  const endMonth = async (end: string) => {
    database.clock.moveTo(Date.parse(end) + 3_600_000);
    await gatewayReaches(end);
    const result = await closing();
    await collection.settle();
    return { ...result, invoice: await latest() };
  };
  const bill = (invoice: Awaited<ReturnType<typeof latest>>) =>
    `${invoice.number} ${invoice.periodStart.toISOString().slice(0, 10)}..${invoice.periodEnd.toISOString().slice(0, 10)} ` +
    `${formatMinor(invoice.totalMinor, invoice.currency)} ${invoice.state}`;

  it('February is short: the month that began on the 31st ends on the 28th', async () => {
    await use('2027-02-10T00:00:00Z', '900');
    const { invoice } = await endMonth('2027-02-28T10:00:00Z');
    expect(bill(invoice)).toBe('INV-000001 2027-01-31..2027-02-28 29.00 paid');
  });

  it('March returns to the 31st, and the calls beyond the thousand cost', async () => {
    await use('2027-02-28T10:00:00Z', '4000');
    await use('2027-03-31T09:59:59.999Z', '1');
    const { invoice } = await endMonth('2027-03-31T10:00:00Z');
    // 3001 × 0.002 = 6.002, which is 6.00 to the cent.
    expect(bill(invoice)).toBe('INV-000002 2027-02-28..2027-03-31 35.00 paid');
  });

  it('April brings traffic beyond the first tier', async () => {
    await use('2027-03-31T10:00:00Z', '21000');
    const { invoice } = await endMonth('2027-04-30T10:00:00Z');
    // 10 000 × 0.002 + 10 000 × 0.0015.
    expect(bill(invoice)).toBe('INV-000003 2027-03-31..2027-04-30 64.00 paid');
  });

  it('in May nothing is called, and the fee is due all the same', async () => {
    const { invoice } = await endMonth('2027-05-31T10:00:00Z');
    expect(bill(invoice)).toBe('INV-000004 2027-04-30..2027-05-31 29.00 paid');
  });

  it('in June the gateway crashes before the month ends: the month is held until its journal has come', async () => {
    await use('2027-06-05T00:00:00Z', '2000');
    await gatewayReaches('2027-06-30T09:58:00Z');
    database.clock.moveTo('2027-06-30T12:00:00Z');
    const { closed, held } = await closing();
    expect(closed).toEqual([]);
    expect(held).toMatchObject([{ reason: expect.stringContaining('gw-berlin') }]);
    await use('2027-06-30T09:57:00Z', '500');
    await gatewayReaches('2027-06-30T12:00:00Z');
    await closing();
    await collection.settle();
    expect(bill(await latest())).toBe('INV-000005 2027-05-31..2027-06-30 32.00 paid');
  });

  it('in July the card is declined: the invoice is past due', async () => {
    await collection.saveCard(lovelace.organizationId, cards.declined);
    const { invoice } = await endMonth('2027-07-31T10:00:00Z');
    expect(bill(invoice)).toBe('INV-000006 2027-06-30..2027-07-31 29.00 past_due');
    expect(invoice).toMatchObject({ failureCode: 'generic_decline' });
  });

  it('three days later there is a new card, and the invoice is paid without anybody asking', async () => {
    database.clock.moveTo('2027-08-03T09:00:00Z');
    await collection.saveCard(lovelace.organizationId, cards.good);
    await collection.settle();
    expect(bill(await latest())).toBe('INV-000006 2027-06-30..2027-07-31 29.00 paid');
  });

  it('in August a gateway that was thought lost delivers calls of July: they are a line of their own', async () => {
    await use('2027-07-02T00:00:00Z', '1500', { settlesIn: new Date('2027-07-31T10:00:00Z') });
    await use('2027-08-20T00:00:00Z', '1200');
    const { invoice } = await endMonth('2027-08-31T10:00:00Z');
    // 200 × 0.002 of August; of July's 1500 the plan included 1000, and 500 cost 1.00.
    expect(bill(invoice)).toBe('INV-000007 2027-07-31..2027-08-31 30.40 paid');
  });

  it('September closes once although four workers try', async () => {
    database.clock.moveTo('2027-09-30T11:00:00Z');
    await gatewayReaches('2027-09-30T11:00:00Z');
    const results = await Promise.all([closing(), closing(), closing(), closing()]);
    expect(results.flatMap(({ closed }) => closed)).toHaveLength(1);
    await collection.settle();
    expect(bill(await latest())).toBe('INV-000008 2027-08-31..2027-09-30 29.00 paid');
  });

  it('over the holidays nobody closes anything: three months close in order afterwards, each with its own invoice', async () => {
    await use('2027-10-15T00:00:00Z', '1001');
    await use('2027-12-24T00:00:00Z', '6000');
    const { closed } = await endMonth('2027-12-31T10:00:00Z');
    expect(
      closed.map(({ periodEnd, number, totalMinor }) => [periodEnd.toISOString().slice(0, 10), number, totalMinor]),
    ).toEqual([
      ['2027-10-31', 'INV-000009', 2900n],
      ['2027-11-30', 'INV-000010', 2900n],
      ['2027-12-31', 'INV-000011', 2900n + 1000n],
    ]);
  });

  it('the new year begins on a larger plan', async () => {
    const planVersionId = database.context.ids.next();
    const phaseId = database.context.ids.next();
    const changedAt = new Date('2027-12-31T10:00:00Z');
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(`UPDATE plan_version SET state = 'retired'`);
      await transaction.query(
        `INSERT INTO plan_version SELECT $1, plan_id, 2, 'published', $2, 'hash', $3 FROM plan_version WHERE id = $4`,
        [planVersionId, JSON.stringify(scale), changedAt, lovelace.planVersionId],
      );
      await transaction.query(`UPDATE subscription_phase SET ends_at = $1`, [changedAt]);
      await transaction.query(`INSERT INTO subscription_phase VALUES ($1, $2, $3, $4, $5)`, [
        phaseId,
        lovelace.organizationId,
        lovelace.id,
        planVersionId,
        changedAt,
      ]);
    });
    lovelace = { ...lovelace, planVersionId, phaseId };
    await use('2028-01-10T00:00:00Z', '62345');
    const { invoice } = await endMonth('2028-01-31T10:00:00Z');
    // 12 345 × 0.001 = 12.345, rounded away from zero.
    expect(bill(invoice)).toBe('INV-000012 2027-12-31..2028-01-31 111.35 paid');
  });

  it('2028 is a leap year: February ends on the 29th', async () => {
    const { invoice } = await endMonth('2028-02-29T10:00:00Z');
    expect(bill(invoice)).toBe('INV-000013 2028-01-31..2028-02-29 99.00 paid');
  });

  it('in March Lovelace cancels: there is a last invoice, and no month after it', async () => {
    await use('2028-03-01T00:00:00Z', '50001');
    const { organizationId, id: subscriptionId } = lovelace;
    const actor = { kind: 'cli', id: null } as const;
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'period_end', actor });
    const { invoice } = await endMonth('2028-03-31T10:00:00Z');
    expect(bill(invoice)).toBe('INV-000014 2028-02-29..2028-03-31 99.00 paid');
    const { closed } = await endMonth('2028-06-30T10:00:00Z');
    expect(closed).toEqual([]);
  });

  it('in the end every invoice is paid, the export adds up to them, and so does the payment provider', async () => {
    const { invoices } = await listInvoices(database.context);
    expect(invoices).toHaveLength(14);
    expect(new Set(invoices.map(({ state }) => state))).toEqual(new Set(['paid']));
    const totalMinor = invoices.reduce((sum, invoice) => sum + invoice.totalMinor, 0n);
    expect(totalMinor).toBe(68_375n);

    const [header = '', ...rows] = (await drain(exportInvoicesCsv(database.context))).join('').trimEnd().split('\r\n');
    const column = header.split(',').indexOf('amount_minor') - header.split(',').length;
    expect(rows.reduce((sum, row) => sum + BigInt(row.split(',').at(column)!), 0n)).toBe(totalMinor);

    const provided = await Promise.all(
      invoices.map((invoice) => collection.provider.retrieveInvoice(invoice.providerInvoiceId!)),
    );
    expect(provided.every(({ status }) => status === 'paid')).toBe(true);
    expect(provided.reduce((sum, invoice) => sum + invoice.totalMinor, 0n)).toBe(totalMinor);
  });
});
