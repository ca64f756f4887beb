import { Button, Menu, Text } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useOrganization } from '../organization/organization-context.js';

/** The organization at work; a menu when there are several. */
export function OrganizationSwitcher() {
  const { current, memberships, choose } = useOrganization();
  if (memberships.length < 2) {
    return (
      <Text size="sm" c="dimmed" truncate maw={240} py={6}>
        {current.organization.name}
      </Text>
    );
  }
  return (
    <Menu position="bottom-end" shadow="md" radius="lg" width={260}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          fz="sm"
          maw={260}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Organization: ${current.organization.name}. Switch organization`}
        >
          {current.organization.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Organizations</Menu.Label>
        {memberships.map(({ organization, role }) => {
          const isCurrent = organization.id === current.organization.id;
          return (
            <Menu.Item
              key={organization.id}
              onClick={() => choose(organization.id)}
              aria-current={isCurrent || undefined}
              rightSection={isCurrent ? <IconCheck size={16} /> : undefined}
            >
              <Text size="sm" truncate>
                {organization.name}
              </Text>
              <Text size="xs" c="dimmed">
                {role}
              </Text>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
