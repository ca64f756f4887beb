import type { CSSProperties, ReactNode } from 'react';
import { bucketLabel } from './axis-labels.js';
import type { PointedAt } from './pointed-at.js';
import classes from './traffic-chart.module.css';

interface ChartTooltipProps {
  readonly atSeconds: readonly number[];
  readonly stepSeconds: number;
  readonly pointedAt: PointedAt;
  /** How wide the axis is that stands left of the plot. */
  readonly inset: number;
  /** Rows of class `tooltipRow`. */
  readonly children: ReactNode;
}

/** The numbers of the span under the pointer, on the side of it that has room; over the middle of a chart that is narrow. */
export function ChartTooltip({ atSeconds, stepSeconds, pointedAt, inset, children }: ChartTooltipProps) {
  const { index, left } = pointedAt;
  const at = atSeconds[index];
  if (at === undefined) return null;
  const isRight = index > atSeconds.length / 2;
  const place = { '--at': `${left + inset}px`, '--shift': isRight ? 'calc(-100% - 16px)' : '16px' };
  return (
    <div className={classes.tooltip} style={place as CSSProperties}>
      <strong>{bucketLabel(at, stepSeconds)}</strong>
      {children}
    </div>
  );
}
