import type { MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal } from '../money/decimal.js';
import { groupThousands, toMinorUnits } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { meterQuantity, type PeriodUsage } from './meter-quantity.js';
import { priceUnits } from './price-units.js';
import type { RatedLine } from './rated-line.js';

/** Usage of a closed period that arrived after it was billed. */
export interface LateRatingInput {
  /** The plan version that was in force in that period. */
  readonly definition: PlanDefinition;
  /** The closed period, not the one whose invoice settles it. */
  readonly period: TimeSpan;
  /** What all earlier invoices have billed of the period, earlier late lines included. */
  readonly billedUsage: PeriodUsage;
  /** All usage of the period, what came late included. */
  readonly usage: PeriodUsage;
  /** Where the lines begin on the invoice that settles them. */
  readonly firstPosition: number;
}

/**
 * One line for each meter whose usage grew after its period was billed, in the order of the plan. Late units cost what
 * they would have added in their own period: included units that were left, the tiers where they lie, and flat amounts
 * only of tiers not entered before. The exact difference is rounded once, and is never negative.
 * @throws InvalidError `usage_shrank` when a meter has less usage than was billed: that is corrected by a credit.
 */
export function rateLate(input: LateRatingInput): readonly RatedLine[] {
  return input.definition.prices
    .map((price) => lateLine(price, input))
    .filter((line) => line.quantity !== '0')
    .map((line, index) => ({ ...line, position: input.firstPosition + index }));
}

function lateLine(price: MeterPrice, input: LateRatingInput): RatedLine {
  const billed = meterQuantity(price, input.billedUsage);
  const all = meterQuantity(price, input.usage);
  if (all.quantity.lt(billed.quantity)) {
    throw new InvalidError(
      'usage_shrank',
      `${price.meter} has fewer units than were billed for the period; credit the difference, it cannot be rated as late.`,
    );
  }

  const quantity = formatDecimal(all.quantity.minus(billed.quantity));
  const { amount, breakdown } = priceUnits({ from: billed.billable, to: all.billable }, price.price);
  return {
    position: input.firstPosition,
    kind: 'late_usage',
    meter: price.meter,
    description: describeLateUsage(price.meter, quantity, input.period),
    quantity,
    included: formatDecimal(all.included.minus(billed.included)),
    billableQuantity: formatDecimal(all.billable.minus(billed.billable)),
    unroundedAmount: formatDecimal(amount),
    amountMinor: toMinorUnits(amount, input.definition.currency),
    breakdown,
  };
}

function describeLateUsage(meter: string, quantity: string, period: TimeSpan): string {
  const units = quantity === '1' ? 'late unit' : 'late units';
  return `${meter}: ${groupThousands(quantity)} ${units} of the period ${utcDay(period.startMs)} to ${utcDay(period.endMs)}`;
}

function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
