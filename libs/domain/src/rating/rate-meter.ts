import { Big } from 'big.js';
import type { DecimalString, MeterPrice } from '../catalog/plan-definition.js';
import type { ChargeBasis, TierCharge } from '../invoice/invoice.js';
import { smaller } from '../money/bounds.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { breakdownRow } from './breakdown-row.js';
import { type EventTally, rateOf } from './event-tally.js';
import {
  type PeriodEvents,
  type PeriodUsage,
  type PricedQuantity,
  meterQuantity,
  ofMeter,
  pricedQuantity,
} from './meter-quantity.js';
import { priceUnits } from './price-units.js';
import type { PricedUnits } from './rated-line.js';

/** What was used of the meters in a period. */
export interface PeriodUse {
  readonly usage: PeriodUsage;
  /** Of the meters whose prices depend on single events. */
  readonly events?: PeriodEvents | undefined;
}

/** What was rated of a period before. */
export interface RatedBefore extends PeriodUse {
  /** What was charged for it, in major units; absent: what rating it gives. */
  readonly charged?: DecimalString | undefined;
}

/** What a meter costs: all of a period, or what it adds to a part rated before. */
export interface MeterCharge extends PricedUnits {
  readonly quantity: Big;
  readonly included: Big;
  readonly billable: Big;
  readonly priced: Big;
  /** What the part before was charged; zero without one. */
  readonly chargedBefore: Big;
}

/**
 * What one meter costs, in the order of computation: aggregate → included → conversion → discounted units → tiers →
 * discount → maximum. The minimum commitment is a line of its own. Exact; a part costs the difference that it makes, so
 * that parts cost together what the whole does.
 * @throws InvalidError `invalid_decimal` or `events_missing`
 */
export function rateMeter(price: MeterPrice, use: PeriodUse, before?: RatedBefore): MeterCharge {
  const all = useOf(price, use);
  const earlier = before && useOf(price, before);
  const span = {
    from: earlier?.quantity.priced ?? new Big(0),
    to: all.quantity.priced,
    ...(before && { continues: true }),
  };
  const tiers = priceUnits(span, price.price, { from: earlier?.events, to: all.events });
  const discount = discountOn(price, tiers.amount);
  const net = tiers.amount.minus(discount);
  const chargedBefore = before ? new Big(before.charged ?? amountOf(price, earlier!)) : new Big(0);
  const amount = price.maximumAmount === undefined ? net : amountOf(price, all).minus(chargedBefore);
  const rows = [
    ...unitRows(price, all.quantity, earlier?.quantity),
    ...tiers.breakdown,
    ...amountRow('discount', discount.neg()),
    ...amountRow('maximum', amount.minus(net)),
  ];
  const grown = grownBy(all.quantity, earlier?.quantity);
  return { ...grown, amount, chargedBefore, breakdown: withIncluded(rows, grown.included) };
}

/** What all of a use costs, discounts and maximum counted in; exact. */
export function amountOfUse(price: MeterPrice, used: Big, events?: EventTally): Big {
  return amountOf(price, { quantity: pricedQuantity(price, used), events });
}

/** An amount of the tiers as what is charged for it: less the discount, and no more than the maximum. */
export function chargedOf(price: MeterPrice, tierAmount: Big): Big {
  const net = tierAmount.minus(discountOn(price, tierAmount));
  if (price.maximumAmount === undefined) return net;
  const most = parseDecimal(price.maximumAmount, 'maximumAmount');
  return smaller(net, most);
}

interface MeterUse {
  readonly quantity: PricedQuantity;
  readonly events: EventTally | undefined;
}

function useOf(price: MeterPrice, { usage, events = {} }: PeriodUse): MeterUse {
  const { quantity } = meterQuantity(price, usage);
  return { quantity: pricedQuantity(price, quantity), events: ofMeter(events, price.meter) };
}

function amountOf(price: MeterPrice, { quantity, events }: MeterUse): Big {
  const span = { from: new Big(0), to: quantity.priced };
  return chargedOf(price, priceUnits(span, price.price, { from: undefined, to: events }).amount);
}

function discountOn(price: MeterPrice, amount: Big): Big {
  return amount.times(rateOf(price.discountPercent ?? '0'));
}

function grownBy(all: PricedQuantity, earlier: PricedQuantity | undefined) {
  const { quantity, included, billable, priced } = all;
  if (!earlier) return { quantity, included, billable, priced };
  return {
    quantity: quantity.minus(earlier.quantity),
    included: included.minus(earlier.included),
    billable: billable.minus(earlier.billable),
    priced: priced.minus(earlier.priced),
  };
}

/**
 * Where rows are tiers of units only, the included units are those that no row has, and need none; elsewhere they are told.
 */
function withIncluded(rows: readonly TierCharge[], included: Big): readonly TierCharge[] {
  if (included.eq(0) || rows.every(({ basis }) => basis === undefined)) return rows;
  return [breakdownRow({ basis: 'included', units: formatDecimal(included) }), ...rows];
}

/** How billable units become those of the tiers, where they do. */
function unitRows(price: MeterPrice, all: PricedQuantity, earlier: PricedQuantity | undefined): TierCharge[] {
  const since = (field: 'billable' | 'converted' | 'discounted') =>
    formatDecimal(all[field].minus(earlier?.[field] ?? 0));
  const rows: TierCharge[] = [];
  if (price.conversion && since('billable') !== '0') {
    rows.push(breakdownRow({ basis: 'conversion', units: since('billable'), converted: since('converted') }));
  }
  if (since('discounted') !== '0') rows.push(breakdownRow({ basis: 'discount_units', units: since('discounted') }));
  return rows;
}

function amountRow(basis: ChargeBasis, amount: Big): TierCharge[] {
  return amount.eq(0) ? [] : [breakdownRow({ basis, amount: formatDecimal(amount) })];
}
