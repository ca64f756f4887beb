import {
  closeDuePeriods,
  decideOnAdjustment,
  findInvoice,
  proposeAdjustment,
  readBalance,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, PAY_ALL, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';

const start = '2026-02-01T00:00:00Z';
const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;

describe('the balance of an organization', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start);
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const propose = (amountMinor: bigint) =>
    proposeAdjustment(database.context, {
      organizationId: subscription.organizationId,
      currency: 'USD',
      amountMinor,
      reason: 'An outage in January',
      actor: ada,
    });
  const approve = (adjustmentId: string, actor: typeof ada | typeof grace = grace) =>
    decideOnAdjustment(database.context, { adjustmentId, decision: 'approved', actor });
  const credit = async (amountMinor: bigint) => approve((await propose(amountMinor)).id);
  const closeAt = async (at: string) => {
    database.clock.moveTo(at);
    const { closed, held } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    return closed;
  };
  const statement = () => readBalance(database.context, { organizationId: subscription.organizationId });

  it('pays the next invoices before a card is charged, and the provider collects the rest to the cent', async () => {
    await using collection = await Collection.start(database);
    await collection.saveCard(subscription.organizationId, cards.good);
    await credit(720n);

    const [first] = await closeAt('2026-03-01T01:00:00Z');
    await collection.settle();
    expect(await findInvoice(database.context, { invoiceId: first!.invoiceId! })).toMatchObject({
      state: 'paid',
      number: 'INV-000001',
      totalMinor: 500n,
      balanceAppliedMinor: 500n,
      providerInvoiceId: null,
      payments: [],
    });

    const [second] = await closeAt('2026-04-01T01:00:00Z');
    await collection.settle();
    const invoice = await findInvoice(database.context, { invoiceId: second!.invoiceId! });
    expect(invoice).toMatchObject({
      state: 'paid',
      totalMinor: 500n,
      balanceAppliedMinor: 220n,
      payments: [{ state: 'succeeded', amountMinor: 280n }],
    });
    expect(await collection.provider.retrieveInvoice(invoice.providerInvoiceId!)).toMatchObject({
      status: 'paid',
      totalMinor: 280n,
    });
    expect(await statement()).toMatchObject({
      balances: [{ amountMinor: 0n }],
      entries: [
        { kind: 'applied', amountMinor: -220n, balanceMinor: 0n, invoiceNumber: 'INV-000002' },
        { kind: 'applied', amountMinor: -500n, balanceMinor: 220n, invoiceNumber: 'INV-000001' },
        { kind: 'adjustment', amountMinor: 720n, balanceMinor: 720n, reason: 'An outage in January' },
      ],
    });
    const report = await verifyLedger(database.context, { provider: collection.provider });
    expect(report.checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
    expect(report.checks.find(({ name }) => name === 'balances')).toMatchObject({ ok: true, checked: 3 });
  });

  it('takes what late usage gives back beyond what the next invoice charges', async () => {
    const definition = aPlanDefinition({
      fixedFee: '0',
      prices: [
        {
          meter: 'requests',
          included: '0',
          price: {
            model: 'volume',
            tiers: [
              { upTo: '10', unitAmount: '1', flatAmount: '0' },
              { upTo: null, unitAmount: '0.1', flatAmount: '0' },
            ],
          },
        },
      ],
    });
    subscription = await aSubscription(database, { definition, organizationName: 'Cliff Ltd' });
    await addUsage(database, subscription, { at: new Date('2026-02-10T00:00:00Z'), quantity: '10' });
    await closeAt('2026-03-01T01:00:00Z');
    await addUsage(database, subscription, {
      at: new Date('2026-02-11T00:00:00Z'),
      quantity: '10',
      settlesIn: new Date('2026-03-01T00:00:00Z'),
    });
    await closeAt('2026-04-01T01:00:00Z');
    // Twenty units cost two dollars and not ten: eight come back, of an invoice that charges nothing.
    const [invoice] = await rows<{ total: string; excess: string }>(
      `SELECT total_minor AS total, excess_credit_minor AS excess FROM invoice
       WHERE organization_id = $1 AND period_start = '2026-03-01T00:00:00Z'`,
      [subscription.organizationId],
    );
    expect(invoice).toEqual({ total: '0', excess: '800' });
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(0);
    expect(await statement()).toMatchObject({
      balances: [{ amountMinor: 800n, currency: 'USD' }],
      entries: [{ kind: 'excess_credit', amountMinor: 800n }],
    });
    // The usage was put into the ledger without a segment.
    const differing = async () =>
      (await verifyLedger(database.context)).checks.flatMap(({ ok, name }) => (ok || name === 'events' ? [] : name));
    expect(await differing()).toEqual([]);
    const tampered = `UPDATE invoice SET excess_credit_minor = 0 WHERE organization_id = $1`;
    await tamper(database, tampered, [subscription.organizationId]);
    expect(await differing()).toEqual(['lines', 'balances']);
  });

  it('is changed by hand by two people only, once, and never below zero', async () => {
    const { id } = await propose(300n);
    expect((await statement()).balances).toEqual([]);
    await expect(approve(id, ada)).rejects.toMatchObject({ code: 'adjustment_needs_another_person' });
    await expect(
      rows(`UPDATE adjustment SET state = 'approved', decided_by = 'ada', decided_at = proposed_at`),
    ).rejects.toThrow(/adjustment_two_people/);
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => approve(id)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await statement()).balances).toMatchObject([{ amountMinor: 300n }]);

    const tooMuch = await propose(-301n);
    await expect(approve(tooMuch.id)).rejects.toMatchObject({ code: 'balance_too_low' });
    await decideOnAdjustment(database.context, { adjustmentId: tooMuch.id, decision: 'refused', actor: ada });
    await expect(approve(tooMuch.id)).rejects.toMatchObject({ code: 'adjustment_decided' });
    await credit(-300n);
    expect((await statement()).balances).toMatchObject([{ amountMinor: 0n }]);
    await expect(propose(0n)).rejects.toMatchObject({ code: 'adjustment_invalid' });
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
    expect(await rows(`SELECT action, actor_id AS who FROM audit_log WHERE noun = 'adjustment' ORDER BY id`)).toEqual([
      { action: 'proposed', who: 'ada' },
      { action: 'approved', who: 'grace' },
      { action: 'proposed', who: 'ada' },
      { action: 'refused', who: 'ada' },
      { action: 'proposed', who: 'ada' },
      { action: 'approved', who: 'grace' },
    ]);
  });

  it('is used once by invoices that are issued at the same time', async () => {
    // Two more subscriptions of the same organization, as to other products of the seller.
    for (let index = 0; index < 2; index++) {
      const other = await aSubscription(database, { organizationName: `Other ${index}` });
      const swap = [subscription.organizationId, other.organizationId];
      await tamper(database, `UPDATE subscription SET organization_id = $1 WHERE organization_id = $2`, swap);
      await tamper(database, `UPDATE subscription_phase SET organization_id = $1 WHERE organization_id = $2`, swap);
      await tamper(database, `UPDATE billing_period SET organization_id = $1 WHERE organization_id = $2`, swap);
    }
    await credit(520n);
    database.clock.moveTo('2026-03-01T01:00:00Z');
    await Promise.all(Array.from({ length: 3 }, () => closeDuePeriods(database.context, { graceMs: HOUR })));
    const invoices = await rows<{ total: string; applied: string }>(
      `SELECT total_minor AS total, balance_applied_minor AS applied FROM invoice`,
    );
    // 5.00, 1.00 and 1.00 are owed, and 5.20 are there.
    expect(invoices).toHaveLength(3);
    expect(invoices.reduce((sum, { applied }) => sum + BigInt(applied), 0n)).toBe(520n);
    expect((await statement()).balances).toMatchObject([{ amountMinor: 0n }]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('is a ledger that even SQL of the application’s role can only add to', async () => {
    await credit(300n);
    await expect(rows(`UPDATE balance SET amount_minor = 1000000`)).rejects.toThrow(/permission denied/);
    await expect(rows(`UPDATE balance_entry SET amount_minor = 1000000`)).rejects.toThrow(/permission denied/);
    await expect(rows(`DELETE FROM balance_entry`)).rejects.toThrow(/permission denied/);
    await expect(rows(`UPDATE adjustment SET amount_minor = 1000000`)).rejects.toThrow(/only be decided/);
    await closeAt('2026-03-01T01:00:00Z');
    await expect(rows(`UPDATE invoice SET balance_applied_minor = 0`)).rejects.toThrow(/gets its number/);
    await expect(rows(`UPDATE invoice SET excess_credit_minor = 1`)).rejects.toThrow(/only its state/);
  });

  it.each([
    ['a sum', `UPDATE balance SET amount_minor = amount_minor + 1`, /^balance /],
    [
      'an entry',
      `UPDATE balance_entry SET amount_minor = 299, balance_minor = 299 WHERE kind = 'adjustment'`,
      /^balance /,
    ],
    ['an invoice', `UPDATE invoice SET balance_applied_minor = 299`, /^invoice /],
    ['an adjustment', `UPDATE adjustment SET state = 'proposed', decided_by = NULL, decided_at = NULL`, /^adjustment /],
  ])('is proven: %s that was changed is named', async (_, sql, row) => {
    await credit(300n);
    await closeAt('2026-03-01T01:00:00Z');
    await tamper(database, sql);
    const report = await verifyLedger(database.context);
    expect(report.checks.find(({ name }) => name === 'balances')?.difference?.row).toMatch(row);
  });
});

describe('the state of an invoice', () => {
  it.each([
    ['issued', 'locked'],
    ['paid', 'issued'],
    ['paid', 'void'],
    ['past_due', 'issued'],
    ['uncollectible', 'past_due'],
    ['void', 'issued'],
    ['void', 'paid'],
  ])('goes by SQL of the application’s role from %s to %s never', async (from, to) => {
    const database = await createTestDatabase(start);
    try {
      await aSubscription(database);
      database.clock.moveTo('2026-03-01T01:00:00Z');
      await closeDuePeriods(database.context, { graceMs: HOUR });
      const run = (sql: string, parameters: readonly unknown[] = []) =>
        database.unitOfWork.inSystem((transaction) => transaction.query(sql, parameters));
      const set = (state: string) =>
        run(`UPDATE invoice SET state = $1, past_due_since = CASE $1 WHEN 'past_due' THEN issued_at END`, [state]);
      if (from === 'paid') {
        await expect(set(from)).rejects.toThrow('cannot be paid');
        await run(PAY_ALL);
      }
      if (from !== 'issued') await set(from);
      await expect(set(to)).rejects.toThrow(`is ${from} and cannot become ${to}`);
    } finally {
      await database.dispose();
    }
  });
});
