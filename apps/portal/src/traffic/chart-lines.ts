import type { Traffic } from '../api/types.js';

/** A line of a chart: a number in each span, or null where there were no calls. */
export interface ChartLine {
  readonly key: string;
  readonly label: string;
  /** The custom property that has its colour. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

export interface ChartLines {
  /** Where each span begins, in seconds. */
  readonly atSeconds: readonly number[];
  readonly lines: readonly ChartLine[];
}

const stepMs = { minute: 60_000, quarter: 900_000, hour: 3_600_000, day: 86_400_000 } as const;
export type TrafficBucketSize = keyof typeof stepMs;

export function stepSecondsOf(bucket: TrafficBucketSize): number {
  return stepMs[bucket] / 1_000;
}

/** Lines over all spans of the traffic, empty ones included; each reads its number from the buckets that it is of, and null from others. */
export function linesOf(
  { from, to, buckets }: Pick<Traffic, 'from' | 'to' | 'buckets'>,
  bucket: TrafficBucketSize,
  lines: readonly (Omit<ChartLine, 'values'> & {
    readonly value: (bucket: Traffic['buckets'][number]) => number | null;
  })[],
): ChartLines {
  const step = stepMs[bucket];
  const firstMs = Math.floor(Date.parse(from) / step) * step;
  const count = Math.max(1, Math.ceil((Date.parse(to) - firstMs) / step));
  const made = lines.map(({ value, ...line }) => {
    const values = Array.from({ length: count }, (): number | null => null);
    for (const one of buckets) {
      const index = Math.floor((Date.parse(one.at) - firstMs) / step);
      const number = value(one);
      if (number !== null && index >= 0 && index < count) values[index] = number;
    }
    return { ...line, values };
  });
  return { atSeconds: Array.from({ length: count }, (_, index) => (firstMs + index * step) / 1_000), lines: made };
}
