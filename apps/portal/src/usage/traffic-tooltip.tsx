import type { ChartColumns } from './chart-bands.js';
import { ChartTooltip } from './chart-tooltip.js';
import type { PointedAt } from './pointed-at.js';
import classes from './traffic-chart.module.css';

interface TrafficTooltipProps {
  readonly columns: ChartColumns;
  readonly stepSeconds: number;
  readonly pointedAt: PointedAt;
  readonly inset: number;
}

/** The numbers of the bar under the pointer. */
export function TrafficTooltip({ columns, ...place }: TrafficTooltipProps) {
  const { index } = place.pointedAt;
  return (
    <ChartTooltip atSeconds={columns.atSeconds} {...place}>
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
    </ChartTooltip>
  );
}
