/** What a chart stacks: one kind of thing, counted in each bucket. */
export interface ChartBand {
  readonly key: string;
  readonly label: string;
  /** The custom property that has its colour. */
  readonly color: string;
  readonly counts: readonly number[];
}

/** Bands over the same buckets, from the bottom of a bar to its top. */
export interface ChartColumns {
  /** The instant at which each bucket begins, in seconds. */
  readonly atSeconds: readonly number[];
  readonly bands: readonly ChartBand[];
  /** The sum of each bucket one range earlier, where that is compared. */
  readonly previous?: readonly number[] | undefined;
}

/** Each column is the height of the bars up to and including its band; the tallest first, as they are painted. */
export function stackedColumns({ atSeconds, bands }: ChartColumns): readonly number[][] {
  const heights = atSeconds.map(() => 0);
  const stacked = bands.map(({ counts }) => {
    counts.forEach((count, index) => (heights[index] = (heights[index] ?? 0) + count));
    return [...heights];
  });
  return stacked.toReversed();
}

/** The whole chart in a sentence, for those who do not see it. */
export function chartSummary({ bands }: ChartColumns, units: string): string {
  const sums = bands.map(({ label, counts }) => ({ label, sum: counts.reduce((total, count) => total + count, 0) }));
  const total = sums.reduce((all, { sum }) => all + sum, 0);
  if (total === 0) return `No ${units} in this time.`;
  const number = (count: number) => count.toLocaleString('en-US');
  return `${number(total)} ${units}. ${sums.map(({ label, sum }) => `${label}: ${number(sum)}`).join(', ')}.`;
}
