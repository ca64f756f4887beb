import { sumRevenue } from '#persistence';
import { changePlan, closeDuePeriods, issueCreditNote, listInvoices, voidInvoice } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlanDefinition, aPlanVersion, aSubscription, addUsage } from '../../support/billing-rows.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const finance = { kind: 'user', id: 'finance' } as const;

describe('revenue, as the database adds it up', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase('2026-01-31T10:00:00Z');
  });
  afterEach(() => database.dispose());

  const closeAt = async (at: string) => {
    database.clock.moveTo(at);
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
  };

  it('is what the books say of fees in advance, of such that were taken back, and of credit notes', async () => {
    const prices = [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.07' } }] as const;
    const subscriptions = [
      await aSubscription(database, {
        definition: aPlanDefinition({ fixedFee: '100.01', fixedFeeDue: 'in_advance', billingInterval: 'year', prices }),
      }),
      await aSubscription(database, {
        definition: aPlanDefinition({ currency: 'JPY', fixedFee: '1000', fixedFeeDue: 'in_advance', prices }),
      }),
      await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '9.99', prices }) }),
    ];
    for (const subscription of subscriptions)
      await addUsage(database, subscription, { at: new Date('2026-02-03T00:00:00Z'), quantity: '123' });
    await closeAt('2026-01-31T12:00:00Z');
    await closeAt('2026-02-28T12:00:00Z');
    await closeAt('2026-03-31T12:00:00Z');
    const { invoices } = await listInvoices(database.context);
    expect(invoices.length).toBeGreaterThan(4);
    const of = (index: number) =>
      invoices.filter(
        ({ subscriptionId, totalMinor }) => subscriptionId === subscriptions[index]!.id && totalMinor > 0n,
      );
    database.clock.moveTo('2026-04-10T00:00:00Z');
    const why = { reason: 'A mistake.', actor: finance };
    await voidInvoice(database.context, { invoiceId: of(0)[0]!.id, reissue: false, ...why });
    await voidInvoice(database.context, { invoiceId: of(1)[0]!.id, reissue: true, ...why });
    await issueCreditNote(database.context, { invoiceId: of(2)[0]!.id, lines: null, ...why });
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(3);
  });

  it('takes what an invoice gives back beyond what it charges off the plans that it is given back of', async () => {
    // A volume price gets cheaper beyond ten units, so late ones give something back too.
    const price = {
      model: 'volume',
      tiers: [
        { upTo: '10', unitAmount: '1', flatAmount: '0' },
        { upTo: null, unitAmount: '0.1', flatAmount: '0' },
      ],
    } as const;
    const prices = [{ meter: 'requests', included: '0', price }];
    const fee = (fixedFee: string) => aPlanDefinition({ fixedFee, fixedFeeDue: 'in_advance', prices });
    const subscription = await aSubscription(database, { definition: fee('280.00') });
    const plans = [
      await aPlanVersion(database, subscription, fee('140.00')),
      await aPlanVersion(database, subscription, aPlanDefinition({ fixedFee: '0' })),
    ];
    await closeAt('2026-01-31T12:00:00Z');
    await addUsage(database, subscription, { at: new Date('2026-02-03T00:00:00Z'), quantity: '10' });
    await closeAt('2026-02-28T12:00:00Z');
    for (const [index, at] of ['2026-03-10T10:00:00Z', '2026-03-11T10:00:00Z'].entries()) {
      database.clock.moveTo(at);
      const { id: subscriptionId, organizationId } = subscription;
      const change = { subscriptionId, organizationId, planVersionId: plans[index]!, when: 'now' } as const;
      await changePlan(database.context, { ...change, paymentProvider: null, actor: { kind: 'cli', id: null } });
    }
    await addUsage(database, subscription, {
      at: new Date('2026-02-04T00:00:00Z'),
      quantity: '10',
      settlesIn: new Date('2026-02-28T10:00:00Z'),
    });
    await closeAt('2026-03-31T12:00:00Z');
    const { invoices } = await listInvoices(database.context);
    expect(invoices.find(({ excessCreditMinor }) => excessCreditMinor > 0n)).toMatchObject({ totalMinor: 0n });
    const earned = await database.unitOfWork.inSystem((transaction) =>
      sumRevenue(transaction, { from: null, to: null }),
    );
    const sum = (account: string, isFirst: boolean) =>
      earned.reduce(
        (total, row) =>
          row.account === account && row.plan!.endsWith('/pro') === isFirst ? total + row.amountMinor : total,
        0n,
      );
    // Of a month of 31 days ten were under the first plan, and one under the second; of the month before no fee was invoiced.
    expect(sum('fixed_fee_revenue', true)).toBe(9_032n);
    expect(sum('fixed_fee_revenue', false)).toBe(452n);
    // Ten dollars for ten units, of which eight came back when there were twenty.
    expect(sum('usage_revenue', true)).toBe(200n);
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(2);
  });
});
