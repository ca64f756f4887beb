import type { PlanDefinition } from '#domain';
import { listInvoiceLines } from '#persistence';
import {
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  keepPlan,
  listSubscriptions,
  previewPlanChange,
  setMoneyCap,
  verifyLedger,
} from '#services';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SubscriptionRow,
  aPlanDefinition,
  aPlanVersion,
  aSubscription,
  addUsage,
} from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
/** A quarter of the period is over. */
const middle = new Date('2026-02-07T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;

const aPlan = (fixedFee: string, unitAmount: string, more: Partial<PlanDefinition> = {}) =>
  aPlanDefinition({
    fixedFee,
    prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount } }],
    ...more,
  });

describe('changing the plan of a subscription', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  let larger: string;
  let smaller: string;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    subscription = await aSubscription(database, { definition: aPlan('10.00', '0.01') });
    larger = await aPlanVersion(database, subscription, aPlan('40.00', '0.001'));
    smaller = await aPlanVersion(database, subscription, aPlan('4.00', '0.02'));
    database.clock.moveTo(middle);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const which = () => ({ organizationId: subscription.organizationId, subscriptionId: subscription.id });
  const change = (planVersionId: string, when?: 'now' | 'period_end') =>
    changePlan(database.context, { ...which(), planVersionId, when, paymentProvider: null, actor });
  const preview = (planVersionId: string, when?: 'now' | 'period_end') =>
    previewPlanChange(database.context, { ...which(), planVersionId, when });
  const close = () => closeDuePeriods(database.context, { graceMs: HOUR });
  const overview = async () => (await listSubscriptions(database.context, subscription.organizationId))[0]!;
  const phases = () =>
    rows<{ id: string; plan_version_id: string; starts_at: Date; ends_at: Date | null }>(
      'SELECT id, plan_version_id, starts_at, ends_at FROM subscription_phase WHERE subscription_id = $1 ORDER BY starts_at, id',
      [subscription.id],
    );
  const linesOf = async (invoiceId: string | null) =>
    (await database.unitOfWork.inSystem((transaction) => listInvoiceLines(transaction, invoiceId!))).map(essence);
  const essence = (line: {
    kind: string;
    meter: string | null;
    description: string;
    amountMinor: bigint;
    inputHash: string;
  }) => [line.kind, line.meter, line.description, line.amountMinor, line.inputHash];

  it('begins a larger plan at once and splits fees and usage, as the preview says', async () => {
    await addUsage(database, subscription, { at: start, quantity: '100' });
    const shown = await preview(larger);
    // A quarter of ten dollars, a cent for each of a hundred, and three quarters of forty dollars.
    expect(shown).toMatchObject({
      when: 'now',
      startsAt: middle,
      rated: { subtotalMinor: 250n + 100n + 3000n },
      unchanged: { rated: { subtotalMinor: 1000n + 100n } },
    });
    expect(await change(larger)).toMatchObject({ planVersionId: larger, plannedChange: null });
    const [, second] = await phases();
    database.clock.moveTo(end.getTime() + HOUR);
    const { closed } = await close();
    expect(closed).toMatchObject([{ totalMinor: 3350n }]);
    expect(await linesOf(closed[0]!.invoiceId)).toEqual(shown.rated!.lines.map(essence));
    expect(second).toMatchObject({ plan_version_id: larger, starts_at: middle, ends_at: null });
    expect(await rows(`SELECT action, details FROM audit_log WHERE noun = 'subscription'`)).toEqual([
      {
        action: 'changed the plan of',
        details: { from: subscription.planVersionId, to: larger, startsAt: middle.toISOString() },
      },
    ]);
    expect(await rows('SELECT noun_id FROM change_log')).toEqual([{ noun_id: subscription.id }]);
  });

  it('begins a smaller plan with the next period, and takes that back until then', async () => {
    expect(await change(smaller)).toMatchObject({
      planVersionId: subscription.planVersionId,
      plannedChange: { planVersionId: smaller, startsAt: end },
    });
    database.clock.moveTo(end.getTime() - 1);
    const kept = await keepPlan(database.context, { ...which(), actor });
    expect(kept).toMatchObject({ planVersionId: subscription.planVersionId, plannedChange: null });
    await keepPlan(database.context, { ...which(), actor });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 1000n }, { totalMinor: 1000n }]);
    expect(await overview()).toMatchObject({ planVersionId: subscription.planVersionId });
    expect(await rows(`SELECT action FROM audit_log WHERE noun = 'subscription' ORDER BY id`)).toEqual([
      { action: 'planned another plan for' },
      { action: 'kept the plan of' },
    ]);
  });

  it('has the smaller plan in force from the millisecond on at which the period ends', async () => {
    await change(smaller);
    database.clock.moveTo(end);
    expect(await overview()).toMatchObject({ planVersionId: smaller, plannedChange: null });
    const [, second] = await phases();
    await addUsage(database, subscription, {
      at: end,
      quantity: '50',
      phaseId: second!.id,
      planVersionId: smaller,
    });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 1000n }, { totalMinor: 400n + 100n }]);
  });

  it('lets a later change take the place of a planned one', async () => {
    await change(smaller);
    await change(larger, 'period_end');
    expect(await overview()).toMatchObject({ plannedChange: { planVersionId: larger, startsAt: end } });
    await change(larger, 'now');
    expect(await overview()).toMatchObject({ planVersionId: larger, plannedChange: null });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 250n + 3000n }, { totalMinor: 4000n }]);
  });

  it('changes on the last millisecond of a period, and then in the first of the next', async () => {
    database.clock.moveTo(end.getTime() - 1);
    await change(larger);
    database.clock.moveTo(end);
    await change(smaller, 'now');
    database.clock.moveTo('2026-03-31T12:00:00Z');
    const { closed } = await close();
    expect(closed).toMatchObject([{ totalMinor: 1000n }, { totalMinor: 400n }]);
  });

  it('begins the second of two changes in one millisecond in the next', async () => {
    await change(larger, 'now');
    await change(smaller, 'now');
    const [first, second, third] = await phases();
    expect([first!.ends_at, second!.ends_at]).toEqual([middle, new Date(middle.getTime() + 1)]);
    expect(third).toMatchObject({ plan_version_id: smaller, ends_at: null });
  });

  it('gives what is left of a fee in advance back and takes the rest of the other, each rounded once', async () => {
    const inAdvance = { fixedFeeDue: 'in_advance' } as const;
    const advanceSubscription = await aSubscription(database, {
      anchorAt: start,
      definition: aPlan('10.00', '0.01', inAdvance),
    });
    subscription = advanceSubscription;
    const other = await aPlanVersion(database, subscription, aPlan('40.01', '0.001', inAdvance));
    database.clock.moveTo(middle);
    const shown = await preview(other);
    expect(shown.rated!.lines.map(({ kind, description, amountMinor }) => [kind, description, amountMinor])).toEqual([
      ['usage', 'requests: 0 units', 0n],
      ['usage', 'requests: 0 units', 0n],
      ['fixed_fee_credit', 'Unused fixed fee from 2026-02-07 10:00 to 2026-02-28 10:00 (UTC)', -750n],
      ['fixed_fee', 'Fixed fee from 2026-02-07 10:00 to 2026-02-28 10:00 (UTC)', 3001n],
      ['fixed_fee', 'Fixed fee from 2026-02-28 10:00 to 2026-03-31 10:00 (UTC)', 4001n],
    ]);
    await change(other);
    database.clock.moveTo(end.getTime() + HOUR);
    const closed = (await close()).closed.filter(({ subscriptionId }) => subscriptionId === subscription.id);
    expect(await linesOf(closed[0]!.invoiceId)).toEqual(shown.rated!.lines.map(essence));
    const { checks } = await verifyLedger(database.context);
    expect(checks.filter(({ name }) => name === 'lines' || name === 'invoices')).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
  });

  it('refuses what cannot be, and says why', async () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    await expect(change(subscription.planVersionId)).rejects.toEqual(code('plan_unchanged'));
    await expect(change(database.context.ids.next())).rejects.toEqual(code('plan_version_not_found'));
    const euros = await aPlanVersion(database, subscription, aPlan('1.00', '0', { currency: 'EUR' }));
    await expect(preview(euros)).rejects.toEqual(code('plan_currency_differs'));
    const stranger = await aSubscription(database);
    await expect(change(stranger.planVersionId)).rejects.toEqual(code('plan_of_other_product'));
    await cancelSubscription(database.context, { ...which(), when: 'period_end', actor });
    await expect(change(larger)).rejects.toEqual(code('cancel_scheduled'));
    await cancelSubscription(database.context, { ...which(), when: 'now', actor });
    await expect(change(larger)).rejects.toEqual(code('subscription_canceled'));
    expect(await phases()).toHaveLength(1);
  });

  it('goes to no plan that commits to more than the money cap lets usage cost', async () => {
    const price = { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } } as const;
    const committed = await aPlanVersion(
      database,
      subscription,
      aPlan('40.00', '0.01', { prices: [{ ...price, minimumAmount: '5.01' }] }),
    );
    const cap = (amount: string) => setMoneyCap(database.context, { ...which(), amount, actor });
    await cap('5.00');
    for (const attempt of [preview, change])
      await expect(attempt(committed)).rejects.toMatchObject({ code: 'money_cap_below_commitment' });
    await cap('5.01');
    await change(committed);
    expect(await overview()).toMatchObject({ planVersionId: committed });
    await expect(cap('5.00')).rejects.toMatchObject({ code: 'money_cap_below_commitment' });
  });

  it('gives nobody the included units of a plan twice in a period', async () => {
    await change(larger, 'now');
    database.clock.moveTo(middle.getTime() + HOUR);
    await expect(change(subscription.planVersionId, 'now')).rejects.toEqual(
      expect.objectContaining({ code: 'plan_used_in_period' }),
    );
    await change(subscription.planVersionId, 'period_end');
    database.clock.moveTo(end.getTime() + HOUR);
    await change(larger, 'now');
    expect(await overview()).toMatchObject({ planVersionId: larger });
  });

  it('ends what was planned when the subscription is canceled', async () => {
    await change(smaller);
    await cancelSubscription(database.context, { ...which(), when: 'period_end', actor });
    expect(await overview()).toMatchObject({ status: 'cancel_scheduled', plannedChange: null });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 1000n }]);
  });

  it('has one outcome when several change at the same time', async () => {
    const results = await Promise.allSettled([change(larger, 'now'), change(larger, 'now'), change(larger, 'now')]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await phases()).toHaveLength(2);
  });

  it('charges what any preview said, whatever is changed when', { timeout: 60_000 }, async () => {
    const fee = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
    const due = fc.constantFrom('in_advance' as const, undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ fee, due, other: fee, otherDue: due, atMs: fc.integer({ min: 1, max: 27 * 24 * HOUR }) }),
        fc.constantFrom('now' as const, 'period_end' as const, undefined),
        fc.nat(5000),
        async (plans, when, quantity) => {
          const anchorAt = database.clock.now();
          subscription = await aSubscription(database, {
            anchorAt,
            definition: aPlan(plans.fee, '0.0123', { fixedFeeDue: plans.due }),
          });
          const other = await aPlanVersion(
            database,
            subscription,
            aPlan(plans.other, '0.0045', { fixedFeeDue: plans.otherDue }),
          );
          await addUsage(database, subscription, { at: anchorAt, quantity: String(quantity) });
          database.clock.moveTo(anchorAt.getTime() + plans.atMs);
          const shown = await preview(other, when);
          await change(other, when);
          database.clock.moveTo(anchorAt.getTime() + 32 * 24 * HOUR);
          const mine = (await close()).closed.filter(({ subscriptionId }) => subscriptionId === subscription.id);
          expect(mine[0]!.totalMinor).toBe(shown.rated!.subtotalMinor);
          expect(await linesOf(mine[0]!.invoiceId)).toEqual(shown.rated!.lines.map(essence));
        },
      ),
      { numRuns: 20 },
    );
    expect((await verifyLedger(database.context)).checks.find(({ name }) => name === 'lines')).toMatchObject({
      ok: true,
    });
  });
});
