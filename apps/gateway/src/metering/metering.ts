import {
  type DecimalString,
  type MeterBinding,
  type Route,
  compareDecimals,
  multiplyDecimals,
  selectsOperation,
} from '#domain';
import { MICRO } from '#limits';

/** What one request of an operation counts into one meter. */
export interface MeteredQuantity {
  readonly meter: string;
  readonly quantity: DecimalString;
  /** The same in millionths of a unit, rounded up: what quotas reckon with. */
  readonly micro: number;
  /** Meter and cost as the receipt shows them: `"requests";cost=1` (RFC 9651). */
  readonly receipt: string;
}

/** What one request of an operation counts; made once for each operation and product. */
export interface Metering {
  readonly quantities: Readonly<Record<string, DecimalString>>;
  readonly perMeter: readonly MeteredQuantity[];
}

export interface MeterDefinition {
  readonly slug: string;
  readonly bindings: readonly MeterBinding[];
}

/** Numbers that RFC 9651 allows as decimals; others are written as strings. */
const RECEIPT_NUMBER = /^\d{1,12}(\.\d{1,3})?$/;

/** The first binding of each meter that matches the operation gives its weight; weight 0 counts nothing. */
export function meterOperation(meters: readonly MeterDefinition[], operation: Route): Metering {
  const perMeter = meters.flatMap(({ slug, bindings }): MeteredQuantity[] => {
    const binding = bindings.find(({ selector }) => selectsOperation(selector, operation));
    if (!binding || compareDecimals(binding.weight, '0') === 0) return [];
    const quantity = binding.weight;
    const cost = RECEIPT_NUMBER.test(quantity) ? quantity : `"${quantity}"`;
    const micro = Math.ceil(Number(multiplyDecimals(quantity, String(MICRO))));
    return [{ meter: slug, quantity, micro, receipt: `"${slug}";cost=${cost}` }];
  });
  return { perMeter, quantities: Object.fromEntries(perMeter.map(({ meter, quantity }) => [meter, quantity])) };
}
