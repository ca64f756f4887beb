import {
  DEFAULT_COST_HEADER,
  type DecimalString,
  type DistinctValue,
  GREATEST_MAXIMUM,
  type JsonPointer,
  type MeterBinding,
  type MeterValueSource,
  type Route,
  bytesWithin,
  compareDecimals,
  defaultMaximums,
  multiplyDecimals,
  readJsonPointer,
  selectsOperation,
} from '#domain';
import { type DistinctValueRule, distinctValueRules } from './distinct-values.js';
import { microOf } from './micro.js';

/** What one request of an operation counts into one meter. */
export interface MeteredQuantity {
  readonly meter: string;
  /** Exact; or, where each call has a number of its own, the most that it may count. */
  readonly quantity: DecimalString;
  /** The same in millionths of a unit, rounded up: what quotas reckon with. */
  readonly micro: number;
  /** Meter and cost as the receipt shows them: `"requests";cost=1` (RFC 9651); empty where each call has its own. */
  readonly receipt: string;
  /** Null when every call counts the same. */
  readonly value: ValueRule | null;
}

/** How the units of a call are found. */
export interface ValueRule {
  readonly from: MeterValueSource;
  /** In lower case; null when no header says it. */
  readonly header: string | null;
  readonly pointer: JsonPointer | null;
  /** What each unit of the value counts. */
  readonly weight: DecimalString;
}

/** What one request of an operation counts; made once for each operation and product. */
export interface Metering {
  /** Of a call that counts the same as every other. */
  readonly quantities: Readonly<Record<string, DecimalString>>;
  readonly perMeter: readonly MeteredQuantity[];
  /** Some meter's quantity depends on the call. */
  readonly hasValues: boolean;
  /** What its calls add to meters that count different values. */
  readonly distinctValues: readonly DistinctValueRule[];
  /** The longest body of a request that what is reserved pays for; Infinity when bytes are not metered. */
  readonly maxRequestBytes: number;
  /** The same of an answer. */
  readonly maxResponseBytes: number;
}

export interface MeterDefinition {
  readonly slug: string;
  readonly bindings: readonly MeterBinding[];
  readonly distinctValue?: DistinctValue | null;
}

/** The first binding of each meter that matches the operation gives its weight; weight 0 counts nothing. */
export function meterOperation(meters: readonly MeterDefinition[], operation: Route): Metering {
  const perMeter = meters.flatMap(({ slug, bindings }): MeteredQuantity[] => {
    const binding = bindings.find(({ selector }) => selectsOperation(selector, operation));
    if (!binding || compareDecimals(binding.weight, '0') === 0) return [];
    if (binding.value) return [measured(slug, binding)];
    const quantity = binding.weight;
    return [{ meter: slug, quantity, micro: microOf(quantity), receipt: receiptOf(slug, quantity), value: null }];
  });
  return {
    perMeter,
    quantities: Object.fromEntries(perMeter.map(({ meter, quantity }) => [meter, quantity])),
    hasValues: perMeter.some(({ value }) => value !== null),
    distinctValues: meters.flatMap(({ slug, distinctValue }) =>
      distinctValue && perMeter.some(({ meter }) => meter === slug) ? distinctValueRules(slug, distinctValue) : [],
    ),
    maxRequestBytes: mostBytes(perMeter, 'request_bytes'),
    maxResponseBytes: mostBytes(perMeter, 'response_bytes'),
  };
}

/** Numbers that RFC 9651 allows as decimals; others are written as strings. */
const RECEIPT_NUMBER = /^\d{1,12}(\.\d{1,3})?$/;

/** A number as a parameter of a structured field. */
export function receiptNumber(quantity: DecimalString): string {
  return RECEIPT_NUMBER.test(quantity) ? quantity : `"${quantity}"`;
}

export function receiptOf(meter: string, quantity: DecimalString): string {
  return `"${meter}";cost=${receiptNumber(quantity)}`;
}

function measured(meter: string, { weight, value }: MeterBinding): MeteredQuantity {
  const { from } = value!;
  const maximum = value!.from === 'seconds' ? undefined : value!.maximum;
  const declared = maximum ?? multiplyDecimals(defaultMaximums[from], weight);
  const quantity = compareDecimals(declared, String(GREATEST_MAXIMUM)) > 0 ? String(GREATEST_MAXIMUM) : declared;
  const hasHeader = value!.from === 'response_header' || value!.from === 'response_json';
  return {
    meter,
    quantity,
    micro: microOf(quantity),
    receipt: '',
    value: {
      from,
      header: hasHeader ? (value!.header ?? DEFAULT_COST_HEADER).toLowerCase() : null,
      pointer: value!.from === 'response_json' ? readJsonPointer(value!.pointer) : null,
      weight,
    },
  };
}

/** Bytes whose units fit into the reserve of every meter that counts them. */
function mostBytes(perMeter: readonly MeteredQuantity[], from: MeterValueSource): number {
  const limits = perMeter.flatMap(({ quantity, value }) =>
    value?.from === from ? [bytesWithin(quantity, value.weight)] : [],
  );
  return Math.min(Infinity, ...limits);
}
