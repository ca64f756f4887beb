import type { RefusedCalls } from '../api/types.js';
import type { ChartColumns } from '../usage/chart-bands.js';
import { bucketsOf } from '../usage/series.js';
import { refusalWords } from './refusal-words.js';

/** Codes that have a colour of their own, none of which stands for success elsewhere; all others are one. */
const COLORS = [2, 5, 3, 6, 8, 4].map((number) => `--tg-chart-${number}`);

/** Refused calls over time, those of the most frequent codes apart; empty spans included, so that a quiet hour shows as quiet. */
export function refusedChart({ from, to, bucket, buckets }: RefusedCalls): ChartColumns {
  const { stepMs, firstMs, count } = bucketsOf({ fromMs: Date.parse(from), toMs: Date.parse(to), bucket });
  const sums = new Map<string, number>();
  for (const { code, calls } of buckets) sums.set(code, (sums.get(code) ?? 0) + calls);
  const codes = [...sums.keys()].toSorted((left, right) => sums.get(right)! - sums.get(left)!);
  const shown = codes.slice(0, COLORS.length);
  const countsOf = (isIn: (code: string) => boolean) => {
    const counts = Array.from({ length: count }, () => 0);
    for (const { at, code, calls } of buckets) {
      const index = Math.floor((Date.parse(at) - firstMs) / stepMs);
      if (isIn(code) && index >= 0 && index < count) counts[index]! += calls;
    }
    return counts;
  };
  const bands = shown.map((code, index) => ({
    key: code,
    label: refusalWords(code).title,
    color: COLORS[index]!,
    counts: countsOf((one) => one === code),
  }));
  const others = { key: 'others', label: 'All others', color: '--tg-chart-others' };
  return {
    atSeconds: Array.from({ length: count }, (_, index) => (firstMs + index * stepMs) / 1000),
    bands:
      codes.length > COLORS.length ? [...bands, { ...others, counts: countsOf((one) => !shown.includes(one)) }] : bands,
  };
}
