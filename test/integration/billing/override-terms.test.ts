import { listInvoiceLines } from '#persistence';
import {
  type OverrideTerms,
  addSubscriptionNote,
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  findPlanVersion,
  findPublisherSubscription,
  keepPlan,
  listPublisherPlanVersions,
  listSubscriptions,
  migrateSubscribers,
  overrideSubscription,
  previewOverride,
  reactivateSubscription,
  revokeOverride,
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
const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
/** A quarter of the period is over. */
const middle = new Date('2026-02-07T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;
const cent = (unitAmount: string): OverrideTerms['prices'] => [
  { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount } },
];
const monthly = (limit: number): OverrideTerms['quotas'] => [
  { name: 'monthly', meter: 'requests', limit, enforcement: 'hard' },
];

describe('terms of one subscription alone', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    subscription = await aSubscription(database, {
      definition: aPlanDefinition({ fixedFee: '10.00', prices: cent('0.01')!, quotas: monthly(1000)! }),
    });
    database.clock.moveTo(middle);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const own = () => ({ subscriptionId: subscription.id, publisherUserId: null });
  const which = () => ({ organizationId: subscription.organizationId, subscriptionId: subscription.id });
  const override = (terms: OverrideTerms, when?: 'now' | 'period_end') =>
    overrideSubscription(database.context, { ...own(), terms, when, reason: 'agreed by mail', actor });
  const revoke = (when?: 'now' | 'period_end') => revokeOverride(database.context, { ...own(), when, actor });
  const overview = async () => (await listSubscriptions(database.context, subscription.organizationId))[0]!;
  const page = () => findPublisherSubscription(database.context, own());
  const close = () => closeDuePeriods(database.context, { graceMs: HOUR });
  const phases = () =>
    rows<{ id: string; plan_version_id: string }>(
      `SELECT id, plan_version_id FROM subscription_phase
       WHERE subscription_id = $1 AND ends_at IS DISTINCT FROM starts_at ORDER BY starts_at`,
      [subscription.id],
    );
  const refusal = (code: string) => expect.objectContaining({ code });

  it('begin at once when that is asked, cost what the preview says, and are proved like any other', async () => {
    await addUsage(database, subscription, { at: start, quantity: '100' });
    const terms = { prices: cent('0.002'), fixedFee: '20.00' };
    const shown = await previewOverride(database.context, { ...own(), terms, when: 'now' });
    expect(await phases()).toHaveLength(1);
    // A quarter of ten dollars, a cent for each of a hundred, and three quarters of twenty dollars.
    expect(shown).toMatchObject({
      startsAt: middle,
      rated: { subtotalMinor: 250n + 100n + 1500n },
      unchanged: { rated: { subtotalMinor: 1000n + 100n } },
      differences: [
        { path: 'fixedFee', from: '10.00', to: '20.00' },
        { path: 'prices[requests].price.unitAmount', from: '0.01', to: '0.002' },
      ],
    });
    await override(terms, 'now');
    const [, second] = await phases();
    const { plan_version_id: planVersionId, id: phaseId } = second!;
    await addUsage(database, subscription, { at: middle, quantity: '50', phaseId, planVersionId });
    database.clock.moveTo(end.getTime() + HOUR);
    const { closed } = await close();
    expect(closed).toMatchObject([{ totalMinor: 1850n + 10n }]);
    const lines = await database.unitOfWork.inSystem((transaction) =>
      listInvoiceLines(transaction, closed[0]!.invoiceId!),
    );
    expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(1860n);
    const { checks } = await verifyLedger(database.context);
    expect(checks.filter(({ name }) => name === 'lines' || name === 'invoices')).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
  });

  it('begin with the next period by default, and can be taken back before and after that', async () => {
    await override({ quotas: monthly(5000) });
    expect(await overview()).toMatchObject({ ownTerms: null, limits: { quotas: monthly(1000) } });
    expect(await overview()).toMatchObject({ plannedChange: { startsAt: end } });
    await expect(keepPlan(database.context, { ...which(), actor })).rejects.toEqual(refusal('terms_are_own'));
    await revoke();
    expect(await overview()).toMatchObject({ plannedChange: null });
    await override({ quotas: monthly(6000) });
    await override({ quotas: monthly(7000) });
    database.clock.moveTo(end);
    expect(await overview()).toMatchObject({
      limits: { quotas: monthly(7000) },
      ownTerms: [{ path: 'quotas[monthly].limit', from: '1000', to: '7000' }],
    });
    await expect(revoke('now')).resolves.toMatchObject({ ownTerms: null });
    // No two phases begin in one millisecond.
    database.clock.moveTo(end.getTime() + 1000);
    await override({ fixedFee: '5.00' });
    const next = new Date('2026-03-31T10:00:00Z');
    database.clock.moveTo(next);
    // Made of the plan, and not of the override before: the quota is the plan's again.
    expect(await overview()).toMatchObject({
      limits: { quotas: monthly(1000) },
      ownTerms: [{ path: 'fixedFee', from: '10.00', to: '5.00' }],
    });
    await revoke();
    database.clock.moveTo('2026-04-30T10:00:00Z');
    expect(await overview()).toMatchObject({ ownTerms: null, planVersionId: subscription.planVersionId });
    await expect(revoke()).rejects.toEqual(refusal('override_missing'));
    const { overrides } = await page();
    expect(overrides.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [next, new Date('2026-04-30T10:00:00Z')],
      [end, new Date(end.getTime() + 1)],
      [null, null],
      [null, null],
    ]);
    expect(await rows(`SELECT action FROM audit_log WHERE noun = 'subscription' ORDER BY id`)).toEqual([
      { action: 'overrode the terms of' },
      { action: 'took back other terms of' },
      { action: 'overrode the terms of' },
      { action: 'overrode the terms of' },
      { action: 'took back other terms of' },
      { action: 'overrode the terms of' },
      { action: 'took back other terms of' },
    ]);
  });

  it('are nobody else’s: they are not for sale, not in lists of versions, and cannot become so', async () => {
    await override({ quotas: monthly(5000) }, 'now');
    const { planVersionId } = await overview();
    const notFound = refusal('plan_version_not_found');
    await expect(findPlanVersion(database.context, planVersionId)).rejects.toEqual(notFound);
    const application = database.context.ids.next();
    await rows(`INSERT INTO application VALUES ($1, $2, 'Other', $3)`, [
      application,
      subscription.organizationId,
      start,
    ]);
    const { organizationId } = subscription;
    const taker = { organizationId, applicationId: application, paymentProvider: null, actor };
    await expect(subscribe(database.context, { ...taker, planVersionId })).rejects.toEqual(notFound);
    expect(await listPublisherPlanVersions(database.context, 'nobody')).toEqual([]);
    for (const change of [`SET state = 'published'`, `SET state = 'retired'`, `SET definition = '{}'`])
      await expect(rows(`UPDATE plan_version ${change} WHERE id = $1`, [planVersionId])).rejects.toThrow();
    await expect(rows(`UPDATE subscription_override SET reason = 'other'`)).rejects.toThrow('permission denied');
  });

  it('are refused where they cannot be, with what to do, and change nothing', async () => {
    await expect(override({ fixedFee: '10.005' })).rejects.toMatchObject({
      code: 'plan_invalid',
      faults: [{ path: 'fixedFee' }],
    });
    await expect(override({ fixedFee: '10.00' })).rejects.toEqual(refusal('terms_unchanged'));
    const stranger = { ...own(), publisherUserId: 'stranger', terms: { fixedFee: '1.00' } };
    await expect(previewOverride(database.context, stranger)).rejects.toEqual(refusal('subscription_not_found'));
    const smaller = await aPlanVersion(database, subscription, aPlanDefinition({ fixedFee: '4.00' }));
    await changePlan(database.context, { ...which(), planVersionId: smaller, paymentProvider: null, actor });
    await expect(override({ fixedFee: '1.00' })).rejects.toEqual(refusal('change_planned'));
    await keepPlan(database.context, { ...which(), actor });
    await cancelSubscription(database.context, { ...which(), when: 'period_end', actor });
    await expect(override({ fixedFee: '1.00' })).rejects.toEqual(refusal('cancel_scheduled'));
    await reactivateSubscription(database.context, { ...which(), paymentProvider: null, actor });
    await override({ fixedFee: '1.00' }, 'now');
    await expect(override({ fixedFee: '1.00' })).rejects.toEqual(refusal('terms_unchanged'));
    // The plan was in force in this period already, and its included units with it.
    await expect(revoke('now')).rejects.toEqual(refusal('plan_used_in_period'));
    // Whoever takes another plan has the terms of that.
    await changePlan(database.context, {
      ...which(),
      planVersionId: smaller,
      when: 'now',
      paymentProvider: null,
      actor,
    });
    database.clock.moveTo(middle.getTime() + 1000);
    expect(await overview()).toMatchObject({ planVersionId: smaller, ownTerms: null });
  });

  it('stay, come along or end when the plan gets another version, as is asked', async () => {
    await override({ quotas: monthly(5000) }, 'now');
    const target = database.context.ids.next();
    await rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [subscription.planVersionId]);
    const definition = aPlanDefinition({ fixedFee: '12.00', prices: cent('0.02')!, quotas: monthly(2000)! });
    await rows(
      `INSERT INTO plan_version SELECT $1, plan_id, 3, 'published', $2, 'hash', $3 FROM plan_version WHERE id = $4`,
      [target, JSON.stringify(definition), middle, subscription.planVersionId],
    );
    const migrate = (overrides: 'keep' | 'carry' | 'end') =>
      migrateSubscribers(database.context, {
        planVersionId: target,
        noticeDays: 0,
        overrides,
        publisherUserId: null,
        actor,
        writeMail: () => ({ subject: 'New terms', text: '', html: '' }),
      });
    expect(await migrate('keep')).toEqual({ migrated: 0, skipped: 0, kept: 1 });
    expect(await migrate('carry')).toEqual({ migrated: 1, skipped: 0, kept: 0 });
    database.clock.moveTo(end);
    expect(await overview()).toMatchObject({
      ownTerms: [{ path: 'quotas[monthly].limit', from: '2000', to: '5000' }],
      definition: { fixedFee: '12.00' },
    });
    expect(await migrate('carry')).toEqual({ migrated: 0, skipped: 0, kept: 0 });
    database.clock.moveTo(end.getTime() + 1000);
    expect(await migrate('end')).toEqual({ migrated: 1, skipped: 0, kept: 0 });
    database.clock.moveTo('2026-03-31T10:00:00Z');
    expect(await overview()).toMatchObject({ planVersionId: target, ownTerms: null });
  });

  it('can have notes beside them, which only the publisher reads', async () => {
    await addSubscriptionNote(database.context, { ...own(), text: 'Called on Monday.', actor });
    const notes = await addSubscriptionNote(database.context, { ...own(), text: 'Wants more.', actor });
    expect(notes.map(({ text, author }) => [text, author])).toEqual([
      ['Wants more.', null],
      ['Called on Monday.', null],
    ]);
    const { organizationId } = subscription;
    const seen = await database.unitOfWork.inOrganization(organizationId, (transaction) =>
      transaction.query(`SELECT FROM subscription_note`),
    );
    expect(seen).toEqual([]);
    await expect(
      addSubscriptionNote(database.context, { ...own(), publisherUserId: 'stranger', text: 'x', actor }),
    ).rejects.toEqual(refusal('subscription_not_found'));
  });
});
