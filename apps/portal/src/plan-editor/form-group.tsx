import { Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './plan-editor.module.css';

interface FormGroupProps {
  readonly title: string;
  readonly description?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Fields that belong together. */
export function FormGroup({ title, description, actions, children }: FormGroupProps) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className={classes.group}>
      <div className={classes.groupHead}>
        <div>
          <h3 id={id} className={classes.groupTitle}>
            {title}
          </h3>
          {description && (
            <Text size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </div>
        {actions}
      </div>
      {children}
    </div>
  );
}
