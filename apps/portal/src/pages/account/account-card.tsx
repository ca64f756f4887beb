import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../../components/page-header.js';
import classes from './account-card.module.css';

interface AccountCardProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Below the card: where else one may want to go. */
  readonly below?: ReactNode;
}

/** The frame of the pages about signing up and in. */
export function AccountCard({ title, description, children, below }: AccountCardProps) {
  usePageTitle(title);
  return (
    <div className={classes.page}>
      <Paper className={classes.card}>
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        {description && (
          <Text c="dimmed" size="sm" mt={6}>
            {description}
          </Text>
        )}
        <div className={classes.body}>{children}</div>
      </Paper>
      {below && (
        <Text size="sm" c="dimmed" ta="center" mt="lg">
          {below}
        </Text>
      )}
    </div>
  );
}
