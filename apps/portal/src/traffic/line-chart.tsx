import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { NumbersTable } from '../usage/numbers-table.js';
import classes from '../usage/traffic-chart.module.css';
import type { ChartLines } from './chart-lines.js';

const LinePlot = lazy(async () => ({ default: (await import('./line-plot.js')).LinePlot }));

interface LineChartProps {
  readonly chart: ChartLines;
  readonly stepSeconds: number;
  /** What the lines show: "Latency". */
  readonly title: string;
  readonly format: (value: number) => string;
  readonly height?: number;
}

/** Lines over time, with a sentence for those who do not see them and the numbers as a table on demand. */
export function LineChart({ chart, stepSeconds, title, format, height = 240 }: LineChartProps) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const isEmpty = chart.lines.every(({ values }) => values.every((value) => value === null));
  // A canvas takes its colours and its series when it is made.
  const made = `${scheme} ${stepSeconds} ${chart.lines.map(({ key, color }) => `${key} ${color}`).join(' ')}`;
  return (
    <figure className={classes.chart}>
      <div role="img" aria-label={summaryOf(chart, title, format)} className={classes.plot}>
        {isEmpty && <p className={classes.empty}>No calls in this time. They show here within seconds.</p>}
        <Suspense fallback={<Skeleton h={height} />}>
          <LinePlot key={made} chart={chart} stepSeconds={stepSeconds} format={format} height={height} />
        </Suspense>
      </div>
      <figcaption className={classes.legend}>
        {chart.lines.map(({ key, label, color }) => (
          <span key={key}>
            <i style={{ background: `var(${color})` }} />
            {label}
          </span>
        ))}
      </figcaption>
      <NumbersTable title={title} stepSeconds={stepSeconds} {...numbersOf(chart, format)} />
    </figure>
  );
}

function numbersOf({ atSeconds, lines }: ChartLines, format: (value: number) => string) {
  const rows = atSeconds
    .map((at, index) => ({ at, values: lines.map(({ values }) => values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null));
  return {
    columns: lines,
    rows: rows.map(({ at, values }) => ({ at, cells: values.map((value) => (value === null ? '–' : format(value))) })),
  };
}

function summaryOf({ lines }: ChartLines, title: string, format: (value: number) => string): string {
  const parts = lines.flatMap(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? [] : `${label}: ${format(Math.min(...known))} to ${format(Math.max(...known))}`;
  });
  return parts.length === 0 ? `${title}: no calls in this time.` : `${title}. ${parts.join(', ')}.`;
}
