import { Big } from 'big.js';
import type { DecimalString, MeterPrice } from '../catalog/plan-definition.js';
import { smaller } from '../money/bounds.js';
import { parseDecimal } from '../money/decimal.js';
import { convertUnits } from './convert-units.js';
import type { EventTally } from './event-tally.js';

/** Units per meter slug in one period of one subscription. A meter that is not named was not used. */
export type PeriodUsage = Readonly<Record<string, DecimalString>>;

/** The single events per meter slug, of the meters whose prices depend on them. */
export type PeriodEvents = Readonly<Record<string, EventTally>>;

/** A quantity, and how it divides into what the plan includes and what it bills. */
export interface MeterQuantity {
  readonly quantity: Big;
  readonly included: Big;
  readonly billable: Big;
}

/** A quantity, and what its price is for. */
export interface PricedQuantity extends MeterQuantity {
  /** `billable` after the conversion of units. */
  readonly converted: Big;
  /** Of `converted`, what the plan's discount takes off. */
  readonly discounted: Big;
  /** `converted` − `discounted`. */
  readonly priced: Big;
}

/**
 * What of one meter's use in the period is billable: the units beyond the included ones.
 * @throws InvalidError `invalid_decimal`
 */
export function meterQuantity(price: Pick<MeterPrice, 'meter' | 'included'>, usage: PeriodUsage): MeterQuantity {
  const used = ofMeter(usage, price.meter);
  return divide(used === undefined ? new Big(0) : parseDecimal(used, `usage of ${price.meter}`), price.included);
}

/**
 * What a price is for when so many units were used: included units off, converted, discounted units off.
 * @throws InvalidError `invalid_decimal`
 */
export function pricedQuantity(price: MeterPrice, used: Big): PricedQuantity {
  const quantity = divide(used, price.included);
  const converted = price.conversion ? convertUnits(quantity.billable, price.conversion) : quantity.billable;
  const discount = parseDecimal(price.discountUnits ?? '0', 'discountUnits');
  const discounted = smaller(converted, discount);
  return { ...quantity, converted, discounted, priced: converted.minus(discounted) };
}

/** What is said of a meter; a slug such as "constructor" does not find what every object inherits. */
export function ofMeter<Value>(values: Readonly<Record<string, Value>>, meter: string): Value | undefined {
  return Object.hasOwn(values, meter) ? values[meter] : undefined;
}

function divide(quantity: Big, allowanceText: DecimalString): MeterQuantity {
  const allowance = parseDecimal(allowanceText, 'included');
  const included = smaller(quantity, allowance);
  return { quantity, included, billable: quantity.minus(included) };
}
