import { Group, Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Content that brings its own edges, such as a table, goes to the border of the card. */
  readonly flush?: boolean;
}

/** A card with a heading: one subject of a page. */
export function Section({ title, description, actions, children, flush = false }: SectionProps) {
  const headingId = useId();
  return (
    <Paper component="section" aria-labelledby={headingId} className={classes.section}>
      <Group justify="space-between" align={description ? 'flex-start' : 'center'} className={classes.head} gap="sm">
        <div className={classes.words}>
          <Title order={2} id={headingId} className={classes.title}>
            {title}
          </Title>
          {description && (
            <Text size="sm" c="dimmed" mt={2}>
              {description}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </Paper>
  );
}

/** For what stands in a flush section beside its table: in line with the heading. */
export const sectionInset = classes.inset;
