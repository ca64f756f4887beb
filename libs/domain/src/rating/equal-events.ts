import { Big } from 'big.js';
import type { DecimalString, PercentagePrice } from '../catalog/plan-definition.js';
import { smaller } from '../money/bounds.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { divideWhole } from '../money/whole-division.js';
import { type EventTally, noEvents, rateOf } from './event-tally.js';

const DOWN = 0;
const PLACES = 12;

/**
 * The tally of events of which only the number and the sum of their values are known, as if each were worth the same: an
 * estimate that takes no longer for more of them. It is that of `EventCounter` where they are worth the same, but for the
 * bounds of one event that is free in part.
 * @throws InvalidError `invalid_decimal`
 */
export function tallyOfEqualEvents(count: DecimalString, value: DecimalString, price: PercentagePrice): EventTally {
  const events = parseDecimal(count, 'events');
  const sum = parseDecimal(value, 'value of events');
  if (events.eq(0)) return noEvents;
  const worth = sum.div(events).round(PLACES, DOWN);
  const freeEvents = freeEventsOf(events, worth, price);
  const paying = events.minus(freeEvents);
  const amount = worth.times(rateOf(price.ratePercent)).plus(parseDecimal(price.fixedAmount ?? '0', 'fixedAmount'));
  const minimum = parseDecimal(price.minimumPerEvent ?? '0', 'minimumPerEvent');
  const maximum = price.maximumPerEvent === undefined ? null : parseDecimal(price.maximumPerEvent, 'maximumPerEvent');
  const raised = amount.lt(minimum) ? minimum.minus(amount) : new Big(0);
  const lowered = maximum?.lt(amount) && raised.eq(0) ? amount.minus(maximum) : new Big(0);
  return {
    events: formatDecimal(events),
    value: formatDecimal(sum),
    freeEvents: formatDecimal(freeEvents),
    freeValue: formatDecimal(paying.eq(0) ? sum : freeValueOf(freeEvents, worth, price)),
    raised: formatDecimal(paying.times(raised)),
    lowered: formatDecimal(paying.times(lowered)),
  };
}

/** How many of the events are free as a whole. */
function freeEventsOf(events: Big, worth: Big, { freeEvents, freeAmount }: PercentagePrice): Big {
  if (freeEvents === undefined && freeAmount === undefined) return new Big(0);
  const byNumber = smaller(events, freeEvents === undefined ? events : parseDecimal(freeEvents, 'freeEvents'));
  if (freeAmount === undefined) return byNumber;
  const most = parseDecimal(freeAmount, 'freeAmount');
  if (worth.eq(0)) return most.eq(0) ? new Big(0) : byNumber;
  return smaller(byNumber, divideWhole(most, worth).whole);
}

/** What is free of the events when not all are: with the part of the next one, where its value has room but not all of it. */
function freeValueOf(wholly: Big, worth: Big, { freeEvents, freeAmount }: PercentagePrice): Big {
  const free = wholly.times(worth);
  if (freeAmount === undefined) return free;
  if (freeEvents !== undefined && wholly.gte(parseDecimal(freeEvents, 'freeEvents'))) return free;
  return parseDecimal(freeAmount, 'freeAmount');
}
