import type { PlanPreview } from '../api/types.js';

type Point = PlanPreview['meters'][number]['curve'][number];

/** A drawing of so many units across and down, with the origin at the top left. */
export interface GraphSize {
  readonly width: number;
  readonly height: number;
}

export interface GraphLine {
  /** The `d` of an SVG path. */
  readonly path: string;
  readonly mostQuantity: string;
  readonly mostMinor: bigint;
  readonly at: (point: Point) => { readonly x: number; readonly y: number };
}

/** The line through the points, from nothing at the bottom left to the greatest quantity and amount. Only for drawing. */
export function graphLine(points: readonly Point[], { width, height }: GraphSize): GraphLine {
  const most = points.reduce((greatest, { quantity }) => Math.max(greatest, Number(quantity)), 0);
  const mostMinor = points.reduce((greatest, { amountMinor }) => {
    const amount = BigInt(amountMinor);
    return amount > greatest ? amount : greatest;
  }, 0n);
  const at = ({ quantity, amountMinor }: Point) => ({
    x: most === 0 ? 0 : (Number(quantity) / most) * width,
    y: mostMinor === 0n ? height : height - (Number(amountMinor) / Number(mostMinor)) * height,
  });
  const path = points
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${rounded(at(point).x)} ${rounded(at(point).y)}`)
    .join('');
  return { path, mostQuantity: points.at(-1)?.quantity ?? '0', mostMinor, at };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
