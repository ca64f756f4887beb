import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { IconLogout, IconSettings } from '@tabler/icons-react';
import { signOut } from '../api/authentication.js';
import { beginSessionAnew, forgetPersonalData } from '../api/session.js';
import type { Session } from '../api/types.js';
import { initialsOf } from './initials.js';

interface UserMenuProps {
  readonly user: NonNullable<Session['user']>;
}

export function UserMenu({ user }: UserMenuProps) {
  const leave = useSignOut();
  const router = useRouter();
  return (
    <Menu position="bottom-end" width={240} shadow="md" radius="lg">
      <Menu.Target>
        <UnstyledButton style={{ borderRadius: 99 }}>
          <Avatar size={34} color="accent" radius="xl" aria-hidden>
            {initialsOf(user.name)}
          </Avatar>
          <span className="visually-hidden">Account menu</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '8px 12px' }}>
          <Text size="sm" fw={550} truncate>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {user.email}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => void router.navigate({ to: '/settings' })}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Ends the session, forgets all that was loaded in it, and goes on to `target`, a page that needs none. */
export function useSignOut(target = '/') {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await router.navigate({ href: target });
      await beginSessionAnew(queryClient);
      forgetPersonalData(queryClient);
    },
  });
}
