import { Skeleton } from '@mantine/core';
import type { Plan } from '../api/types.js';
import classes from './plan-total.module.css';

interface PlanTotalProps {
  readonly plan: Plan;
  /** Undefined while it is computed. */
  readonly total: string | undefined;
  /** The plan's hard quota is lower than what is asked for. */
  readonly blocked: boolean;
  readonly checked: boolean;
  readonly onChoose: () => void;
}

/** A plan to choose in the calculator, with its total. */
export function PlanTotal({ plan, total, blocked, checked, onChoose }: PlanTotalProps) {
  return (
    <label className={classes.plan} data-checked={checked || undefined}>
      <input type="radio" name="calculator-plan" checked={checked} onChange={onChoose} />
      <span className={classes.title}>{plan.title}</span>
      {blocked ? (
        <span className={classes.blocked}>over its quota</span>
      ) : total === undefined ? (
        <Skeleton h={14} w={72} />
      ) : (
        <span className={classes.amount}>{total}</span>
      )}
    </label>
  );
}
