import fs from 'node:fs';
import path from 'node:path';
import { closeDuePeriods, simulatePlan } from '#services';
import type { PlanDefinition } from '#domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SubscriptionRow,
  aPlanDefinition,
  aSubscription,
  addUsage,
  graduatedRequests,
} from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const second = new Date('2026-02-28T10:00:00Z');
const third = new Date('2026-03-31T10:00:00Z');
const span = { from: start, to: third };

/** Dearer for those who call little, cheaper for those who call much; and single events count. */
const draft = aPlanDefinition({
  fixedFee: '5.00',
  prices: [
    { ...graduatedRequests, minimumAmount: '2' },
    {
      meter: 'payments',
      included: '0',
      price: { model: 'percentage', ratePercent: '2', fixedAmount: '0.3', minimumPerEvent: '1' },
    },
  ],
});

describe('simulating a plan', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
  });
  afterEach(() => database.dispose());

  const subscribed = (organizationName: string, definition?: PlanDefinition) =>
    aSubscription(database, { organizationName, ...(definition && { definition }) });

  async function use(subscription: SubscriptionRow, requests: string, payment: string): Promise<void> {
    await addUsage(database, subscription, { at: new Date('2026-02-01T00:00:00Z'), quantity: requests });
    await addUsage(database, subscription, {
      at: new Date('2026-02-02T00:00:00Z'),
      meter: 'payments',
      quantity: payment,
    });
  }

  async function close(endsAt: Date): Promise<void> {
    database.clock.moveTo(endsAt.getTime() + HOUR);
    await closeDuePeriods(database.context, { graceMs: HOUR });
  }

  const subtotals = async (subscription: SubscriptionRow): Promise<bigint[]> =>
    database.unitOfWork.inSystem(async (transaction) => {
      const rows = await transaction.query<{ subtotal: string }>(
        `SELECT subtotal_minor::text AS subtotal FROM invoice WHERE subscription_id = $1 ORDER BY period_start`,
        [subscription.id],
      );
      return rows.map(({ subtotal }) => BigInt(subtotal));
    });

  async function addMeter(subscription: SubscriptionRow): Promise<void> {
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`INSERT INTO meter VALUES ($1, $2, 'payments', 'Payments', 'USD', 'sum', '[]')`, [
        database.context.ids.next(),
        subscription.apiProductId,
      ]),
    );
  }

  const simulate = (subscription: SubscriptionRow, definition: PlanDefinition | null = draft, over = span) =>
    simulatePlan(database.context, { product: subscription.product, plan: 'pro', definition, ...over });

  it('says what the invoices of a subscriber with that plan say, period by period, and what was charged', async () => {
    const before = await subscribed('Before Ltd');
    const after = await subscribed('After Ltd', draft);
    await addMeter(before);
    for (const subscription of [before, after]) await use(subscription, '1500', '12.5');
    await close(second);
    // Late: of the period before, priced by what was billed of it.
    for (const subscription of [before, after]) {
      await addUsage(database, subscription, {
        at: new Date('2026-02-03T00:00:00Z'),
        quantity: '40',
        settlesIn: second,
      });
    }
    await close(third);

    const periods: bigint[][] = [];
    const input = { product: before.product, plan: 'pro', definition: draft, ...span };
    const result = await simulatePlan(database.context, input, async ({ chargedMinor, simulatedMinor }) => {
      periods.push([chargedMinor, simulatedMinor]);
    });
    const charged = await subtotals(before);
    const simulated = await subtotals(after);
    expect(charged).toHaveLength(2);
    expect(simulated[0]).not.toBe(charged[0]);
    expect(periods).toEqual(charged.map((amount, index) => [amount, simulated[index]]));
    expect(result).toEqual({
      currency: 'USD',
      periods: 2,
      chargedMinor: charged[0]! + charged[1]!,
      simulatedMinor: simulated[0]! + simulated[1]!,
      subscriptions: [
        {
          subscriptionId: before.id,
          organizationName: 'Before Ltd',
          periods: 2,
          chargedMinor: charged[0]! + charged[1]!,
          simulatedMinor: simulated[0]! + simulated[1]!,
        },
      ],
    });
  });

  it('looks at closed periods that end in the span only, and changes nothing', async () => {
    const subscription = await subscribed('Ada Ltd');
    await close(second);
    const withoutPayments = { ...draft, prices: draft.prices.slice(0, 1) };
    const count = async (from: Date, to: Date) => (await simulate(subscription, withoutPayments, { from, to })).periods;
    expect(await count(start, second)).toBe(1);
    expect(await count(start, new Date(second.getTime() - 1))).toBe(0);
    expect(await count(second, third)).toBe(0);
    expect(await subtotals(subscription)).toEqual([100n]);
  });

  it('makes no difference with the plan that there was: trials cost nothing, and what is given back counts', async () => {
    // Twenty units are cheaper than ten, so late ones give money back of an invoice that charges nothing.
    const price = {
      model: 'volume',
      tiers: [
        { upTo: '10', unitAmount: '1', flatAmount: '0' },
        { upTo: null, unitAmount: '0.1', flatAmount: '0' },
      ],
    } as const;
    const trial = {
      days: 14,
      quotas: [{ name: 'trial', meter: 'requests', limit: 100 }],
      withoutCard: 'cancel',
    } as const;
    const plan = aPlanDefinition({ fixedFee: '0', prices: [{ meter: 'requests', included: '0', price }] });
    const given = await subscribed('Given back Ltd', plan);
    const at = new Date('2026-02-01T00:00:00Z');
    await addUsage(database, given, { at, quantity: '10' });
    const tried = await subscribed('Tried Ltd', { ...plan, fixedFee: '28.00', trial });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`UPDATE subscription_phase SET is_trial = true, ends_at = $2 WHERE id = $1`, [
        tried.phaseId,
        third,
      ]),
    );
    await addUsage(database, tried, { at, quantity: '10' });
    await close(second);
    await addUsage(database, given, { at, quantity: '10', settlesIn: second });
    await close(third);
    expect(await simulate(given, plan)).toMatchObject({ chargedMinor: 200n, simulatedMinor: 200n });
    expect(await simulate(tried, { ...plan, fixedFee: '28.00', trial })).toMatchObject({
      chargedMinor: 0n,
      simulatedMinor: 0n,
    });
  });

  it('refuses a plan that cannot be rated, one in another currency, and names that are not there', async () => {
    const subscription = await subscribed('Ada Ltd');
    await close(second);
    await expect(simulate(subscription)).rejects.toThrow(/prices\[1\]\.meter/);
    await expect(simulate(subscription, aPlanDefinition({ currency: 'EUR' }))).rejects.toMatchObject({
      code: 'currencies_mixed',
    });
    const input = { product: 'nothing', plan: 'pro', definition: draft, ...span };
    await expect(simulatePlan(database.context, input)).rejects.toMatchObject({ code: 'product_not_found' });
    const { product } = subscription;
    await expect(simulatePlan(database.context, { ...input, product, plan: 'free' })).rejects.toMatchObject({
      code: 'plan_not_found',
    });
  });

  it('takes the plan from its draft when none is given', async () => {
    const subscription = await subscribed('Ada Ltd');
    await close(second);
    await expect(simulate(subscription, null)).rejects.toMatchObject({ code: 'plan_draft_not_found' });
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
         SELECT $1, plan_id, 2, 'draft', $2, 'hash', published_at FROM plan_version WHERE id = $3`,
        [
          database.context.ids.next(),
          JSON.stringify(aPlanDefinition({ fixedFee: '7.00', prices: [] })),
          subscription.planVersionId,
        ],
      ),
    );
    expect(await simulate(subscription, null)).toMatchObject({ chargedMinor: 100n, simulatedMinor: 700n });
  });

  it('is told by the command line in words, as CSV and as JSON', async () => {
    const subscription = await subscribed('=Ada Ltd');
    await addUsage(database, subscription, { at: new Date('2026-02-01T00:00:00Z'), quantity: '1500' });
    await close(second);
    const { product } = subscription;
    const commandLine = new CommandLine(database);
    const file = path.join(commandLine.folder, 'catalog.json');
    const plan = { slug: 'pro', title: 'Pro', currency: 'USD', fixedFee: '3', prices: [] };
    const meters = [
      { slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*', weight: '1' }] },
    ];
    const products = [{ slug: product, title: 'Weather', publisher: 'sky', apis: ['weather'], meters, plans: [plan] }];
    fs.writeFileSync(file, JSON.stringify({ tollgate: 1, products }));
    const run = (...words: readonly string[]) =>
      commandLine.run('plan', 'simulate', '--plan', `${product}/pro`, '-f', file, '--from', '2026-02-01', ...words);
    try {
      const text = await run('--to', '2026-03-01');
      expect(text).toMatchObject({ code: 0 });
      expect(text.output).toBe(
        '1 closed period of 1 subscription: 15.00 USD was charged, 3.00 USD it would be: -12.00 USD (−80.0 %).\n' +
          '1 subscription would pay less:\n' +
          `  -12.00 USD  15.00 USD → 3.00 USD  =Ada Ltd (${subscription.id})\n` +
          'None would pay more.\n0 pay the same.\n',
      );
      const csv = await run('--to', '2026-03-01', '--csv');
      expect(csv.output).toContain(
        `${subscription.id},'=Ada Ltd,2026-01-31T10:00:00.000Z,2026-02-28T10:00:00.000Z,15.00,3.00,-12.00,USD\r\n`,
      );
      const json = await run('--to', '2026-03-01', '--json');
      expect(JSON.parse(json.output)).toMatchObject({ chargedMinor: '1500', simulatedMinor: '300', periods: 1 });
      await expect(run('--to', '2026-01-01')).rejects.toThrow(/--from must be before --to/);
      await expect(
        commandLine.run('plan', 'simulate', '--plan', 'pro', '-f', file, '--from', '2026-01-01', '--to', '2026-02-01'),
      ).rejects.toThrow(/PRODUCT\/PLAN/);
    } finally {
      commandLine.dispose();
    }
  });
});
