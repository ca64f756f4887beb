import type uPlot from 'uplot';

/** Where the pointer is in a plot: over which of its spans, and how far from its left edge. */
export interface PointedAt {
  readonly index: number;
  readonly left: number;
}

/** Null while the pointer is elsewhere. */
export function pointedAtOf({ cursor: { idx, left = -1 } }: uPlot): PointedAt | null {
  return typeof idx === 'number' && left >= 0 ? { index: idx, left } : null;
}
