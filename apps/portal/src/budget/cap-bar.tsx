import classes from '../usage/quota-bar.module.css';
import type { CapView } from './budget.js';

/** How much of a spending cap is used, in money and as a bar. */
export function CapBar({ cap: { spent, cap, percent, tone, left, alerts } }: { readonly cap: CapView }) {
  return (
    <div className={classes.quota}>
      <div className={classes.row}>
        <span>
          <b>{spent}</b> of {cap}
        </span>
        <span className={classes.quiet}>{alerts}</span>
      </div>
      <div
        className={classes.track}
        role="progressbar"
        aria-valuenow={Math.round(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label="Spending cap"
        aria-valuetext={`${spent} of ${cap}`}
      >
        <div className={classes.fill} data-tone={tone} style={{ width: `${percent}%` }} />
      </div>
      <div className={classes.row}>
        <span className={classes.quiet} data-tone={tone}>
          {left}
        </span>
      </div>
    </div>
  );
}
