import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Step } from '../../usage/getting-started.js';
import classes from './checklist-step.module.css';

interface ChecklistStepProps {
  readonly step: Step | undefined;
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  /** Shown below, while the step is the one to do. */
  readonly children?: ReactNode;
}

export function ChecklistStep({ step, number, title, text, action, children }: ChecklistStepProps) {
  const { done = false, current = false } = step ?? {};
  return (
    <li className={classes.step} data-done={done || undefined} aria-current={current ? 'step' : undefined}>
      <span className={classes.mark} aria-hidden>
        {done ? <IconCheck size={14} stroke={2.5} /> : number}
      </span>
      <div className={classes.words}>
        <div className={classes.row}>
          <div>
            <p className={classes.title}>
              {title}
              {done && <span className="visually-hidden"> (done)</span>}
            </p>
            {!done && <p className={classes.text}>{text}</p>}
          </div>
          {current && action}
        </div>
        {current && children && <div className={classes.body}>{children}</div>}
      </div>
    </li>
  );
}
