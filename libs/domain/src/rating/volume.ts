import { Big } from 'big.js';
import type { PriceTier } from '../catalog/plan-definition.js';
import { isMoney } from '../catalog/price-charges.js';
import type { TierCharge } from '../invoice/invoice.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { breakdownRow, chargedBeforeRow } from './breakdown-row.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

/**
 * All units of a period have the price of the tier that their number falls into, and its flat amount is charged once: a
 * unit more can make the period cheaper. Without units nothing is owed, or the first tier's flat amount with
 * `flatWithoutUsage`.
 *
 * A span that begins above zero, or continues a period, costs what all units cost less what the earlier ones did, which
 * is negative when they fall into a cheaper tier together.
 * @throws InvalidError `invalid_decimal`
 */
export function rateVolume(span: UnitSpan, tiers: readonly PriceTier[], flatWithoutUsage = false): PricedUnits {
  const all = chargeOf(span.to, tiers, flatWithoutUsage);
  if (span.from.eq(0) && !span.continues) return { amount: amountOf(all), breakdown: all === null ? [] : [all] };

  const before = amountOf(chargeOf(span.from, tiers, flatWithoutUsage));
  const amount = amountOf(all).minus(before);
  if (span.from.eq(span.to) || all === null) return { amount, breakdown: [] };
  return { amount, breakdown: before.eq(0) ? [all] : [all, chargedBeforeRow(before, formatDecimal(span.from))] };
}

function chargeOf(units: Big, tiers: readonly PriceTier[], flatWithoutUsage: boolean): TierCharge | null {
  if (units.eq(0) && !(flatWithoutUsage && isMoney(tiers[0]!.flatAmount))) return null;
  const tier = tiers.find(({ upTo }) => upTo === null || units.lte(parseDecimal(upTo, 'upTo')))!;
  const amount = units
    .times(parseDecimal(tier.unitAmount, 'unitAmount'))
    .plus(parseDecimal(tier.flatAmount, 'flatAmount'));
  const { unitAmount, flatAmount } = tier;
  return breakdownRow({ units: formatDecimal(units), unitAmount, flatAmount, amount: formatDecimal(amount) });
}

function amountOf(charge: TierCharge | null): Big {
  return new Big(charge?.amount ?? 0);
}
