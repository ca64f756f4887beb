import type { ReactNode } from 'react';
import classes from './status-badge.module.css';

export type Tone = 'neutral' | 'info' | 'positive' | 'warning' | 'danger';

interface StatusBadgeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

/** A state in a word. The colour only repeats what the word says. */
export function StatusBadge({ tone, children }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
