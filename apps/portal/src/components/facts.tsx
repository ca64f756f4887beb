import type { ReactNode } from 'react';
import classes from './facts.module.css';

interface FactsProps {
  readonly entries: readonly { readonly label: string; readonly value: ReactNode }[];
}

/** Names and values beside each other. */
export function Facts({ entries }: FactsProps) {
  return (
    <dl className={classes.facts}>
      {entries.map(({ label, value }) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
