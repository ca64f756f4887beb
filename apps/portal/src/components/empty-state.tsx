import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: Icon;
  readonly title: string;
  /** What would be here, and how it gets here. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** In place of a list that has nothing in it yet. */
export function EmptyState({ icon: Symbol, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} py={40} px="md" ta="center">
      <ThemeIcon variant="default" size={44} radius="lg" mb={6} aria-hidden>
        <Symbol size={22} stroke={1.6} />
      </ThemeIcon>
      <Text fw={550}>{title}</Text>
      <Text c="dimmed" size="sm" maw="46ch">
        {children}
      </Text>
      {action && <div style={{ marginTop: 12 }}>{action}</div>}
    </Stack>
  );
}
