import { Paper, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './stat.module.css';

interface StatProps {
  readonly label: string;
  /** Undefined while it is not known. */
  readonly value: ReactNode | undefined;
  readonly note?: ReactNode;
  readonly testId?: string;
}

/** One number that matters, large. */
export function Stat({ label, value, note, testId }: StatProps) {
  return (
    <Paper className={classes.stat}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {value === undefined ? (
        <Skeleton h={24} w={110} my={8} aria-hidden />
      ) : (
        <p className={classes.value} data-testid={testId}>
          {value}
        </p>
      )}
      <Text size="sm" c="dimmed" mih={21} component="div">
        {note}
      </Text>
    </Paper>
  );
}
