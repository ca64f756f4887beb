import { Big } from 'big.js';
import type { DecimalString, PercentagePrice, PlanDefinition, PriceModel } from '../catalog/plan-definition.js';
import { smaller } from '../money/bounds.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';

/** What is left of single events once they were looked at one by one, in the order in which they happened; exact. */
export interface EventTally {
  readonly events: DecimalString;
  /** Σ of their values, in major units. */
  readonly value: DecimalString;
  /** Of `events`, those that are free as a whole. */
  readonly freeEvents: DecimalString;
  /** Of `value`, what is free. */
  readonly freeValue: DecimalString;
  /** What the minimum per event adds, in major units. */
  readonly raised: DecimalString;
  /** What the maximum per event takes off, in major units. */
  readonly lowered: DecimalString;
}

/** The tally of no events. */
export const noEvents: EventTally = {
  events: '0',
  value: '0',
  freeEvents: '0',
  freeValue: '0',
  raised: '0',
  lowered: '0',
};

/** True when a price cannot be computed from the sum of the values: it must see single events. */
export function needsEvents(price: PriceModel): boolean {
  if (price.model !== 'percentage') return false;
  const { fixedAmount = '0', minimumPerEvent = '0', maximumPerEvent, freeEvents } = price;
  const isSet = (amount: DecimalString) => parseDecimal(amount).gt(0);
  return isSet(fixedAmount) || isSet(minimumPerEvent) || maximumPerEvent !== undefined || freeEvents !== undefined;
}

/** Takes events one at a time, in the order in which they happened, in constant memory. */
export class EventCounter {
  private events = new Big(0);
  private value = new Big(0);
  private freeEvents = new Big(0);
  private freeValue = new Big(0);
  private raised = new Big(0);
  private lowered = new Big(0);
  private readonly rate: Big;
  private readonly fixed: Big;
  private readonly minimum: Big;
  private readonly maximum: Big | null;
  private readonly mostFreeEvents: Big | null;
  private readonly mostFreeValue: Big | null;

  /** @throws InvalidError `invalid_decimal` */
  constructor(price: PercentagePrice) {
    const optional = (text: DecimalString | undefined, field: string) =>
      text === undefined ? null : parseDecimal(text, field);
    this.rate = rateOf(price.ratePercent);
    this.fixed = parseDecimal(price.fixedAmount ?? '0', 'fixedAmount');
    this.minimum = parseDecimal(price.minimumPerEvent ?? '0', 'minimumPerEvent');
    this.maximum = optional(price.maximumPerEvent, 'maximumPerEvent');
    this.mostFreeEvents = optional(price.freeEvents, 'freeEvents');
    this.mostFreeValue = optional(price.freeAmount, 'freeAmount');
  }

  /** @throws InvalidError `invalid_decimal` */
  add(value: DecimalString): void {
    const worth = parseDecimal(value, 'value of an event');
    const free = this.freePartOf(worth);
    this.events = this.events.plus(1);
    this.value = this.value.plus(worth);
    this.freeValue = this.freeValue.plus(free ?? 0);
    if (free?.eq(worth)) this.freeEvents = this.freeEvents.plus(1);
    else
      this.clamp(
        worth
          .minus(free ?? 0)
          .times(this.rate)
          .plus(this.fixed),
      );
  }

  /** What was counted so far. */
  tally(): EventTally {
    return {
      events: formatDecimal(this.events),
      value: formatDecimal(this.value),
      freeEvents: formatDecimal(this.freeEvents),
      freeValue: formatDecimal(this.freeValue),
      raised: formatDecimal(this.raised),
      lowered: formatDecimal(this.lowered),
    };
  }

  /** Null when nothing is free any more. */
  private freePartOf(worth: Big): Big | null {
    if (this.mostFreeEvents === null && this.mostFreeValue === null) return null;
    if (this.mostFreeEvents?.lt(this.freeEvents.plus(1))) return null;
    if (this.mostFreeValue === null) return worth;
    const room = this.mostFreeValue.minus(this.freeValue);
    if (room.lte(0)) return null;
    return smaller(worth, room);
  }

  private clamp(amount: Big): void {
    if (amount.lt(this.minimum)) this.raised = this.raised.plus(this.minimum.minus(amount));
    else if (this.maximum?.lt(amount)) this.lowered = this.lowered.plus(amount.minus(this.maximum));
  }
}

/** The tally of a value whose events do not matter, as `needsEvents` is false. */
export function tallyOfSum(value: Big, { freeAmount = '0' }: PercentagePrice): EventTally {
  const most = parseDecimal(freeAmount, 'freeAmount');
  return {
    ...noEvents,
    value: formatDecimal(value),
    freeValue: formatDecimal(smaller(value, most)),
  };
}

/** The tally of one event with all of a value, for estimates; undefined for a price that is not about events. */
function tallyOfOneEvent(value: Big, price: PriceModel): EventTally | undefined {
  if (price.model !== 'percentage' || value.eq(0)) return undefined;
  const counter = new EventCounter(price);
  counter.add(formatDecimal(value));
  return counter.tally();
}

/** The same for all meters of a plan. */
export function oneEventEach(
  { prices }: PlanDefinition,
  usage: Readonly<Record<string, DecimalString>>,
): Readonly<Record<string, EventTally>> {
  const tallies = prices.flatMap(({ meter, price }): [string, EventTally][] => {
    const used = Object.hasOwn(usage, meter) ? usage[meter]! : '0';
    const tally = tallyOfOneEvent(parseDecimal(used, `usage of ${meter}`), price);
    return tally ? [[meter, tally]] : [];
  });
  return Object.fromEntries(tallies);
}

/** "2.9" per cent as what a value is multiplied by: 0.029. */
export function rateOf(percent: DecimalString): Big {
  return parseDecimal(percent, 'percent').times('0.01');
}
