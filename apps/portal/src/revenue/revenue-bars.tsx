import { formatMinor } from '../format/money.js';
import classes from './revenue-bars.module.css';
import { type RevenueOfCurrency, barHeights, monthLabel } from './revenue-months.js';

/** What each month earned, as bars; the table beside them has the numbers. */
export function RevenueBars({ currency, months }: RevenueOfCurrency) {
  const heights = barHeights(months);
  const best = months[heights.indexOf(100)];
  const summary = best
    ? `Revenue in ${currency} by month, the most in ${monthLabel(best.month)}: ${formatMinor(best.totalMinor, currency)}`
    : `No revenue in ${currency}`;
  return (
    <figure className={classes.chart} role="img" aria-label={summary}>
      {months.map(({ month, totalMinor }, index) => (
        <div key={month} className={classes.month} title={`${monthLabel(month)}: ${formatMinor(totalMinor, currency)}`}>
          <div className={classes.room}>
            <div className={classes.bar} style={{ height: `${heights[index]}%` }} />
          </div>
          <span className={classes.label}>{monthLabel(month).slice(0, 3)}</span>
        </div>
      ))}
    </figure>
  );
}
