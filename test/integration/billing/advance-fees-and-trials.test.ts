import type { PaymentProvider, PlanDefinition, SavedPaymentMethod } from '#domain';
import { listInvoiceLines } from '#persistence';
import {
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  listSubscriptions,
  reactivateSubscription,
  settleEndingTrials,
  subscribe,
  verifyLedger,
} from '#services';
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
const DAY = 24 * HOUR;
const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const card: SavedPaymentMethod = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
const trial = {
  days: 14,
  quotas: [{ name: 'trial', meter: 'requests', limit: 100 }],
  withoutCard: 'cancel',
} as const;

describe('what a subscription costs from the start', () => {
  let database: TestDatabase;
  /** Of whose organization and product everything else is. */
  let owner: SubscriptionRow;
  let saved: SavedPaymentMethod | null;
  let asked: number;
  let isDown: boolean;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    owner = await aSubscription(database);
    await rows('UPDATE organization SET provider_customer_id = $1', ['cus_1']);
    await cancelSubscription(database.context, {
      organizationId: owner.organizationId,
      subscriptionId: owner.id,
      when: 'now',
      actor,
    });
    [saved, asked, isDown] = [null, 0, false];
  });
  afterEach(() => database.dispose());

  /** Only what is asked of it here: whether there is a card. */
  const provider = {
    defaultPaymentMethod: () => {
      asked += 1;
      return isDown ? Promise.reject(new Error('the provider is away')) : Promise.resolve(saved);
    },
  } as unknown as PaymentProvider;
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const take = async (definition: Partial<PlanDefinition>, applicationId = owner.applicationId) => {
    const planVersionId = await aPlanVersion(database, owner, aPlanDefinition({ prices: [], ...definition }));
    const { organizationId } = owner;
    return subscribe(database.context, {
      organizationId,
      applicationId,
      planVersionId,
      paymentProvider: provider,
      actor,
    });
  };
  const close = async () => {
    const { closed, held } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    return closed.filter(({ subscriptionId }) => subscriptionId !== owner.id);
  };
  const closeAt = (at: string | number | Date) => {
    database.clock.moveTo(at);
    return close();
  };
  const invoices = async (subscriptionId: string) => {
    const found = await rows<{ id: string; total: string }>(
      'SELECT id, total_minor AS total FROM invoice WHERE subscription_id = $1 ORDER BY period_start',
      [subscriptionId],
    );
    return Promise.all(
      found.map(async ({ id }) =>
        (await database.unitOfWork.inSystem((transaction) => listInvoiceLines(transaction, id))).map(
          ({ kind, amountMinor }) => `${kind} ${amountMinor}`,
        ),
      ),
    );
  };
  const statusOf = async (id: string) =>
    (await listSubscriptions(database.context, owner.organizationId)).find((one) => one.id === id)!.status;
  const linesAreProven = async () => {
    const { checks } = await verifyLedger(database.context);
    expect(checks.filter(({ name }) => name === 'lines' || name === 'invoices')).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
  };

  it('is invoiced at once: the set-up fee and the first month, and then each month before it begins', async () => {
    saved = card;
    const { id } = await take({ fixedFee: '10.00', fixedFeeDue: 'in_advance', setupFee: '25.00' });
    expect(await invoices(id)).toEqual([['setup_fee 2500', 'fixed_fee 1000']]);
    expect(await rows(`SELECT number, state FROM invoice WHERE subscription_id = $1`, [id])).toEqual([
      { number: 'INV-000001', state: 'issued' },
    ]);
    expect(await rows(`SELECT job_name FROM outbox`)).toEqual([{ job_name: 'collect-invoice' }]);
    await closeAt('2026-04-01T12:00:00Z');
    expect(await invoices(id)).toEqual([['setup_fee 2500', 'fixed_fee 1000'], ['fixed_fee 1000'], ['fixed_fee 1000']]);
    await linesAreProven();
  });

  it('waits in review where invoices are looked at first', async () => {
    saved = card;
    await rows('UPDATE organization SET invoice_review_hours = 24');
    const { id } = await take({ fixedFee: '10.00', fixedFeeDue: 'in_advance' });
    expect(await rows(`SELECT state FROM invoice WHERE subscription_id = $1`, [id])).toEqual([{ state: 'review' }]);
  });

  it('charges a year once a year, and usage by the month', async () => {
    saved = card;
    const planVersionId = await aPlanVersion(
      database,
      owner,
      aPlanDefinition({ billingInterval: 'year', fixedFee: '120.00', fixedFeeDue: 'in_advance' }),
    );
    const { organizationId, applicationId } = owner;
    const { id } = await subscribe(database.context, {
      organizationId,
      applicationId,
      planVersionId,
      paymentProvider: provider,
      actor,
    });
    const [phase] = await rows<{ id: string }>('SELECT id FROM subscription_phase WHERE subscription_id = $1', [id]);
    await addUsage(
      database,
      { ...owner, id, planVersionId, phaseId: phase!.id },
      { at: new Date('2026-05-15T00:00:00Z'), quantity: '300' },
    );
    await closeAt('2027-03-01T12:00:00Z');
    const all = await invoices(id);
    expect(all).toHaveLength(14);
    expect(all[0]).toEqual(['fixed_fee 12000']);
    expect(all[4]).toEqual(['usage 200']);
    expect(all.flatMap((lines, index) => (lines.some((line) => line.startsWith('fixed_fee')) ? [index] : []))).toEqual([
      0, 12,
    ]);
    const canceled = { organizationId, subscriptionId: id, actor };
    expect(await cancelSubscription(database.context, { ...canceled, when: 'period_end' })).toMatchObject({
      cancelAt: new Date('2028-01-31T10:00:00Z'),
    });
    await linesAreProven();
  });

  it('asks for a card where a set-up fee is all that a plan costs', async () => {
    await expect(take({ fixedFee: '0', setupFee: '5.00' })).rejects.toEqual(
      expect.objectContaining({ code: 'payment_method_required' }),
    );
  });

  describe('with a trial', () => {
    const paid = { fixedFee: '28.00', fixedFeeDue: 'in_advance', setupFee: '5.00', trial } as const;
    const trialEnd = start.getTime() + 14 * DAY;

    it('goes on to the plan where there is a card, with its share of the first month', async () => {
      saved = card;
      const { id, ...overview } = await take(paid);
      expect(overview).toMatchObject({ status: 'trialing', trialEndsAt: new Date(trialEnd), plannedChange: null });
      expect(await invoices(id)).toEqual([]);
      database.clock.moveTo(trialEnd);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 0, ended: 0 });
      expect(await statusOf(id)).toBe('active');
      await closeAt(end.getTime() + HOUR);
      expect(await invoices(id)).toEqual([['setup_fee 500', 'fixed_fee 1400', 'fixed_fee 2800']]);
      await linesAreProven();
    });

    it('needs no card to begin, and goes on without a gap when one is saved before its last hour', async () => {
      const { id } = await take(paid);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 0, ended: 0 });
      asked = 0;
      database.clock.moveTo(trialEnd - HOUR);
      await settleEndingTrials(database.context, provider);
      await settleEndingTrials(database.context, provider);
      expect(asked).toBe(1);
      saved = card;
      database.clock.moveTo(trialEnd - HOUR / 2);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 1, ended: 0 });
      expect(
        await rows(
          'SELECT starts_at, ends_at, is_trial FROM subscription_phase WHERE subscription_id = $1 ORDER BY 1',
          [id],
        ),
      ).toEqual([
        { starts_at: start, ends_at: new Date(trialEnd), is_trial: true },
        { starts_at: new Date(trialEnd), ends_at: null, is_trial: false },
      ]);
    });

    it('is canceled at its end without a card, and costs nothing', async () => {
      const { id } = await take(paid);
      database.clock.moveTo(trialEnd - HOUR);
      await settleEndingTrials(database.context, provider);
      database.clock.moveTo(trialEnd + 1000);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 0, ended: 1 });
      expect(await statusOf(id)).toBe('canceled');
      await closeAt('2026-06-01T00:00:00Z');
      expect((await invoices(id)).flat()).toEqual([]);
      const audit = `SELECT action FROM audit_log WHERE noun = 'subscription' AND noun_id = $1 ORDER BY id`;
      expect(await rows(audit, [id])).toEqual([{ action: 'subscribed' }, { action: 'canceled' }]);
    });

    it('is suspended at its end where the plan says so, and goes on when there is a card', async () => {
      const { id } = await take({ ...paid, trial: { ...trial, withoutCard: 'suspend' } });
      database.clock.moveTo(trialEnd);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 0, ended: 1 });
      expect(await statusOf(id)).toBe('suspended');
      expect(await rows('SELECT suspended_for FROM subscription WHERE id = $1', [id])).toEqual([
        { suspended_for: ['trial_ended'] },
      ]);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 0, ended: 0 });
      const which = { organizationId: owner.organizationId, subscriptionId: id, paymentProvider: provider, actor };
      await expect(reactivateSubscription(database.context, which)).rejects.toEqual(
        expect.objectContaining({ code: 'payment_method_required' }),
      );
      saved = card;
      database.clock.moveTo(trialEnd + 7 * DAY);
      expect(await reactivateSubscription(database.context, which)).toMatchObject({ status: 'active' });
      await closeAt(end.getTime() + HOUR);
      expect(await invoices(id)).toEqual([['setup_fee 500', 'fixed_fee 700', 'fixed_fee 2800']]);
      await linesAreProven();
    });

    it('decides nothing while the payment provider is away', async () => {
      const { id } = await take(paid);
      isDown = true;
      database.clock.moveTo(trialEnd);
      await expect(settleEndingTrials(database.context, provider)).rejects.toThrow('the provider is away');
      expect(await statusOf(id)).toBe('trialing');
      isDown = false;
      saved = card;
      database.clock.moveTo(trialEnd + 11 * 60_000);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 1, ended: 0 });
      expect(await statusOf(id)).toBe('active');
    });

    it('is had once of a product, by whichever application', async () => {
      const other = database.context.ids.next();
      await rows(`INSERT INTO application VALUES ($1, $2, 'Other', $3)`, [other, owner.organizationId, start]);
      const planVersionId = await aPlanVersion(database, owner, aPlanDefinition(paid));
      const { organizationId } = owner;
      const common = { organizationId, planVersionId, paymentProvider: provider, actor };
      const results = await Promise.allSettled(
        [owner.applicationId, other].map((applicationId) => subscribe(database.context, { ...common, applicationId })),
      );
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).toMatchObject([{ reason: { code: 'payment_method_required' } }]);
      expect(await rows('SELECT 1 FROM subscription_phase WHERE is_trial')).toHaveLength(1);
    });

    it('ends when another plan begins at once, and with a cancellation', async () => {
      saved = card;
      const first = await take(paid);
      const other = await aPlanVersion(database, owner, aPlanDefinition({ fixedFee: '56.00' }));
      const which = { organizationId: owner.organizationId, subscriptionId: first.id, actor };
      database.clock.moveTo(start.getTime() + 7 * DAY);
      expect(
        await changePlan(database.context, { ...which, planVersionId: other, paymentProvider: provider }),
      ).toMatchObject({ status: 'active', trialEndsAt: null });
      await closeAt(end.getTime() + HOUR);
      expect(await invoices(first.id)).toEqual([['fixed_fee 4200', 'usage 0']]);
    });

    it('ends when it would have ended, when a cancellation was taken back', async () => {
      saved = card;
      const { id } = await take(paid);
      const which = { organizationId: owner.organizationId, subscriptionId: id, actor };
      expect(await cancelSubscription(database.context, { ...which, when: 'period_end' })).toMatchObject({
        cancelAt: new Date(trialEnd),
      });
      expect(await reactivateSubscription(database.context, { ...which, paymentProvider: provider })).toMatchObject({
        status: 'trialing',
        trialEndsAt: new Date(trialEnd),
      });
      database.clock.moveTo(trialEnd - 1);
      expect(await settleEndingTrials(database.context, provider)).toEqual({ continued: 1, ended: 0 });
      database.clock.moveTo(trialEnd);
      expect(await statusOf(id)).toBe('active');
    });
  });
});
