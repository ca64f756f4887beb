import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { UsageSeries } from '../api/usage.js';
import { bucketLabel } from './axis-labels.js';
import { trafficColumns, type TrafficColumns } from './series.js';
import classes from './traffic-chart.module.css';
import { trafficKinds, trafficSummary } from './traffic-kinds.js';

const TrafficPlot = lazy(async () => ({ default: (await import('./traffic-plot.js')).TrafficPlot }));
const stepSeconds = { quarter: 900, hour: 3600, day: 86_400 } as const;

interface TrafficChartProps {
  readonly series: UsageSeries;
  readonly meter: string;
  /** The meter's units, in the plural. */
  readonly units: string;
  readonly height?: number;
}

/** Traffic over time by kind of answer; the same numbers as a table on demand. */
export function TrafficChart({ series, meter, units, height = 240 }: TrafficChartProps) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const columns = trafficColumns(series, meter);
  const step = stepSeconds[series.bucket];
  const isEmpty = trafficKinds.every(({ key }) => columns[key].every((count) => !count));
  return (
    <figure className={classes.chart}>
      <div role="img" aria-label={trafficSummary(columns, units)} className={classes.plot}>
        {isEmpty && <p className={classes.empty}>No calls in this time. They show here within seconds.</p>}
        <Suspense fallback={<Skeleton h={height} />}>
          {/* A canvas takes its colours when it is made. */}
          <TrafficPlot key={scheme} columns={columns} stepSeconds={step} height={height} />
        </Suspense>
      </div>
      <figcaption className={classes.legend}>
        {trafficKinds.map(({ key, label, color }) => (
          <span key={key}>
            <i style={{ background: `var(${color})` }} />
            {label}
          </span>
        ))}
      </figcaption>
      <details className={classes.numbers}>
        <summary>Show the numbers</summary>
        <NumbersTable columns={columns} stepSeconds={step} units={units} />
      </details>
    </figure>
  );
}

interface NumbersTableProps {
  readonly columns: TrafficColumns;
  readonly stepSeconds: number;
  readonly units: string;
}

function NumbersTable({ columns, stepSeconds: step, units }: NumbersTableProps) {
  const rows = columns.atSeconds
    .map((at, index) => ({ at, counts: trafficKinds.map(({ key }) => columns[key][index] ?? 0) }))
    .filter(({ counts }) => counts.some((count) => count > 0))
    .toReversed();
  return (
    <div className={classes.rows} tabIndex={0} role="region" aria-label={`Numbers of ${units}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {trafficKinds.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, counts }) => (
            <tr key={at}>
              <th scope="row">{bucketLabel(at, step)}</th>
              {counts.map((count, index) => (
                <td key={trafficKinds[index]?.key}>{count.toLocaleString('en-US')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
