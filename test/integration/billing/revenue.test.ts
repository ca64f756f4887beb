import { closeDuePeriods, issueCreditNote, listInvoices, voidInvoice } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
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
});
