import { Big } from 'big.js';
import type { DecimalString, MeterPrice } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';

/** Units per meter slug in one period of one subscription. A meter that is not named was not used. */
export type PeriodUsage = Readonly<Record<string, DecimalString>>;

/** A quantity, and how it divides into what the plan includes and what it bills. */
export interface MeterQuantity {
  readonly quantity: Big;
  readonly included: Big;
  readonly billable: Big;
}

/**
 * What of one meter's use in the period is billable: the units beyond the included ones.
 * @throws InvalidError `invalid_decimal`
 */
export function meterQuantity(price: MeterPrice, usage: PeriodUsage): MeterQuantity {
  // A slug such as "constructor" must not find what every object inherits.
  const used = Object.hasOwn(usage, price.meter) ? usage[price.meter] : undefined;
  const quantity = used === undefined ? new Big(0) : parseDecimal(used, `usage of ${price.meter}`);
  const allowance = parseDecimal(price.included, 'included');
  const included = quantity.lt(allowance) ? quantity : allowance;
  return { quantity, included, billable: quantity.minus(included) };
}
