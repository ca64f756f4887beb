import type { Aggregation } from '../catalog/aggregation.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { addDecimals, compareDecimals, formatDecimal, parseDecimal } from '../money/decimal.js';

/** What is known of one meter's events of a span, exact decimals: enough for every aggregation. */
export interface MeterAggregates {
  readonly count: DecimalString;
  readonly sum: DecimalString;
  readonly max: DecimalString;
  /** The quantity of the event that is the last by id and number. */
  readonly last: DecimalString;
  /** That event's id and number, in an order of texts that is theirs. */
  readonly lastEvent: string;
  /** How many values its events named that no earlier span had. */
  readonly unique: DecimalString;
}

/** The units that a price is for. */
export function aggregatedQuantity(aggregates: MeterAggregates, aggregation: Aggregation): DecimalString {
  return aggregates[aggregation];
}

/** The aggregates of two spans of the same meter and period together. */
export function joinAggregates(one: MeterAggregates, other: MeterAggregates): MeterAggregates {
  const later = one.lastEvent > other.lastEvent ? one : other;
  return {
    count: addDecimals(one.count, other.count),
    sum: addDecimals(one.sum, other.sum),
    max: compareDecimals(one.max, other.max) > 0 ? one.max : other.max,
    last: later.last,
    lastEvent: later.lastEvent,
    unique: addDecimals(one.unique, other.unique),
  };
}

/**
 * What the later span adds to the quantity of the earlier ones: never less than nothing. A last value that comes late and
 * is lower changes no bill: that is what credit notes are for.
 */
export function addedQuantity(
  before: MeterAggregates,
  added: MeterAggregates,
  aggregation: Aggregation,
): DecimalString {
  const all = parseDecimal(aggregatedQuantity(joinAggregates(before, added), aggregation));
  const difference = all.minus(parseDecimal(aggregatedQuantity(before, aggregation)));
  return difference.lt(0) ? '0' : formatDecimal(difference);
}
