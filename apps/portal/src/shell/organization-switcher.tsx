import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconChevronDown, IconPlus } from '@tabler/icons-react';
import { Suspense, lazy } from 'react';
import { useOrganization } from '../organization/organization-context.js';

const CreateOrganizationDialog = lazy(async () => ({
  default: (await import('../organization/create-organization-dialog.js')).CreateOrganizationDialog,
}));

/** The organization at work, in a menu of all that the viewer belongs to. */
export function OrganizationSwitcher() {
  const { current, memberships, choose } = useOrganization();
  const [creating, dialog] = useDisclosure(false);
  return (
    <>
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
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={dialog.open}>
            Create organization
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {creating && (
        <Suspense fallback={null}>
          <CreateOrganizationDialog
            opened
            onClose={dialog.close}
            onCreated={(id) => {
              choose(id);
              dialog.close();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
