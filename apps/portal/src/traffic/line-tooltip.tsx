import { ChartTooltip } from '../usage/chart-tooltip.js';
import type { PointedAt } from '../usage/pointed-at.js';
import classes from '../usage/traffic-chart.module.css';
import type { ChartLines } from './chart-lines.js';

interface LineTooltipProps {
  readonly chart: ChartLines;
  readonly stepSeconds: number;
  readonly format: (value: number) => string;
  readonly pointedAt: PointedAt;
  readonly inset: number;
}

/** The numbers of the lines at the pointer. */
export function LineTooltip({ chart: { atSeconds, lines }, format, ...place }: LineTooltipProps) {
  return (
    <ChartTooltip atSeconds={atSeconds} {...place}>
      {lines.map(({ key, label, color, values }) => {
        const value = values[place.pointedAt.index] ?? null;
        return (
          <span key={key} className={classes.tooltipRow}>
            <i style={{ background: `var(${color})` }} />
            {label}
            <b>{value === null ? '–' : format(value)}</b>
          </span>
        );
      })}
    </ChartTooltip>
  );
}
