import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { axisLabel } from '../usage/axis-labels.js';
import type { ChartLines } from './chart-lines.js';

interface LinePlotProps {
  readonly chart: ChartLines;
  readonly stepSeconds: number;
  readonly format: (value: number) => string;
  readonly height: number;
}

/** The lines themselves. In a module of its own so that uPlot loads only where a chart is shown. */
export function LinePlot({ chart, stepSeconds, format, height }: LinePlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data: uPlot.AlignedData = [[...chart.atSeconds], ...chart.lines.map(({ values }) => [...values])];
  const first = useRef({ data, format, colors: chart.lines.map(({ color }) => color) });

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const { colors, ...given } = first.current;
    const style = getComputedStyle(element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const options = plotOptions({
      stepSeconds,
      height,
      width: element.clientWidth,
      format: given.format,
      text: color('--mantine-color-dimmed'),
      line: color('--tg-line'),
      strokes: colors.map(color),
    });
    const made = new uPlot(options, given.data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [stepSeconds, height]);

  useEffect(() => {
    plot.current?.setData(data);
  });

  return <div ref={holder} style={{ position: 'relative', height }} aria-hidden />;
}

interface PlotOptions {
  readonly stepSeconds: number;
  readonly height: number;
  readonly width: number;
  readonly format: (value: number) => string;
  readonly text: string;
  readonly line: string;
  readonly strokes: readonly string[];
}

function plotOptions({ stepSeconds, height, width, format, text, line, strokes }: PlotOptions): uPlot.Options {
  const axis = { stroke: text, font: "12px 'Inter Variable', sans-serif", ticks: { show: false } };
  const zone = stepSeconds >= 86_400 ? 'UTC' : undefined;
  return {
    width,
    height,
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    ...(zone ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    scales: { y: { range: (_, _lowest, highest) => [0, highest > 0 ? highest * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 72,
        values: (_, ticks, _index, _space, increment) => ticks.map((at) => axisLabel(at, increment, zone)),
      },
      { ...axis, size: 62, grid: { stroke: line, width: 1 }, values: (_, ticks) => ticks.map(format) },
    ],
    // A point shows a span between others without calls.
    series: [{}, ...strokes.map((stroke) => ({ stroke, width: 2, points: { show: true, size: 5, fill: stroke } }))],
  };
}
