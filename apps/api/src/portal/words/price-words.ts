import type { MeterPrice, PriceModel } from '#domain';
import { amountWords, capitalized, isNothing, pluralOf, quantityWords } from './amounts.js';

type Tiered = Extract<PriceModel, { readonly tiers: readonly unknown[] }>;
type Percentage = Extract<PriceModel, { readonly model: 'percentage' }>;
/** An amount with the plan's currency. */
type Money = (amount: string) => string;

/**
 * What usage of a meter costs beyond what is included, a line each: "$0.0025 per request", a line per tier, then what is taken off and the
 * bounds. The same words as in the portal's tables, which a test compares.
 */
export function priceWords(price: MeterPrice, currency: string, unit: string): readonly string[] {
  const money: Money = (amount) => amountWords(amount, currency);
  return [...modelWords(price, money, pricedUnit(price, unit)), ...termWords(price, money)];
}

function modelWords({ price }: MeterPrice, money: Money, unit: string): readonly string[] {
  switch (price.model) {
    case 'per_unit':
      return [isNothing(price.unitAmount) ? 'No charge' : `${money(price.unitAmount)} per ${unit}`];
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return tierWords(price, money, unit);
    case 'package': {
      if (isNothing(price.packageAmount)) return ['No charge'];
      const part = price.round === 'up' ? 'each one begun' : 'each one used up';
      const size = `${quantityWords(price.packageSize)} ${pluralOf(unit)}`;
      return [`${money(price.packageAmount)} per package of ${size}, ${part}`];
    }
    case 'percentage':
      return percentageWords(price, money);
    case 'dynamic':
      return [
        price.multiplier === '1' ? 'What each call costs, as it says' : `What each call says × ${price.multiplier}`,
      ];
  }
}

function tierWords(price: Tiered, money: Money, unit: string): readonly string[] {
  const bound = price.model === 'graduated_percentage' ? money : quantityWords;
  const rows = price.tiers.map((tier, index) => {
    const rate =
      'ratePercent' in tier
        ? isNothing(tier.ratePercent) || `${tier.ratePercent}% of the value`
        : isNothing(tier.unitAmount) || `${money(tier.unitAmount)} per ${unit}`;
    const once = isNothing(tier.flatAmount) ? '' : ` plus ${money(tier.flatAmount)} once`;
    const lower = price.tiers[index - 1]?.upTo ?? null;
    return `${spanWords(price.model, tier.upTo, lower, bound)}${rate === true ? 'no charge' : rate}${once}`;
  });
  const flat = price.flatWithoutUsage ? price.tiers[0]?.flatAmount : undefined;
  return flat === undefined || isNothing(flat) ? rows : [...rows, `${money(flat)} is due without usage too`];
}

/** Of a volume price all units have the rate, of the others those of the tier. */
function spanWords(
  model: Tiered['model'],
  upTo: string | null,
  lower: string | null,
  bound: (amount: string) => string,
): string {
  const all = model === 'volume' ? ', for all of them' : '';
  if (upTo === null) return lower === null ? '' : `Above ${bound(lower)}${all}: `;
  return lower === null && model !== 'volume' ? `First ${bound(upTo)}: ` : `Up to ${bound(upTo)}${all}: `;
}

function percentageWords(price: Percentage, money: Money): readonly string[] {
  const { fixedAmount, freeEvents, freeAmount, minimumPerEvent, maximumPerEvent } = price;
  const free = [
    ...(freeEvents === undefined ? [] : [`first ${quantityWords(freeEvents)} calls`]),
    ...(freeAmount === undefined ? [] : [`first ${money(freeAmount)}`]),
  ];
  const bounds = [
    ...(minimumPerEvent === undefined ? [] : [`at least ${money(minimumPerEvent)}`]),
    ...(maximumPerEvent === undefined ? [] : [`at most ${money(maximumPerEvent)}`]),
  ];
  const fixed = fixedAmount === undefined || isNothing(fixedAmount) ? '' : ` plus ${money(fixedAmount)}`;
  return [
    `${price.ratePercent}% of the value of each call${fixed}`,
    ...(bounds.length === 0 ? [] : [`${capitalized(bounds.join(', '))} for each call`]),
    ...(free.length === 0 ? [] : [`${capitalized(free.join(', and of those the '))} of a month free`]),
  ];
}

function termWords(price: MeterPrice, money: Money): readonly string[] {
  const { discountUnits, discountPercent, minimumAmount, maximumAmount } = price;
  return [
    ...(discountUnits === undefined || isNothing(discountUnits)
      ? []
      : [`${quantityWords(discountUnits)} taken off first`]),
    ...(isNothing(discountPercent) ? [] : [`${discountPercent}% discount`]),
    ...(minimumAmount === undefined || isNothing(minimumAmount) ? [] : [`At least ${money(minimumAmount)} a month`]),
    ...(maximumAmount === undefined ? [] : [`At most ${money(maximumAmount)} a month`]),
  ];
}

/** What a price is for: "request", "1,000 tokens, rounded up", "counted token (each token counts 1.2)". */
function pricedUnit({ conversion }: MeterPrice, unit: string): string {
  if (!conversion) return unit;
  const rounded = { none: '', up: ', rounded up', down: ', rounded down', half_up: ', rounded' }[conversion.round];
  return conversion.operation === 'divide'
    ? `${quantityWords(conversion.factor)} ${pluralOf(unit)}${rounded}`
    : `counted ${unit} (each ${unit} counts ${quantityWords(conversion.factor)}${rounded})`;
}
