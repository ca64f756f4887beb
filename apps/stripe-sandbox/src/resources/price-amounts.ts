import { exactToText, one, roundedShare, toExact, type Exact } from './exact.js';
import type { Price, Tier } from './price.js';

/** What a price charges for a quantity, as a line of an invoice. */
export interface PricedAmount {
  readonly amount: number;
  /** The quantity of the line, as a decimal. */
  readonly quantity: string;
  readonly unitAmount: string;
  /** The number of the tier, from 1; null where the price has none. */
  readonly tier: number | null;
  readonly isFlat: boolean;
}

/**
 * The lines that a price makes of a quantity: one, but of a graduated price one for each tier that is reached, and one
 * more for its flat amount. Each is rounded to the minor unit by itself, halves away from zero, as Stripe documents.
 */
export function priceAmounts(price: Price, quantity: string): readonly PricedAmount[] {
  const exact = toExact(quantity);
  if (price.tiers === null) return [perUnit(price, exact)];
  return price.tiers_mode === 'volume' ? volume(price.tiers, exact) : graduated(price.tiers, exact);
}

function perUnit(price: Price, quantity: Exact): PricedAmount {
  const transform = price.transform_quantity;
  const billed = transform === null ? quantity : packages(quantity, transform.divide_by, transform.round);
  return unitLine(billed, price.unit_amount_decimal!, null, quantity);
}

/** Whole packages, as an exact number. */
function packages(quantity: Exact, size: number, round: 'down' | 'up'): Exact {
  const divisor = BigInt(size) * one;
  const count = round === 'down' ? quantity / divisor : (quantity + divisor - 1n) / divisor;
  return count * one;
}

function volume(tiers: readonly Tier[], quantity: Exact): PricedAmount[] {
  const index = tiers.findIndex(({ up_to: upTo }) => upTo === null || quantity <= BigInt(upTo) * one);
  return linesOfTier(tiers[index]!, quantity, index + 1, quantity);
}

function graduated(tiers: readonly Tier[], quantity: Exact): PricedAmount[] {
  let from = 0n;
  return tiers.flatMap((tier, index) => {
    const start = from;
    const end = tier.up_to === null ? quantity : BigInt(tier.up_to) * one;
    from = end;
    if (index > 0 && quantity <= start) return [];
    const within = (quantity < end ? quantity : end) - start;
    return linesOfTier(tier, within, index + 1, within);
  });
}

function linesOfTier(tier: Tier, quantity: Exact, number: number, shown: Exact): PricedAmount[] {
  const lines = [unitLine(quantity, tier.unit_amount_decimal ?? '0', number, shown)];
  const flat = tier.flat_amount_decimal;
  if (flat !== null && quantity > 0n) lines.push({ ...unitLine(one, flat, number, one), isFlat: true });
  return lines;
}

function unitLine(billed: Exact, unitAmount: string, tier: number | null, shown: Exact): PricedAmount {
  return {
    amount: roundedShare(billed, toExact(unitAmount), one * one),
    quantity: exactToText(shown),
    unitAmount,
    tier,
    isFlat: false,
  };
}
