import type { SubsetShare } from '../api/types.js';
import { percentOf, sharesWords } from './shares.js';
import classes from './traffic.module.css';

interface SplitBarProps {
  readonly shares: readonly SubsetShare[];
  /** All of the version, in their order: that is their colour. */
  readonly subsets: readonly string[];
}

/** The colour of a subset, in all charts and bars of its version. */
export function subsetColor(subsets: readonly string[], subset: string): string {
  return `--tg-chart-${(Math.max(0, subsets.indexOf(subset)) % 8) + 1}`;
}

/** How calls are shared out, as a bar. */
export function SplitBar({ shares, subsets }: SplitBarProps) {
  return (
    <div className={classes.bar} role="img" aria-label={sharesWords(shares)}>
      {subsets.map((subset) => (
        <i
          key={subset}
          style={{ width: `${percentOf(shares, subset)}%`, background: `var(${subsetColor(subsets, subset)})` }}
        />
      ))}
    </div>
  );
}
