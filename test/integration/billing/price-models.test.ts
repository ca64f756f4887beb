import { closeDuePeriods } from '#services';
import type { MeterPrice } from '#domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLines } from '../../../libs/services/src/verify/check-lines.js';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const second = new Date('2026-02-28T10:00:00Z');
const third = new Date('2026-03-31T10:00:00Z');
const fourth = new Date('2026-04-30T10:00:00Z');

interface LineRow {
  readonly kind: string;
  readonly meter: string;
  readonly amount: string;
  readonly bases: (string | null)[];
}

describe('closing periods of plans with any price model', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
  });
  afterEach(() => database.dispose());

  const subscribed = (...prices: readonly MeterPrice[]) =>
    aSubscription(database, { definition: aPlanDefinition({ fixedFee: '0', prices }) });
  const use = (subscription: SubscriptionRow, meter: string, at: string, quantity: string, settlesIn?: Date) =>
    addUsage(database, subscription, { meter, at: new Date(at), quantity, ...(settlesIn && { settlesIn }) });

  async function close(endsAt: Date): Promise<LineRow[]> {
    database.clock.moveTo(endsAt.getTime() + HOUR);
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(closed).toHaveLength(1);
    return database.unitOfWork.inSystem((transaction) =>
      transaction.query<LineRow>(
        `SELECT kind, meter, amount_minor AS amount,
           ARRAY(SELECT jsonb_array_elements(breakdown) ->> 'basis') AS bases
         FROM invoice_line WHERE invoice_id = $1 ORDER BY position`,
        [closed[0]!.invoiceId],
      ),
    );
  }

  const proof = () =>
    database.unitOfWork.inLedgerSnapshot((transaction) => checkLines(database.context, transaction, null));

  it('writes lines with their breakdown, and what verify computes anew is the same', async () => {
    const subscription = await subscribed(
      {
        meter: 'volume',
        included: '0',
        price: {
          model: 'volume',
          tiers: [
            { upTo: '15', unitAmount: '10', flatAmount: '0' },
            { upTo: null, unitAmount: '5', flatAmount: '0' },
          ],
        },
      },
      {
        meter: 'packages',
        included: '10',
        price: { model: 'package', packageSize: '10', packageAmount: '1.5', round: 'up' },
      },
      { meter: 'dynamic', included: '0', price: { model: 'dynamic', multiplier: '1.33333' } },
      {
        meter: 'tokens',
        included: '0',
        price: { model: 'per_unit', unitAmount: '10' },
        conversion: { operation: 'divide', factor: '1000', round: 'up' },
        discountPercent: '50',
        maximumAmount: '14',
      },
      { meter: 'small', included: '0', price: { model: 'per_unit', unitAmount: '0.01' }, minimumAmount: '3' },
    );
    await use(subscription, 'volume', '2026-02-01T00:00:00Z', '16');
    await use(subscription, 'packages', '2026-02-01T00:00:00Z', '31');
    await use(subscription, 'dynamic', '2026-02-01T00:00:00Z', '10');
    await use(subscription, 'tokens', '2026-02-01T00:00:00Z', '2400');
    await use(subscription, 'small', '2026-02-01T00:00:00Z', '70.5');

    expect(await close(second)).toEqual([
      { kind: 'usage', meter: 'volume', amount: '8000', bases: [null] },
      { kind: 'usage', meter: 'packages', amount: '450', bases: ['included', 'package'] },
      { kind: 'usage', meter: 'dynamic', amount: '1333', bases: [null] },
      { kind: 'usage', meter: 'tokens', amount: '1400', bases: ['conversion', null, 'discount', 'maximum'] },
      { kind: 'usage', meter: 'small', amount: '71', bases: [null] },
      { kind: 'minimum_commitment', meter: 'small', amount: '229', bases: [] },
    ]);
    expect(await proof()).toMatchObject({ ok: true });
  });

  it('looks at single events where the price is about them, late ones after those that were billed', async () => {
    const subscription = await subscribed({
      meter: 'payments',
      included: '0',
      price: { model: 'percentage', ratePercent: '2', fixedAmount: '0.3', freeEvents: '1', minimumPerEvent: '1' },
    });
    // In the order of admission: the first is free, the second costs 2.30, the third the minimum.
    await use(subscription, 'payments', '2026-02-03T00:00:00Z', '5');
    await use(subscription, 'payments', '2026-02-01T00:00:00Z', '1000');
    await use(subscription, 'payments', '2026-02-02T00:00:00Z', '100');
    expect(await close(second)).toEqual([
      {
        kind: 'usage',
        meter: 'payments',
        amount: '330',
        bases: ['included', 'percentage', 'event', 'event_minimum'],
      },
    ]);

    // Admitted before the others, but billed after them: it is not free.
    await use(subscription, 'payments', '2026-01-31T12:00:00Z', '50', second);
    expect((await close(third)).filter(({ kind }) => kind === 'late_usage')).toEqual([
      { kind: 'late_usage', meter: 'payments', amount: '130', bases: ['percentage', 'event'] },
    ]);
    expect(await proof()).toMatchObject({ ok: true });
  });

  it('bills late events to what the bills before were, when they come more than once', async () => {
    const subscription = await subscribed({
      meter: 'payments',
      included: '0',
      price: { model: 'percentage', ratePercent: '2', freeEvents: '1' },
      maximumAmount: '10',
    });
    const lateAmounts = async (endsAt: Date) =>
      (await close(endsAt)).filter(({ kind }) => kind === 'late_usage').map(({ amount }) => amount);
    // The only event that is free, as it was billed first; after it they cost 2 and 1, far from the maximum.
    await use(subscription, 'payments', '2026-02-03T00:00:00Z', '1000');
    expect(await lateAmounts(second)).toEqual([]);
    await use(subscription, 'payments', '2026-02-01T00:00:00Z', '100', second);
    expect(await lateAmounts(third)).toEqual(['200']);
    await use(subscription, 'payments', '2026-02-02T00:00:00Z', '50', third);
    expect(await lateAmounts(fourth)).toEqual(['100']);
    expect(await proof()).toMatchObject({ ok: true });
  });

  it('bills a last value that came late and lower to nobody, and a higher one after it only once', async () => {
    const subscription = await subscribed({
      meter: 'disk',
      aggregation: 'last',
      included: '0',
      price: { model: 'per_unit', unitAmount: '1' },
    });
    const amounts = async (endsAt: Date) => (await close(endsAt)).map(({ kind, amount }) => [kind, amount]);
    await use(subscription, 'disk', '2026-02-01T00:00:00Z', '10');
    expect(await amounts(second)).toEqual([['usage', '1000']]);
    await use(subscription, 'disk', '2026-02-02T00:00:00Z', '5', second);
    expect(await amounts(third)).toEqual([['usage', '0']]);
    await use(subscription, 'disk', '2026-02-03T00:00:00Z', '12', third);
    expect(await amounts(fourth)).toEqual([
      ['usage', '0'],
      ['late_usage', '200'],
    ]);
    expect(await proof()).toMatchObject({ ok: true });
  });

  it('gives back what late units make cheaper, as far as the next invoice goes', async () => {
    const subscription = await subscribed({
      meter: 'volume',
      included: '0',
      price: {
        model: 'volume',
        tiers: [
          { upTo: '15', unitAmount: '10', flatAmount: '0' },
          { upTo: null, unitAmount: '5', flatAmount: '0' },
        ],
      },
    });
    await use(subscription, 'volume', '2026-02-01T00:00:00Z', '15');
    expect((await close(second)).map(({ amount }) => amount)).toEqual(['15000']);

    // 16 units cost 70 less than 15; the next period costs 20.
    await use(subscription, 'volume', '2026-02-01T00:00:00Z', '1', second);
    await use(subscription, 'volume', '2026-03-01T00:00:00Z', '2');
    expect((await close(third)).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['usage', '2000'],
      ['late_usage', '-2000'],
    ]);
    expect(await proof()).toMatchObject({ ok: true });
  });
});
