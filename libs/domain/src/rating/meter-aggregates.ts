import type { Aggregation } from '../catalog/aggregation.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { addDecimals, compareDecimals } from '../money/decimal.js';

/** The units of one meter's events of a span by each aggregation, exact decimals; and what it takes to join spans. */
export interface MeterAggregates extends Readonly<Record<Aggregation, DecimalString>> {
  /** The quantity of the event that is the last by id and number. */
  readonly last: DecimalString;
  /** That event's id and number, in an order of texts that is theirs. */
  readonly lastEvent: string;
  /** How many values its events named that no earlier span had. */
  readonly unique: DecimalString;
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
 * The quantity that bills come to when each of them settles one more span of the same meter and period, in this order: the
 * highest that there was after one of them, as no bill takes units back. A last value that comes late and is lower changes
 * none: that is what credit notes are for.
 */
export function billedQuantity(spans: readonly MeterAggregates[], aggregation: Aggregation): DecimalString {
  let all: MeterAggregates | null = null;
  let billed = '0';
  for (const span of spans) {
    all = all === null ? span : joinAggregates(all, span);
    const quantity = all[aggregation];
    if (compareDecimals(quantity, billed) > 0) billed = quantity;
  }
  return billed;
}
