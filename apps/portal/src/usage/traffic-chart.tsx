import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { UsageRange } from '../api/usage.js';
import { type ChartColumns, chartSummary } from './chart-bands.js';
import { NumbersTable } from './numbers-table.js';
import classes from './traffic-chart.module.css';

const TrafficPlot = lazy(async () => ({ default: (await import('./traffic-plot.js')).TrafficPlot }));
const stepSeconds = { quarter: 900, hour: 3600, day: 86_400 } as const;

interface TrafficChartProps {
  readonly columns: ChartColumns;
  readonly bucket: UsageRange['bucket'];
  /** The meter's units, in the plural. */
  readonly units: string;
  readonly height?: number;
}

/** Usage over time in stacked bars; the same numbers as a table on demand. */
export function TrafficChart({ columns, bucket, units, height = 240 }: TrafficChartProps) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const step = stepSeconds[bucket];
  const isEmpty = columns.bands.every(({ counts }) => counts.every((count) => !count));
  // A canvas takes its colours and its series when it is made.
  const made = `${scheme} ${step} ${columns.bands.map(({ color }) => color).join(' ')} ${columns.previous !== undefined}`;
  return (
    <figure className={classes.chart}>
      <div role="img" aria-label={chartSummary(columns, units)} className={classes.plot}>
        {isEmpty && <p className={classes.empty}>No calls in this time. They show here within seconds.</p>}
        <Suspense fallback={<Skeleton h={height} />}>
          <TrafficPlot key={made} columns={columns} stepSeconds={step} height={height} />
        </Suspense>
      </div>
      <figcaption className={classes.legend}>
        {columns.bands.map(({ key, label, color }) => (
          <span key={key}>
            <i style={{ background: `var(${color})` }} />
            {label}
          </span>
        ))}
        {columns.previous && (
          <span>
            <i className={classes.previous} />
            Before, in all
          </span>
        )}
      </figcaption>
      <NumbersTable title={units} stepSeconds={step} {...numbersOf(columns)} />
    </figure>
  );
}

function numbersOf({ atSeconds, bands, previous }: ChartColumns) {
  const columns = previous ? [...bands, { key: 'previous', label: 'Before, in all', counts: previous }] : bands;
  const rows = atSeconds
    .map((at, index) => ({ at, counts: columns.map(({ counts }) => counts[index] ?? 0) }))
    .filter(({ counts }) => counts.some((count) => count > 0));
  return {
    columns,
    rows: rows.map(({ at, counts }) => ({ at, cells: counts.map((count) => count.toLocaleString('en-US')) })),
  };
}
