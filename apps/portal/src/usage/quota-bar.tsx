import type { MeterUsage } from '../api/types.js';
import { formatQuantity, pluralOf } from '../format/number.js';
import { quotaView, type Quota } from './quota.js';
import classes from './quota-bar.module.css';

interface QuotaBarProps {
  readonly quota: Quota;
  readonly meter: MeterUsage;
}

/** How much of a quota is used, in numbers and as a bar. */
export function QuotaBar({ quota, meter }: QuotaBarProps) {
  const { percent, tone, share, left } = quotaView(quota);
  const units = pluralOf(meter.unit);
  return (
    <div className={classes.quota}>
      <div className={classes.row}>
        <span>
          <b>{formatQuantity(quota.used)}</b> of {formatQuantity(quota.limit)} {units}
        </span>
        <span className={classes.quiet}>{share}</span>
      </div>
      <div
        className={classes.track}
        role="progressbar"
        aria-valuenow={Math.round(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={`Quota ${quota.name}`}
        aria-valuetext={`${formatQuantity(quota.used)} of ${formatQuantity(quota.limit)} ${units}`}
      >
        <div className={classes.fill} data-tone={tone} style={{ width: `${percent}%` }} />
      </div>
      <div className={classes.row}>
        <span className={classes.quiet} data-tone={tone}>
          {left}
        </span>
        <span className={classes.quiet}>{quota.enforcement === 'hard' ? 'hard quota' : 'soft quota'}</span>
      </div>
    </div>
  );
}
