import type { DecimalString, MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { groupThousands, settle } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { shareOfPeriod } from '../period/period-share.js';
import { commitmentLines, meterLine } from './meter-lines.js';
import { type MeterCharge, type PeriodUse, rateMeter } from './rate-meter.js';
import { utcSpan } from './utc-span.js';
import { type RatedLine, subtotalOf } from './rated-line.js';

/** Everything that decides what a period costs. */
export interface RatingInput extends PeriodUse {
  readonly definition: PlanDefinition;
  readonly period: TimeSpan;
  /** The full period, when `period` is a part of it: minimum commitments are those of the part. */
  readonly nominalPeriod?: TimeSpan | undefined;
}

/** What a period costs before tax. */
export interface RatedInvoice {
  readonly currency: string;
  readonly period: TimeSpan;
  readonly lines: readonly RatedLine[];
  /** Σ `amountMinor` of the lines. */
  readonly subtotalMinor: bigint;
}

/**
 * What one period of a plan costs: first the fixed fee, unless it is zero, of a part of a period its share; then for each
 * price in the order of the plan one line, kept at zero so that every meter is accounted for, and one more where a minimum
 * commitment is not reached.
 * Usage of a meter without a price is free and has no line.
 * A pure function (invariant I5): the same input gives the same invoice, byte for byte. Each line is rounded once.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`, which a validated plan definition never does, and
 *   `events_missing` when a price depends on single events that are not given
 */
export function ratePlan(input: RatingInput): RatedInvoice {
  const { definition, period } = input;
  const lines = inOrder([
    ...fixedFeeLines(definition, input),
    ...definition.prices.flatMap((price) => usageLines(price, rateMeter(price, input), input)),
  ]);
  return { currency: definition.currency, period, lines, subtotalMinor: subtotalOf(lines) };
}

/** The fixed fee as a line, of a part of a period its share by milliseconds; none when it is zero. */
export function fixedFeeLines(
  definition: PlanDefinition,
  { period, nominalPeriod = period }: Pick<RatingInput, 'period' | 'nominalPeriod'>,
): RatedLine[] {
  const isWhole = period.startMs === nominalPeriod.startMs && period.endMs === nominalPeriod.endMs;
  const whole = parseDecimal(definition.fixedFee, 'fixedFee');
  const fee = isWhole ? whole : shareOfPeriod(whole, period, nominalPeriod);
  if (fee.eq(0)) return [];
  return [
    {
      position: 1,
      kind: 'fixed_fee',
      meter: null,
      description: isWhole ? 'Fixed fee' : `Fixed fee ${utcSpan(period)}`,
      quantity: '1',
      included: '0',
      billableQuantity: '1',
      pricedQuantity: '1',
      unroundedAmount: formatDecimal(fee),
      amountMinor: settle(fee, definition),
      breakdown: [],
    },
  ];
}

/** The lines with their positions, from `firstPosition` on. */
export function inOrder(lines: readonly RatedLine[], firstPosition = 1): RatedLine[] {
  return lines.map((line, index) => ({ ...line, position: firstPosition + index }));
}

/** "requests: 1,500 units, 1,000 included". */
function describeUsage(meter: string, quantity: DecimalString, included: DecimalString): string {
  const units = `${meter}: ${groupThousands(quantity)} ${quantity === '1' ? 'unit' : 'units'}`;
  return included === '0' ? units : `${units}, ${groupThousands(included)} included`;
}

/** The line of what a meter costs, and the one that makes it up to its minimum: with the last part of a period only. */
export function usageLines(
  price: MeterPrice,
  charge: MeterCharge,
  { definition, period, nominalPeriod }: Pick<RatingInput, 'definition' | 'period' | 'nominalPeriod'>,
  isLast = true,
): RatedLine[] {
  const description = describeUsage(price.meter, formatDecimal(charge.quantity), formatDecimal(charge.included));
  const usage = meterLine(price, charge, definition, { kind: 'usage', description });
  return isLast ? [usage, ...commitmentLines({ price, charge, settling: definition, period, nominalPeriod })] : [usage];
}
