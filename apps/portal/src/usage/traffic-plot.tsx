import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { formatCompact } from '../format/number.js';
import { axisLabel } from './axis-labels.js';
import { type ChartColumns, stackedColumns } from './chart-bands.js';
import { TrafficTooltip } from './traffic-tooltip.js';

interface TrafficPlotProps {
  readonly columns: ChartColumns;
  readonly stepSeconds: number;
  readonly height: number;
}

export interface PointedAt {
  readonly index: number;
  readonly left: number;
}

/** The bars themselves. In a module of its own so that uPlot loads only where a chart is shown. */
export function TrafficPlot({ columns, stepSeconds, height }: TrafficPlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointedAt, setPointedAt] = useState<PointedAt | null>(null);
  const data = plotData(columns, stepSeconds);
  const firstData = useRef(data);
  const bandColors = useRef(columns.bands.map(({ color }) => color));
  const hasPrevious = columns.previous !== undefined;

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const made = new uPlot(
      plotOptions({
        stepSeconds,
        height,
        width: element.clientWidth,
        colors: colorsOf(element, bandColors.current, hasPrevious),
        onPoint: setPointedAt,
      }),
      firstData.current,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [stepSeconds, height, hasPrevious]);

  useEffect(() => {
    plot.current?.setData(data);
  });

  return (
    <div ref={holder} style={{ position: 'relative', height }} aria-hidden>
      {pointedAt && <TrafficTooltip columns={columns} stepSeconds={stepSeconds} pointedAt={pointedAt} />}
    </div>
  );
}

/** Bars are centred on their x, so each stands at the middle of its bucket. */
function plotData(columns: ChartColumns, stepSeconds: number): uPlot.AlignedData {
  const previous = columns.previous ? [[...columns.previous]] : [];
  return [columns.atSeconds.map((at) => at + stepSeconds / 2), ...stackedColumns(columns), ...previous];
}

interface Colors {
  readonly text: string;
  readonly line: string;
  readonly bands: readonly string[];
  /** Null when nothing is compared. */
  readonly previous: string | null;
}

function colorsOf(element: HTMLElement, bandColors: readonly string[], hasPrevious: boolean): Colors {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: color('--mantine-color-dimmed'),
    line: color('--tg-line'),
    bands: bandColors.map(color).toReversed(),
    previous: hasPrevious ? color('--mantine-color-text') : null,
  };
}

interface PlotOptions {
  readonly stepSeconds: number;
  readonly height: number;
  readonly width: number;
  readonly colors: Colors;
  readonly onPoint: (pointedAt: PointedAt | null) => void;
}

function plotOptions({ stepSeconds, height, width, colors, onPoint }: PlotOptions): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.72, 36], radius: 0.12 });
  const axis = { stroke: colors.text, font: "12px 'Inter Variable', sans-serif", ticks: { show: false } };
  const zone = stepSeconds >= 86_400 ? 'UTC' : undefined;
  return {
    width,
    height,
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, x: false, points: { show: false }, drag: { x: false, y: false } },
    ...(zone ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    scales: {
      x: { range: (_, first, last) => [first - stepSeconds / 2, last + stepSeconds / 2] },
      y: { range: (_, _lowest, highest) => [0, Math.max(4, highest * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 72,
        values: (_, ticks, _index, _space, increment) => ticks.map((at) => axisLabel(at, increment, zone)),
      },
      {
        ...axis,
        size: 48,
        grid: { stroke: colors.line, width: 1 },
        incrs: wholeIncrements,
        values: (_, ticks) => ticks.map(formatCompact),
      },
    ],
    series: [
      {},
      ...colors.bands.map((fill) => ({ fill, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) })),
      ...(colors.previous ? [{ stroke: colors.previous, width: 1.5, dash: [5, 4], points: { show: false } }] : []),
    ],
    hooks: {
      setCursor: [(plot) => onPoint(pointedAtOf(plot))],
    },
  };
}

/** Ticks at whole numbers only: half a request is none. */
const wholeIncrements = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

function pointedAtOf({ cursor: { idx, left = -1 } }: uPlot): PointedAt | null {
  return typeof idx === 'number' && left >= 0 ? { index: idx, left } : null;
}
