import { bucketLabel } from './axis-labels.js';
import type { ChartColumns } from './chart-bands.js';
import type { PointedAt } from './traffic-plot.js';
import classes from './traffic-chart.module.css';

interface TrafficTooltipProps {
  readonly columns: ChartColumns;
  readonly stepSeconds: number;
  readonly pointedAt: PointedAt;
}

/** The numbers of the bar under the pointer, on the side of it that has room. */
export function TrafficTooltip({ columns, stepSeconds, pointedAt: { index, left } }: TrafficTooltipProps) {
  const at = columns.atSeconds[index];
  if (at === undefined) return null;
  const isRight = index > columns.atSeconds.length / 2;
  return (
    <div
      className={classes.tooltip}
      style={{ left: left + 48, transform: `translateX(${isRight ? '-100%' : '16px'})` }}
    >
      <strong>{bucketLabel(at, stepSeconds)}</strong>
      {columns.bands.toReversed().map(({ key, label, color, counts }) => (
        <span key={key} className={classes.tooltipRow}>
          <i style={{ background: `var(${color})` }} />
          {label}
          <b>{(counts[index] ?? 0).toLocaleString('en-US')}</b>
        </span>
      ))}
      {columns.previous && (
        <span className={classes.tooltipRow}>
          <i className={classes.previous} />
          Before, in all
          <b>{(columns.previous[index] ?? 0).toLocaleString('en-US')}</b>
        </span>
      )}
    </div>
  );
}
