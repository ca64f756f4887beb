import 'uplot/dist/uPlot.min.css';
import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { axisLabel } from './axis-labels.js';

/** What a plot is made with, but for its size; `color` reads a colour of the theme by its name. */
export type PlotOptionsOf = (color: (name: string) => string) => Omit<uPlot.Options, 'width' | 'height'>;

/**
 * Draws a plot into the element that takes the result: as wide as that is, with the newest data. The options hold from the first time on; a
 * plot with others is another component, told apart by its key.
 */
export function usePlot(
  data: uPlot.AlignedData,
  height: number,
  optionsOf: PlotOptionsOf,
): RefObject<HTMLDivElement | null> {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const first = useRef({ data, optionsOf });

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const style = getComputedStyle(element);
    const options = first.current.optionsOf((name) => style.getPropertyValue(name).trim());
    const made = new uPlot({ ...options, width: element.clientWidth, height }, first.current.data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [height]);

  useEffect(() => {
    plot.current?.setData(data);
  });

  return holder;
}

/** What all our plots have: no legend of their own, days in UTC, and an axis of time below. `upwards` is the other axis. */
export function plotOver(
  stepSeconds: number,
  color: (name: string) => string,
  upwards: uPlot.Axis,
): Pick<uPlot.Options, 'padding' | 'legend' | 'tzDate' | 'axes'> {
  const axis = {
    stroke: color('--mantine-color-dimmed'),
    font: "12px 'Inter Variable', sans-serif",
    ticks: { show: false },
  };
  const zone = stepSeconds >= 86_400 ? 'UTC' : undefined;
  return {
    padding: [12, 20, 0, 0],
    legend: { show: false },
    ...(zone ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    axes: [
      {
        ...axis,
        grid: { show: false },
        // Below the lowest number of the other axis, which stands beside its start.
        gap: 10,
        size: 36,
        space: 72,
        values: (_, ticks, _index, _space, increment) => ticks.map((at) => axisLabel(at, increment, zone)),
      },
      { ...axis, grid: { stroke: color('--tg-line'), width: 1 }, ...upwards },
    ],
  };
}
