import type { ProductUsageGrouping, UsageGroupBucket, UsageGrouping } from '../api/types.js';
import type { UsageBreakdown } from '../api/usage.js';
import type { ChartBand, ChartColumns } from './chart-bands.js';
import { bucketsOf, sumOfDecimals } from './series.js';

const OTHERS = 'others';
const statusBands: Readonly<Record<string, { readonly label: string; readonly color: string }>> = {
  1: { label: 'Connections (1xx)', color: '--tg-chart-6' },
  2: { label: 'Succeeded (2xx)', color: '--tg-chart-ok' },
  3: { label: 'Redirects (3xx)', color: '--tg-chart-8' },
  4: { label: 'Client errors (4xx)', color: '--tg-chart-client' },
  5: { label: 'Server errors (5xx)', color: '--tg-chart-server' },
};

/** A group as the explorer names and paints it. Its key is the id, or "others" for all that have no group of their own. */
export interface BreakdownGroup {
  readonly key: string;
  readonly label: string;
  readonly color: string;
}

/** The groups that have usage of the meter, the busiest first, all others last. Classes of status are in their order. */
export function groupsOf(
  breakdown: UsageBreakdown,
  grouping: UsageGrouping | ProductUsageGrouping,
  meter: string,
): BreakdownGroup[] {
  const events = new Map<string, number>();
  for (const bucket of breakdown.buckets) {
    if (bucket.meter !== meter) continue;
    const key = bucket.group ?? OTHERS;
    events.set(key, (events.get(key) ?? 0) + bucket.eventCount);
  }
  const named = breakdown.groups.filter(({ id }) => events.has(id));
  const sorted = named.toSorted((left, right) =>
    grouping === 'status' ? Number(left.id) - Number(right.id) : events.get(right.id)! - events.get(left.id)!,
  );
  const groups = sorted.map(({ id, label }, index) => {
    const status = grouping === 'status' ? statusBands[id] : undefined;
    return { key: id, label: status?.label ?? label, color: status?.color ?? `--tg-chart-${(index % 8) + 1}` };
  });
  return events.has(OTHERS) ? [...groups, { key: OTHERS, label: 'All others', color: '--tg-chart-others' }] : groups;
}

/**
 * One meter's quantities by group over the whole range, empty buckets included; with the sums of `previous`, which is one
 * range earlier. Quantities become numbers here: they are drawn, not billed.
 */
export function breakdownChart(
  breakdown: UsageBreakdown,
  groups: readonly BreakdownGroup[],
  meter: string,
  previous: UsageBreakdown | undefined,
): ChartColumns {
  const { stepMs, firstMs, count } = bucketsOf(breakdown);
  const column = (of: UsageBreakdown, startMs: number, isIn: (bucket: UsageGroupBucket) => boolean) => {
    const counts = Array.from({ length: count }, () => 0);
    for (const bucket of of.buckets) {
      if (bucket.meter !== meter || !isIn(bucket)) continue;
      const index = Math.floor((Date.parse(bucket.at) - startMs) / stepMs);
      if (index >= 0 && index < count) counts[index]! += Number(bucket.quantity);
    }
    return counts;
  };
  const bands: ChartBand[] = groups.map((group) => ({
    ...group,
    counts: column(breakdown, firstMs, (bucket) => (bucket.group ?? OTHERS) === group.key),
  }));
  return {
    atSeconds: Array.from({ length: count }, (_, index) => (firstMs + index * stepMs) / 1000),
    bands,
    previous: previous && column(previous, bucketsOf(previous).firstMs, () => true),
  };
}

/** What was used in all, or by a group; exact decimals. */
export interface BreakdownTotal {
  readonly quantity: string;
  readonly billableQuantity: string;
  readonly failedQuantity: string;
}

/** The totals of a meter, of one group by its key or of all. */
export function totalOf(buckets: readonly UsageGroupBucket[], meter: string, key?: string): BreakdownTotal {
  const own = buckets.filter(
    (bucket) => bucket.meter === meter && (key === undefined || (bucket.group ?? OTHERS) === key),
  );
  return {
    quantity: sumOfDecimals(own.map(({ quantity }) => quantity)),
    billableQuantity: sumOfDecimals(own.map(({ billableQuantity }) => billableQuantity)),
    failedQuantity: sumOfDecimals(own.map(({ failedQuantity }) => failedQuantity)),
  };
}

/** "+12%", "−3.5%", "no change": how a quantity differs from the one before; "new" where there was none. */
export function changeWords(quantity: string, before: string): string {
  const [now, then] = [Number(quantity), Number(before)];
  if (now === then) return 'no change';
  if (then === 0) return 'new';
  const percent = ((now - then) / then) * 100;
  const size = Math.abs(percent);
  const text =
    size < 1 ? '<1' : size < 10 ? size.toFixed(1).replace(/\.0$/, '') : Math.round(size).toLocaleString('en-US');
  return `${percent < 0 ? '−' : '+'}${text}%`;
}
