import { Big } from 'big.js';
import type { DecimalString, MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { groupThousands, toMinorUnits } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { meterQuantity, type PeriodUsage } from './meter-quantity.js';
import { priceUnits } from './price-units.js';
import { type RatedLine, subtotalOf } from './rated-line.js';

/** Everything that decides what a period costs. */
export interface RatingInput {
  readonly definition: PlanDefinition;
  readonly period: TimeSpan;
  readonly usage: PeriodUsage;
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
 * What one period of a plan costs: first the fixed fee, unless it is zero, then one line for each price in the order of
 * the plan, kept at zero so that every meter is accounted for. Usage of a meter without a price is free and has no line.
 * A pure function (invariant I5): the same input gives the same invoice, byte for byte. Each line is rounded once.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`, which a validated plan definition never does.
 */
export function ratePlan(input: RatingInput): RatedInvoice {
  const { definition, period, usage } = input;
  const feeLines = fixedFeeLines(definition);
  const usageLines = definition.prices.map((price, index) =>
    usageLine(price, usage, definition.currency, feeLines.length + index + 1),
  );
  const lines = [...feeLines, ...usageLines];
  return { currency: definition.currency, period, lines, subtotalMinor: subtotalOf(lines) };
}

function fixedFeeLines(definition: PlanDefinition): RatedLine[] {
  const fee = parseDecimal(definition.fixedFee, 'fixedFee');
  if (fee.eq(0)) return [];
  return [
    {
      position: 1,
      kind: 'fixed_fee',
      meter: null,
      description: 'Fixed fee',
      quantity: '1',
      included: '0',
      billableQuantity: '1',
      unroundedAmount: formatDecimal(fee),
      amountMinor: toMinorUnits(fee, definition.currency),
      breakdown: [],
    },
  ];
}

function usageLine(price: MeterPrice, usage: PeriodUsage, currency: string, position: number): RatedLine {
  const { quantity, included, billable } = meterQuantity(price, usage);
  const { amount, breakdown } = priceUnits({ from: new Big(0), to: billable }, price.price);
  return {
    position,
    kind: 'usage',
    meter: price.meter,
    description: describeUsage(price.meter, formatDecimal(quantity), formatDecimal(included)),
    quantity: formatDecimal(quantity),
    included: formatDecimal(included),
    billableQuantity: formatDecimal(billable),
    unroundedAmount: formatDecimal(amount),
    amountMinor: toMinorUnits(amount, currency),
    breakdown,
  };
}

function describeUsage(meter: string, quantity: DecimalString, included: DecimalString): string {
  const units = `${meter}: ${groupThousands(quantity)} ${quantity === '1' ? 'unit' : 'units'}`;
  return included === '0' ? units : `${units}, ${groupThousands(included)} included`;
}
