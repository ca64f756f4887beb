import { Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { settingsQuery } from '../api/settings.js';
import classes from './page-header.module.css';

interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** A link back to the page above, or where this one belongs. */
  readonly above?: ReactNode;
  /** Beside the title: a state. */
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
}

/** The page's only h1, its document title, and what can be done with the whole page. */
export function PageHeader({ title, description, above, badge, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {above && <div className={classes.above}>{above}</div>}
        <Group gap="sm" align="center">
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {badge}
        </Group>
        {description && (
          <Text c="dimmed" mt={4} maw="78ch">
            {description}
          </Text>
        )}
      </div>
      {actions && <Group gap="sm">{actions}</Group>}
    </header>
  );
}

/** "Usage · Meridian Developers" in the browser's tab; until the portal's name is known, what the tab says already. */
export function usePageTitle(title: string): void {
  const { data: settings, isPending } = useQuery(settingsQuery);
  const name = settings?.portalName ?? 'Developer portal';
  const full = title === name ? name : `${title} · ${name}`;
  useDocumentTitle(isPending ? '' : full);
}
