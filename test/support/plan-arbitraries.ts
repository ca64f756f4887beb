import fc from 'fast-check';
import type { DecimalString, MeterPrice, PlanDefinition, PriceModel, PriceTier } from '#domain';

/** Places in which the generated decimals are counted; an integer of this scale stands for one decimal. */
export const decimalScale = 12;

/** Writes `scaled` / 10^12 as a decimal with trailing zeros, so that code under test has to normalise. */
export function fromScaled(scaled: bigint): DecimalString {
  const digits = scaled.toString().padStart(decimalScale + 1, '0');
  return `${digits.slice(0, -decimalScale)}.${digits.slice(-decimalScale)}`;
}

/** The integer `value` × 10^12; `value` has at most 12 decimal places. */
export function toScaled(value: DecimalString): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(decimalScale, '0'));
}

/** Decimals from zero to `max` units, whole ones as often as fractions. */
export function aDecimal(max: bigint): fc.Arbitrary<DecimalString> {
  return fc.oneof(
    fc.bigInt(0n, max).map(String),
    fc.bigInt(0n, max * 10n ** BigInt(decimalScale)).map(fromScaled),
    fc.constant('0'),
  );
}

/** Graduated tiers that pass validation: one to six, bounds ascending by at least 10^-12, the last one open. */
export function someTiers({ flatAmounts = true } = {}): fc.Arbitrary<readonly PriceTier[]> {
  const flat = flatAmounts ? aDecimal(500n) : fc.constant('0');
  const bounded = fc.record({ width: fc.bigInt(1n, 5_000n * 10n ** 12n), unitAmount: aDecimal(20n), flatAmount: flat });
  const open = fc.record({ unitAmount: aDecimal(20n), flatAmount: flat });
  return fc.tuple(fc.array(bounded, { maxLength: 5 }), open).map(([tiers, last]) => {
    let bound = 0n;
    const closed = tiers.map(({ width, ...amounts }) => ({ upTo: fromScaled((bound += width)), ...amounts }));
    return [...closed, { upTo: null, ...last }];
  });
}

/** A price of any model; of the percentages, those that do not depend on single events. */
export function aPriceModel(): fc.Arbitrary<PriceModel> {
  return fc.oneof(
    aDecimal(20n).map((unitAmount) => ({ model: 'per_unit' as const, unitAmount })),
    aDecimal(20n).map((multiplier) => ({ model: 'dynamic' as const, multiplier })),
    fc.record({
      model: fc.constantFrom('graduated' as const, 'volume' as const),
      tiers: someTiers(),
      flatWithoutUsage: fc.constantFrom(true, undefined),
    }),
    fc.record({
      model: fc.constant('package' as const),
      packageSize: aDecimal(200n).filter((size) => toScaled(size) > 0n),
      packageAmount: aDecimal(50n),
      round: fc.constantFrom('up' as const, 'down' as const),
    }),
    fc.record({
      model: fc.constant('percentage' as const),
      ratePercent: aPercentage(),
      freeAmount: fc.option(aDecimal(500n), { nil: undefined }),
    }),
    fc.record({
      model: fc.constant('graduated_percentage' as const),
      tiers: someTiers().chain((tiers) =>
        fc
          .array(aPercentage(), { minLength: tiers.length, maxLength: tiers.length })
          .map((rates) =>
            tiers.map(({ upTo, flatAmount }, index) => ({ upTo, flatAmount, ratePercent: rates[index]! })),
          ),
      ),
      flatWithoutUsage: fc.constantFrom(true, undefined),
    }),
  );
}

/** From 0 to 100, with at most ten decimal places. */
function aPercentage(): fc.Arbitrary<DecimalString> {
  return fc.bigInt(0n, 100n * 10n ** 10n).map((scaled) => fromScaled(scaled * 100n));
}

/** A price of any model with any of the terms around it. */
export function aMeterPrice(meter: string): fc.Arbitrary<MeterPrice> {
  const anAmount = fc.bigInt(0n, 300n).map((tens) => (tens * 10n).toString());
  const terms = fc.record({
    conversion: fc.option(
      fc.record({
        operation: fc.constantFrom('multiply' as const, 'divide' as const),
        factor: aDecimal(1000n).filter((factor) => toScaled(factor) > 0n),
        round: fc.constantFrom('none' as const, 'up' as const, 'down' as const, 'half_up' as const),
      }),
      { nil: undefined },
    ),
    discountUnits: fc.option(aDecimal(50n), { nil: undefined }),
    included: aDecimal(1000n),
  });
  const bounds = fc.record({
    discountPercent: fc.option(aPercentage(), { nil: undefined }),
    bounds: fc.option(fc.tuple(anAmount, anAmount), { nil: undefined }),
    hasMinimum: fc.boolean(),
    hasMaximum: fc.boolean(),
  });
  return fc.tuple(aPriceModel(), terms, bounds).map(([price, units, around]) => {
    const [least, most] = (around.bounds ?? []).toSorted((left, right) => Number(left) - Number(right));
    return {
      meter,
      price,
      ...(price.model === 'percentage' ? { included: '0' } : units),
      discountPercent: around.discountPercent,
      minimumAmount: around.hasMinimum ? least : undefined,
      maximumAmount: around.hasMaximum ? most : undefined,
    };
  });
}

/** Plan definitions that pass validation, priced on `meters`, without limits. */
export function aPlanDefinition(meters: readonly string[]): fc.Arbitrary<PlanDefinition> {
  const prices: fc.Arbitrary<MeterPrice[]> = fc
    .subarray([...meters])
    .chain((priced) => fc.tuple(...priced.map((meter) => aMeterPrice(meter))));
  return fc.record({
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
    billingInterval: fc.constant('month' as const),
    roundingStepMinor: fc.constantFrom(undefined, 10),
    fixedFee: fc.bigInt(0n, 100n).map((tens) => (tens * 10n).toString()),
    prices,
    rateLimits: fc.constant([]),
    quotas: fc.constant([]),
  });
}

/** Usage of some of `meters`. */
export function someUsage(meters: readonly string[]): fc.Arbitrary<Record<string, DecimalString>> {
  return fc.dictionary(fc.constantFrom(...meters), aDecimal(20_000n));
}
