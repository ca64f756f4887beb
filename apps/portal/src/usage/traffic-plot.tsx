import { useState } from 'react';
import uPlot from 'uplot';
import { formatCompact } from '../format/number.js';
import { type ChartColumns, stackedColumns } from './chart-bands.js';
import { type PointedAt, pointedAtOf } from './pointed-at.js';
import { TrafficTooltip } from './traffic-tooltip.js';
import { plotOver, usePlot } from './use-plot.js';

const AXIS_WIDTH = 48;

interface TrafficPlotProps {
  readonly columns: ChartColumns;
  readonly stepSeconds: number;
  readonly height: number;
}

/** The bars themselves. In a module of its own so that uPlot loads only where a chart is shown. */
export function TrafficPlot({ columns, stepSeconds, height }: TrafficPlotProps) {
  const [pointedAt, setPointedAt] = useState<PointedAt | null>(null);
  const holder = usePlot(plotData(columns, stepSeconds), height, (color) => {
    const bars = uPlot.paths.bars?.({ size: [0.72, 36], radius: 0.12 });
    const fills = columns.bands.map((band) => color(band.color)).toReversed();
    const before = { stroke: color('--mantine-color-text'), width: 1.5, dash: [5, 4], points: { show: false } };
    return {
      ...plotOver(stepSeconds, color, {
        size: AXIS_WIDTH,
        incrs: wholeIncrements,
        values: (_, ticks) => ticks.map(formatCompact),
      }),
      cursor: { y: false, x: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { range: (_, first, last) => [first - stepSeconds / 2, last + stepSeconds / 2] },
        y: { range: (_, _lowest, highest) => [0, Math.max(4, highest * 1.1)] },
      },
      series: [
        {},
        ...fills.map((fill) => ({ fill, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) })),
        ...(columns.previous ? [before] : []),
      ],
      hooks: { setCursor: [(plot) => setPointedAt(pointedAtOf(plot))] },
    };
  });

  return (
    <div ref={holder} style={{ position: 'relative', height }} aria-hidden>
      {pointedAt && (
        <TrafficTooltip columns={columns} stepSeconds={stepSeconds} pointedAt={pointedAt} inset={AXIS_WIDTH} />
      )}
    </div>
  );
}

/** Bars are centred on their x, so each stands at the middle of its bucket. */
function plotData(columns: ChartColumns, stepSeconds: number): uPlot.AlignedData {
  const previous = columns.previous ? [[...columns.previous]] : [];
  return [columns.atSeconds.map((at) => at + stepSeconds / 2), ...stackedColumns(columns), ...previous];
}

/** Ticks at whole numbers only: half a request is none. */
const wholeIncrements = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
