import type { MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal } from '../money/decimal.js';
import { groupThousands } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { commitmentLines, meterLine } from './meter-lines.js';
import { type PeriodEvents, type PeriodUsage, meterQuantity, ofMeter } from './meter-quantity.js';
import { rateMeter } from './rate-meter.js';
import { inOrder } from './rate-plan.js';
import type { RatedLine } from './rated-line.js';

/** Usage of a closed period that arrived after it was billed. */
export interface LateRatingInput {
  /** The plan version that was in force in that period. */
  readonly definition: PlanDefinition;
  /** The closed period, not the one whose invoice settles it. */
  readonly period: TimeSpan;
  readonly nominalPeriod?: TimeSpan | undefined;
  /** What all earlier invoices have billed of the period, earlier late lines included. */
  readonly billedUsage: PeriodUsage;
  readonly billedEvents?: PeriodEvents | undefined;
  /** All usage of the period, what came late included. */
  readonly usage: PeriodUsage;
  readonly events?: PeriodEvents | undefined;
  /** Where the lines begin on the invoice that settles them. */
  readonly firstPosition: number;
}

/**
 * A line for each meter whose usage grew after its period was billed, in the order of the plan. Late units cost what
 * they would have added in their own period: included units that were left, the tiers where they lie, and flat amounts
 * only of tiers not entered before. The exact difference is rounded once. It is negative where more units cost less, as
 * with volume prices; and a line of its own gives back what the period was charged for a minimum that is now reached.
 * @throws InvalidError `usage_shrank` when a meter has less usage than was billed: that is corrected by a credit.
 */
export function rateLate(input: LateRatingInput): readonly RatedLine[] {
  return inOrder(
    input.definition.prices.flatMap((price) => lateLines(price, input)),
    input.firstPosition,
  );
}

function lateLines(price: MeterPrice, input: LateRatingInput): RatedLine[] {
  const { period, nominalPeriod, usage, events, billedUsage, billedEvents } = input;
  const { definition } = input;
  const billed = meterQuantity(price, billedUsage).quantity;
  const all = meterQuantity(price, usage).quantity;
  if (all.lt(billed)) {
    throw new InvalidError(
      'usage_shrank',
      `${price.meter} has fewer units than were billed for the period; credit the difference, it cannot be rated as late.`,
    );
  }
  const eventsOf = (tallies: PeriodEvents = {}) => ofMeter(tallies, price.meter)?.events ?? '0';
  if (all.eq(billed) && eventsOf(events) === eventsOf(billedEvents)) return [];

  const charge = rateMeter(price, { usage, events }, { usage: billedUsage, events: billedEvents });
  const description = describeLateUsage(price.meter, formatDecimal(charge.quantity), period);
  return [
    meterLine(price, charge, definition, { kind: 'late_usage', description }),
    ...commitmentLines({ price, charge, settling: definition, period, nominalPeriod, wasCharged: true }),
  ];
}

function describeLateUsage(meter: string, quantity: string, period: TimeSpan): string {
  const units = quantity === '1' ? 'late unit' : 'late units';
  return `${meter}: ${groupThousands(quantity)} ${units} of the period ${utcDay(period.startMs)} to ${utcDay(period.endMs)}`;
}

function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
