import { Button, Divider, Drawer, Stack, Text } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import type { Session } from '../api/types.js';
import { ButtonLink } from '../components/links.js';
import { useSignOut } from './user-menu.js';

interface NavigationDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly session: Session | undefined;
  readonly children: ReactNode;
}

/** The navigation on narrow screens. Going anywhere closes it. */
export function NavigationDrawer({ opened, onClose, session, children }: NavigationDrawerProps) {
  const pathname = useLocation({ select: (location) => location.pathname });
  const leave = useSignOut();
  useEffect(onClose, [pathname, onClose]);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={300}
      title="Navigation"
      closeButtonProps={{ 'aria-label': 'Close navigation' }}
    >
      <Stack gap={4} component="nav" aria-label="Main">
        {children}
      </Stack>
      <Divider my="md" />
      {session?.user ? (
        <Stack gap="xs" px={12}>
          <Text size="sm" c="dimmed" truncate>
            {session.user.email}
          </Text>
          <ButtonLink to="/settings" variant="default">
            Settings
          </ButtonLink>
          <Button variant="default" onClick={() => leave.mutate()}>
            Sign out
          </Button>
        </Stack>
      ) : (
        <Stack gap="xs" px={12}>
          <ButtonLink to="/sign-up">Sign up</ButtonLink>
          <ButtonLink to="/sign-in" variant="default">
            Sign in
          </ButtonLink>
        </Stack>
      )}
    </Drawer>
  );
}
