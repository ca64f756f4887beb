import {
  cancelSubscription,
  closeDuePeriods,
  endDueSubscriptions,
  listSubscriptions,
  previewCancellation,
  reactivateSubscription,
  subscribe,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
/** A quarter of the period is over. */
const middle = new Date('2026-02-07T10:00:00Z');
const actor = { kind: 'cli', id: null } as const;

describe('canceling a subscription', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '10.00' }) });
    database.clock.moveTo(middle);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const which = () => ({ organizationId: subscription.organizationId, subscriptionId: subscription.id });
  const cancel = (when: 'period_end' | 'now') => cancelSubscription(database.context, { ...which(), when, actor });
  const close = () => closeDuePeriods(database.context, { graceMs: HOUR });
  const audit = async () =>
    (await rows<{ action: string }>(`SELECT action FROM audit_log WHERE noun = 'subscription' ORDER BY id`)).map(
      ({ action }) => action,
    );
  const again = () =>
    subscribe(database.context, {
      organizationId: subscription.organizationId,
      applicationId: subscription.applicationId,
      planVersionId: subscription.planVersionId,
      paymentProvider: null,
      actor,
    });

  it('lets it go on until the period ends, and takes the cancellation back until then', async () => {
    expect(await cancel('period_end')).toMatchObject({ status: 'cancel_scheduled', cancelAt: end, canceledAt: null });
    expect(await rows('SELECT ends_at FROM subscription_phase')).toEqual([{ ends_at: end }]);
    database.clock.moveTo(end.getTime() - 1);
    expect(await endDueSubscriptions(database.context)).toBe(0);
    const active = await reactivateSubscription(database.context, { ...which(), paymentProvider: null, actor });
    expect(active).toMatchObject({ status: 'active', cancelAt: null });
    expect(await rows('SELECT ends_at FROM subscription_phase')).toEqual([{ ends_at: null }]);
    expect(await audit()).toEqual(['scheduled the cancellation of', 'reactivated']);
    expect(await rows(`SELECT noun_id FROM change_log`)).toEqual([
      { noun_id: subscription.id },
      { noun_id: subscription.id },
    ]);
  });

  it('is final from the instant on at which the period ends, whoever carries it out', async () => {
    await cancel('period_end');
    database.clock.moveTo(end);
    const refused = expect.objectContaining({ code: 'subscription_canceled' });
    await expect(
      reactivateSubscription(database.context, { ...which(), paymentProvider: null, actor }),
    ).rejects.toEqual(refused);
    await expect(cancel('now')).rejects.toEqual(refused);
    expect(await listSubscriptions(database.context, subscription.organizationId)).toMatchObject([
      { status: 'canceled' },
    ]);
    const ended = await Promise.all([endDueSubscriptions(database.context), endDueSubscriptions(database.context)]);
    expect(ended[0] + ended[1]).toBe(1);
    expect(await rows('SELECT state, canceled_at, cancel_at FROM subscription')).toEqual([
      { state: 'canceled', canceled_at: end, cancel_at: null },
    ]);
    expect(await audit()).toEqual(['scheduled the cancellation of', 'canceled']);
  });

  it('bills the last period in full, and none after it', async () => {
    await addUsage(database, subscription, { at: middle, quantity: '150' });
    await cancel('period_end');
    database.clock.moveTo('2026-06-01T00:00:00Z');
    expect((await close()).closed).toMatchObject([{ periodEnd: end, totalMinor: 1_000n + 50n }]);
    expect(await rows('SELECT 1 FROM billing_period')).toHaveLength(1);
  });

  it('ends it at once with an invoice of all that was used, as the preview says', async () => {
    await addUsage(database, subscription, { at: middle, quantity: '150' });
    const preview = await previewCancellation(database.context, { ...which(), when: 'now' });
    // A quarter of ten dollars, and fifty units at a cent.
    expect(preview).toMatchObject({ canceledAt: middle, currency: 'USD', rated: { subtotalMinor: 250n + 50n } });
    expect(await cancel('now')).toMatchObject({ status: 'canceled', canceledAt: middle });
    expect((await close()).closed).toEqual([]);
    database.clock.moveTo(middle.getTime() + HOUR);
    expect((await close()).closed).toMatchObject([{ periodStart: start, periodEnd: middle, totalMinor: 300n }]);
    const lines = await rows<{ amount_minor: string; input_hash: string; description: string }>(
      'SELECT amount_minor, input_hash, description FROM invoice_line ORDER BY position',
    );
    expect(lines.map(({ amount_minor, input_hash }) => ({ amount_minor, input_hash }))).toEqual(
      preview.rated!.lines.map(({ amountMinor, inputHash }) => ({
        amount_minor: amountMinor.toString(),
        input_hash: inputHash,
      })),
    );
    expect(lines[0]!.description).toBe('Fixed fee from 2026-01-31 10:00 to 2026-02-07 10:00 (UTC)');
    database.clock.moveTo('2026-06-01T00:00:00Z');
    expect((await close()).closed).toEqual([]);
    const { checks } = await verifyLedger(database.context);
    expect(checks.filter(({ name }) => name === 'lines' || name === 'invoices')).toMatchObject([
      { ok: true, checked: 2 },
      { ok: true, checked: 1 },
    ]);
    expect(await audit()).toEqual(['canceled']);
  });

  it('counts what came in the seconds until every gateway knew', async () => {
    await cancel('now');
    await addUsage(database, subscription, { at: new Date(middle.getTime() + 900), quantity: '110' });
    database.clock.moveTo(middle.getTime() + HOUR);
    expect((await close()).closed).toMatchObject([{ totalMinor: 250n + 10n }]);
  });

  it('charges no more for the minimum of a period than for the part that was served', async () => {
    const other = await aSubscription(database, {
      anchorAt: start,
      definition: aPlanDefinition({
        fixedFee: '0',
        prices: [
          { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' }, minimumAmount: '20' },
        ],
      }),
    });
    subscription = other;
    await cancel('now');
    database.clock.moveTo(middle.getTime() + HOUR);
    expect((await close()).closed).toMatchObject([{ subscriptionId: other.id, totalMinor: 500n }]);
  });

  it('lets the product be subscribed to again at once, with an anchor of its own', async () => {
    await cancel('now');
    const next = await again();
    expect(next).toMatchObject({ status: 'active', anchorAt: middle });
    expect(next.id).not.toBe(subscription.id);
  });

  it('lets the product be subscribed to again in the very instant in which the period ends', async () => {
    await cancel('period_end');
    await expect(again()).rejects.toEqual(expect.objectContaining({ code: 'already_subscribed' }));
    database.clock.moveTo(end);
    expect(await again()).toMatchObject({ status: 'active', anchorAt: end });
    expect(await rows(`SELECT canceled_at FROM subscription WHERE id = $1`, [subscription.id])).toEqual([
      { canceled_at: end },
    ]);
  });

  it('does nothing twice, and may come sooner than it was scheduled', async () => {
    await cancel('period_end');
    await cancel('period_end');
    expect(await audit()).toEqual(['scheduled the cancellation of']);
    expect(await cancel('now')).toMatchObject({ status: 'canceled', canceledAt: middle, cancelAt: null });
    expect(await rows('SELECT ends_at FROM subscription_phase')).toEqual([{ ends_at: middle }]);
  });

  it('ends one that has just begun a millisecond later', async () => {
    subscription = await aSubscription(database);
    expect(await cancel('now')).toMatchObject({ canceledAt: new Date(middle.getTime() + 1) });
  });
});
