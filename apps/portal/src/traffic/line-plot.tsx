import { plotOver, usePlot } from '../usage/use-plot.js';
import type { ChartLines } from './chart-lines.js';

interface LinePlotProps {
  readonly chart: ChartLines;
  readonly stepSeconds: number;
  readonly format: (value: number) => string;
  readonly height: number;
}

/** The lines themselves. In a module of its own so that uPlot loads only where a chart is shown. */
export function LinePlot({ chart: { atSeconds, lines }, stepSeconds, format, height }: LinePlotProps) {
  const holder = usePlot([[...atSeconds], ...lines.map(({ values }) => [...values])], height, (color) => ({
    ...plotOver(stepSeconds, color, { size: 62, values: (_, ticks) => ticks.map(format) }),
    cursor: { show: false },
    scales: { y: { range: (_, _lowest, highest) => [0, highest > 0 ? highest * 1.1 : 1] } },
    // A point shows a span between others without calls.
    series: [
      {},
      ...lines
        .map((line) => color(line.color))
        .map((stroke) => ({ stroke, width: 2, points: { show: true, size: 5, fill: stroke } })),
    ],
  }));
  return <div ref={holder} style={{ position: 'relative', height }} aria-hidden />;
}
