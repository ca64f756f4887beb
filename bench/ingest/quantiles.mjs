/** Median, 95th percentile and largest of numbers. */
export function quantiles(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}
