import type { UsageBucket } from '../api/types.js';
import type { UsageRange, UsageSeries } from '../api/usage.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const usageRanges = {
  '24h': { label: '24 hours', lengthMs: dayMs, bucket: 'hour' },
  '7d': { label: '7 days', lengthMs: 7 * dayMs, bucket: 'hour' },
  '30d': { label: '30 days', lengthMs: 30 * dayMs, bucket: 'day' },
} as const satisfies Record<string, UsageRange & { readonly label: string }>;

export type UsageRangeName = keyof typeof usageRanges;

export function isUsageRangeName(value: unknown): value is UsageRangeName {
  return typeof value === 'string' && Object.hasOwn(usageRanges, value);
}

const bucketMs = { quarter: 900_000, hour: hourMs, day: dayMs } as const;

/** A column of numbers per kind of answer, and the instant at which each bucket begins, in seconds. */
export interface TrafficColumns {
  readonly atSeconds: readonly number[];
  readonly succeeded: readonly number[];
  readonly clientErrors: readonly number[];
  readonly serverErrors: readonly number[];
}

/** In the place of a meter: calls that have used nothing of any. */
export const NO_METER = '';

/** What is counted, in words. */
export function meterName(meter: string): string {
  return meter === NO_METER ? 'calls without units' : meter;
}

/** The meters that appear, those with the most events first; calls that no meter counts last. */
export function metersIn(buckets: readonly Pick<UsageBucket, 'meter' | 'eventCount'>[]): readonly string[] {
  const events = new Map<string, number>();
  for (const { meter, eventCount } of buckets) events.set(meter, (events.get(meter) ?? 0) + eventCount);
  const meters = [...events].toSorted(([, left], [, right]) => right - left).map(([meter]) => meter);
  return [...meters.filter((meter) => meter !== NO_METER), ...meters.filter((meter) => meter === NO_METER)];
}

/** When the bucket begins that an instant is in. */
export function bucketStartOf(ms: number, bucket: UsageRange['bucket']): number {
  return Math.floor(ms / bucketMs[bucket]) * bucketMs[bucket];
}

/** The buckets of a range: how long each is, when the first begins, and how many there are, one at least. */
export function bucketsOf({ fromMs, toMs, bucket }: Omit<UsageSeries, 'buckets'>): {
  readonly stepMs: number;
  readonly firstMs: number;
  readonly count: number;
} {
  const stepMs = bucketMs[bucket];
  const firstMs = bucketStartOf(fromMs, bucket);
  return { stepMs, firstMs, count: Math.max(1, Math.ceil((toMs - firstMs) / stepMs)) };
}

/**
 * One meter's quantities over the whole range, empty buckets included, so that a silent hour shows as silence.
 * Quantities become numbers here: they are drawn, not billed.
 */
export function trafficColumns(series: UsageSeries, meter: string): TrafficColumns {
  const { stepMs, firstMs, count } = bucketsOf(series);
  const column = () => Array.from({ length: count }, () => 0);
  const [succeeded, clientErrors, serverErrors] = [column(), column(), column()];

  for (const bucket of series.buckets) {
    if (bucket.meter !== meter) continue;
    const index = Math.floor((Date.parse(bucket.at) - firstMs) / stepMs);
    if (index < 0 || index >= count) continue;
    const target = bucket.statusClass === 4 ? clientErrors : bucket.statusClass === 5 ? serverErrors : succeeded;
    target[index] = (target[index] ?? 0) + Number(bucket.quantity);
  }
  const atSeconds = Array.from({ length: count }, (_, index) => (firstMs + index * stepMs) / 1000);
  return { atSeconds, succeeded, clientErrors, serverErrors };
}

export interface MeterTotal {
  readonly meter: string;
  /** Exact where all quantities are whole numbers, which they are but for weights with decimals. */
  readonly quantity: string;
  readonly billableQuantity: string;
  readonly failedQuantity: string;
}

/** Totals of each meter over the range. */
export function meterTotals(buckets: readonly UsageBucket[]): readonly MeterTotal[] {
  return metersIn(buckets).map((meter) => {
    const own = buckets.filter((bucket) => bucket.meter === meter);
    return {
      meter,
      quantity: sumOf(own),
      billableQuantity: sumOf(own.filter(({ billable }) => billable)),
      failedQuantity: sumOf(own.filter(({ statusClass }) => statusClass >= 4)),
    };
  });
}

function sumOf(buckets: readonly UsageBucket[]): string {
  return sumOfDecimals(buckets.map(({ quantity }) => quantity));
}

/** Exact decimals, added as whole numbers of 10⁻¹², so that no digit is lost. */
export function sumOfDecimals(quantities: readonly string[]): string {
  let scaled = 0n;
  for (const quantity of quantities) {
    const [whole = '0', fraction = ''] = quantity.split('.');
    scaled += BigInt(whole + fraction.padEnd(decimalPlaces, '0').slice(0, decimalPlaces));
  }
  const text = scaled.toString().padStart(decimalPlaces + 1, '0');
  return `${text.slice(0, -decimalPlaces)}.${text.slice(-decimalPlaces)}`.replace(/\.?0+$/, '');
}

const decimalPlaces = 12;
