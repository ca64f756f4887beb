import { Big } from 'big.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { toMinorUnits } from '../money/minor-units.js';

/** How many subscriptions a version of a plan has at an instant. */
export interface SubscribedVersion {
  /** "product/plan". */
  readonly plan: string;
  readonly definition: Pick<PlanDefinition, 'currency' | 'fixedFee' | 'billingInterval'>;
  readonly subscriptions: number;
  readonly trials: number;
}

/** What a coupon takes off the fixed fee of one subscription. */
export interface DiscountedFee {
  /** "product/plan". */
  readonly plan: string;
  readonly definition: SubscribedVersion['definition'];
  /** Off the fee of a month, or of a year, in major units. */
  readonly off: Big;
}

/** What the subscriptions to a plan come to each month, in minor units of one currency. */
export interface RecurringRevenue {
  readonly plan: string;
  readonly currency: string;
  readonly subscriptions: number;
  readonly trials: number;
  /** After coupons. */
  readonly monthlyMinor: bigint;
  readonly beforeCouponsMinor: bigint;
}

/**
 * Monthly recurring revenue by plan and currency: the fixed fee of each version, of a year a twelfth, times its subscriptions,
 * less what coupons take off them; trials count nothing. Added up exactly and rounded once, half away from zero. In the order of the plans.
 */
export function recurringRevenue(
  versions: readonly SubscribedVersion[],
  discounts: readonly DiscountedFee[],
): RecurringRevenue[] {
  const groups = Map.groupBy(versions, ({ plan, definition }) => `${plan} ${definition.currency}`);
  return [...groups.values()]
    .map((group) => {
      const { plan, definition } = group[0]!;
      const { currency } = definition;
      // Twelfths, so that nothing is divided but the sum.
      const twelfths = group.reduce(
        (sum, { definition: { fixedFee, billingInterval }, subscriptions }) =>
          sum.plus(parseDecimal(fixedFee, 'fixedFee').times(subscriptions).times(twelfthsOf(billingInterval))),
        new Big(0),
      );
      const twelfthsOff = discounts
        .filter((one) => one.plan === plan && one.definition.currency === currency)
        .reduce(
          (sum, { definition: { billingInterval }, off }) => sum.plus(off.times(twelfthsOf(billingInterval))),
          new Big(0),
        );
      return {
        plan,
        currency,
        subscriptions: group.reduce((sum, { subscriptions }) => sum + subscriptions, 0),
        trials: group.reduce((sum, { trials }) => sum + trials, 0),
        monthlyMinor: toMinorUnits(twelfths.minus(twelfthsOff).div(12), currency),
        beforeCouponsMinor: toMinorUnits(twelfths.div(12), currency),
      };
    })
    .toSorted((one, other) => (`${one.plan} ${one.currency}` < `${other.plan} ${other.currency}` ? -1 : 1));
}

function twelfthsOf(billingInterval: PlanDefinition['billingInterval']): number {
  return billingInterval === 'year' ? 1 : 12;
}
