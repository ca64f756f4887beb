import { type PlanPreview, type PlanSimulation, differenceOf } from '#services';
import type { z } from 'zod';
import { toRatedLine } from '../catalog/to-estimate.js';
import { toMoney } from '../contract/value.schema.js';
import type { planPreview, planSimulation } from './plan-editor.schema.js';

/** Winners, and losers, that are named. */
const NAMED = 10;

export function toPreview({ currency, monthlyFeeMinor, meters }: PlanPreview): z.input<typeof planPreview> {
  return {
    monthlyFee: toMoney(monthlyFeeMinor, currency),
    meters: meters.map(({ meter, examples, curve }) => ({
      meter,
      examples: examples.map(({ quantity, amountMinor, lines }) => ({
        quantity,
        amount: toMoney(amountMinor, currency),
        lines: lines.map((line) => toRatedLine(line, currency)),
      })),
      curve: curve.map(({ quantity, amountMinor }) => ({ quantity, amountMinor: amountMinor.toString() })),
    })),
  };
}

export function toSimulation(simulation: PlanSimulation): z.input<typeof planSimulation> {
  const { currency, periods, subscriptions } = simulation;
  const amounts = (of: Pick<PlanSimulation, 'chargedMinor' | 'simulatedMinor'>) => ({
    charged: toMoney(of.chargedMinor, currency),
    simulated: toMoney(of.simulatedMinor, currency),
    difference: toMoney(differenceOf(of), currency),
  });
  const winners = subscriptions.filter((subscription) => differenceOf(subscription) < 0n);
  const losers = subscriptions.filter((subscription) => differenceOf(subscription) > 0n).toReversed();
  const named = (of: typeof subscriptions) =>
    of.slice(0, NAMED).map((subscription) => ({ ...subscription, ...amounts(subscription) }));
  return {
    periods,
    subscriptionCount: subscriptions.length,
    ...amounts(simulation),
    winnerCount: winners.length,
    loserCount: losers.length,
    winners: named(winners),
    losers: named(losers),
  };
}
