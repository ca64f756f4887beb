import { useState } from 'react';
import { type PointedAt, pointedAtOf } from '../usage/pointed-at.js';
import { plotOver, usePlot } from '../usage/use-plot.js';
import type { ChartLines } from './chart-lines.js';
import { LineTooltip } from './line-tooltip.js';

const AXIS_WIDTH = 62;

interface LinePlotProps {
  readonly chart: ChartLines;
  readonly stepSeconds: number;
  readonly format: (value: number) => string;
  readonly height: number;
}

/** The lines themselves. In a module of its own so that uPlot loads only where a chart is shown. */
export function LinePlot({ chart, stepSeconds, format, height }: LinePlotProps) {
  const [pointedAt, setPointedAt] = useState<PointedAt | null>(null);
  const { atSeconds, lines } = chart;
  const holder = usePlot([[...atSeconds], ...lines.map(({ values }) => [...values])], height, (color) => ({
    ...plotOver(stepSeconds, color, { size: AXIS_WIDTH, values: (_, ticks) => ticks.map(format) }),
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: (_, _lowest, highest) => [0, highest > 0 ? highest * 1.1 : 1] } },
    // A point shows a span between others without calls.
    series: [
      {},
      ...lines
        .map((line) => color(line.color))
        .map((stroke) => ({ stroke, width: 2, points: { show: true, size: 5, fill: stroke } })),
    ],
    hooks: { setCursor: [(plot) => setPointedAt(pointedAtOf(plot))] },
  }));
  return (
    <div ref={holder} style={{ position: 'relative', height }} aria-hidden>
      {pointedAt && (
        <LineTooltip chart={chart} stepSeconds={stepSeconds} format={format} pointedAt={pointedAt} inset={AXIS_WIDTH} />
      )}
    </div>
  );
}
