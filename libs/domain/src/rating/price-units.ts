import type { PriceModel } from '../catalog/plan-definition.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { type EventTally, needsEvents, noEvents, tallyOfSum } from './event-tally.js';
import { rateGraduatedPercentage } from './graduated-percentage.js';
import { rateGraduated } from './graduated.js';
import { ratePackage } from './package.js';
import { ratePerUnit } from './per-unit.js';
import { ratePercentage } from './percentage.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';
import { rateVolume } from './volume.js';

/** The single events of a span, for the prices that depend on them. */
export interface EventSpan {
  /** Of what was rated before. */
  readonly from: EventTally | undefined;
  /** Of the whole period. */
  readonly to: EventTally | undefined;
}

/**
 * What units cost under a price: the table of all price models.
 * @throws InvalidError `invalid_decimal`, or `events_missing` when the price depends on single events and has units only
 */
export function priceUnits(span: UnitSpan, price: PriceModel, events?: EventSpan): PricedUnits {
  switch (price.model) {
    case 'per_unit':
      return ratePerUnit(span, price.unitAmount);
    case 'dynamic':
      return ratePerUnit(span, price.multiplier);
    case 'graduated':
      return rateGraduated(span, price.tiers, price.flatWithoutUsage);
    case 'volume':
      return rateVolume(span, price.tiers, price.flatWithoutUsage);
    case 'package':
      return ratePackage(span, price);
    case 'graduated_percentage':
      return rateGraduatedPercentage(span, price.tiers, price.flatWithoutUsage);
    case 'percentage': {
      if (!needsEvents(price)) return ratePercentage(tallyOfSum(span.to, price), price, tallyOfSum(span.from, price));
      return ratePercentage(tallyFor(span.to.gt(0), events?.to), price, tallyFor(span.from.gt(0), events?.from));
    }
  }
}

function tallyFor(isUsed: boolean, tally: EventTally | undefined): EventTally {
  if (tally) return tally;
  if (!isUsed) return noEvents;
  throw new InvalidError('events_missing', 'The price depends on single events: give their tally with the usage.');
}
