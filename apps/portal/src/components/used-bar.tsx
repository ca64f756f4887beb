import type { ReactNode } from 'react';
import type { Tone } from './status-badge.js';
import classes from './used-bar.module.css';

interface UsedBarProps {
  /** For screen readers: what is used, and how much of it. */
  readonly label: string;
  readonly valueText: string;
  /** 0 to 100. */
  readonly percent: number;
  readonly tone: Tone;
  /** Above the bar. */
  readonly used: ReactNode;
  readonly note: string;
  /** Below it. */
  readonly left: string;
  readonly kind?: string;
}

/** How much of something is used, in words and as a bar. */
export function UsedBar({ label, valueText, percent, tone, used, note, left, kind }: UsedBarProps) {
  return (
    <div className={classes.used}>
      <div className={classes.row}>
        <span>{used}</span>
        <span className={classes.quiet}>{note}</span>
      </div>
      <div
        className={classes.track}
        role="progressbar"
        aria-valuenow={Math.round(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={label}
        aria-valuetext={valueText}
      >
        <div className={classes.fill} data-tone={tone} style={{ width: `${percent}%` }} />
      </div>
      <div className={classes.row}>
        <span className={classes.quiet} data-tone={tone}>
          {left}
        </span>
        {kind && <span className={classes.quiet}>{kind}</span>}
      </div>
    </div>
  );
}
