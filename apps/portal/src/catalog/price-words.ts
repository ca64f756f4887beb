import type { MeterPrice } from '../api/types.js';
import { formatAmount, isZero } from '../format/money.js';
import { formatQuantity, pluralOf } from '../format/number.js';
import { capitalized } from '../format/text.js';

type PriceModel = MeterPrice['price'];
type Percentage = Extract<PriceModel, { model: 'percentage' }>;
type Tiered = Extract<PriceModel, { tiers: readonly unknown[] }>;

/**
 * What usage costs, a line each: "$0.0025 per request", a line per tier, then what is taken off and the bounds. They
 * begin after what is included.
 */
export function meterPriceWords(price: MeterPrice, currency: string, unit: string): readonly string[] {
  return [...modelWords(price, currency, pricedUnit(price, unit)), ...termWords(price, currency)];
}

function modelWords({ price }: MeterPrice, currency: string, unit: string): readonly string[] {
  const money = (amount: string) => formatAmount(amount, currency);
  switch (price.model) {
    case 'per_unit':
      return [isZero(price.unitAmount) ? 'No charge' : `${money(price.unitAmount)} per ${unit}`];
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return tierWords(price, currency, unit);
    case 'package': {
      const size = `${formatQuantity(price.packageSize)} ${pluralOf(unit)}`;
      const part = price.round === 'up' ? 'each one begun' : 'each one used up';
      return [
        isZero(price.packageAmount) ? 'No charge' : `${money(price.packageAmount)} per package of ${size}, ${part}`,
      ];
    }
    case 'percentage':
      return percentageWords(price, currency);
    case 'dynamic':
      return [
        price.multiplier === '1' ? 'What each call costs, as it says' : `What each call says × ${price.multiplier}`,
      ];
  }
}

function tierWords(price: Tiered, currency: string, unit: string): readonly string[] {
  const money = (amount: string) => formatAmount(amount, currency);
  const bound = (upTo: string) => (price.model === 'graduated_percentage' ? money(upTo) : formatQuantity(upTo));
  const rows = price.tiers.map((tier, index) => {
    const once = isZero(tier.flatAmount) ? '' : ` plus ${money(tier.flatAmount)} once`;
    const lower = price.tiers[index - 1]?.upTo ?? null;
    return `${spanWords(price.model, tier.upTo, lower, bound)}${rateWords(tier, money, unit)}${once}`;
  });
  const without = price.flatWithoutUsage && !isZero(price.tiers[0]?.flatAmount ?? '0');
  return without ? [...rows, `${money(price.tiers[0]!.flatAmount)} is due without usage too`] : rows;
}

function rateWords(tier: Tiered['tiers'][number], money: (amount: string) => string, unit: string): string {
  if ('ratePercent' in tier) return isZero(tier.ratePercent) ? 'no charge' : `${tier.ratePercent}% of the value`;
  return isZero(tier.unitAmount) ? 'no charge' : `${money(tier.unitAmount)} per ${unit}`;
}

/** Of a volume price all units have the rate, of the others those of the tier. */
function spanWords(
  model: Tiered['model'],
  upTo: string | null,
  lowerBound: string | null,
  bound: (upTo: string) => string,
): string {
  const all = model === 'volume' ? ', for all of them' : '';
  if (lowerBound === null) {
    if (upTo === null) return '';
    return model === 'volume' ? `Up to ${bound(upTo)}${all}: ` : `First ${bound(upTo)}: `;
  }
  return upTo === null ? `Above ${bound(lowerBound)}${all}: ` : `Up to ${bound(upTo)}${all}: `;
}

function percentageWords(price: Percentage, currency: string): readonly string[] {
  const money = (amount: string) => formatAmount(amount, currency);
  const { fixedAmount = '0', freeEvents, freeAmount, minimumPerEvent, maximumPerEvent } = price;
  const fixed = isZero(fixedAmount) ? '' : ` plus ${money(fixedAmount)}`;
  const free = [
    freeEvents === undefined ? '' : `first ${formatQuantity(freeEvents)} calls`,
    freeAmount === undefined ? '' : `first ${money(freeAmount)}`,
  ].filter((words) => words !== '');
  const bounds = [
    minimumPerEvent === undefined ? '' : `at least ${money(minimumPerEvent)}`,
    maximumPerEvent === undefined ? '' : `at most ${money(maximumPerEvent)}`,
  ].filter((words) => words !== '');
  return [
    `${price.ratePercent}% of the value of each call${fixed}`,
    ...(bounds.length === 0 ? [] : [`${capitalized(bounds.join(', '))} for each call`]),
    ...(free.length === 0 ? [] : [`${capitalized(free.join(', and of those the '))} of a month free`]),
  ];
}

function termWords(price: MeterPrice, currency: string): readonly string[] {
  const money = (amount: string) => formatAmount(amount, currency);
  const { discountUnits, discountPercent, minimumAmount, maximumAmount } = price;
  return [
    ...(discountUnits === undefined || isZero(discountUnits)
      ? []
      : [`${formatQuantity(discountUnits)} taken off first`]),
    ...(discountPercent === undefined || isZero(discountPercent) ? [] : [`${discountPercent}% discount`]),
    ...(minimumAmount === undefined || isZero(minimumAmount) ? [] : [`At least ${money(minimumAmount)} a month`]),
    ...(maximumAmount === undefined ? [] : [`At most ${money(maximumAmount)} a month`]),
  ];
}

/** What a price is for: "request", "1,000 tokens, rounded up", "counted token (each token counts 1.2)". */
function pricedUnit({ conversion }: MeterPrice, unit: string): string {
  if (!conversion) return unit;
  const rounded = { none: '', up: ', rounded up', down: ', rounded down', half_up: ', rounded' }[conversion.round];
  return conversion.operation === 'divide'
    ? `${formatQuantity(conversion.factor)} ${pluralOf(unit)}${rounded}`
    : `counted ${unit} (each ${unit} counts ${formatQuantity(conversion.factor)}${rounded})`;
}
