import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { deleteOrganization, organizationDeletionQuery } from '../api/personal-data.js';
import { sessionQuery } from '../api/session.js';
import type { DeletionHindrance, UserProfile } from '../api/types.js';
import { userQuery } from '../api/user.js';
import { Loaded } from '../components/loaded.js';
import { Section } from '../components/section.js';
import { TableSkeleton } from '../components/skeletons.js';
import { useOrganization } from '../organization/organization-context.js';
import { DeleteDialog } from './delete-dialog.js';
import { ExportSection } from './export-section.js';
import { HindranceList } from './hindrance-list.js';

/** The organization's data in one file, and its end; for those who may. */
export function OrganizationDataSections() {
  const { organization, permissions } = useOrganization().current;
  const user = useQuery(userQuery);
  if (!permissions.includes('export_data')) return null;
  return (
    <Loaded query={user} skeleton={<TableSkeleton rows={2} />}>
      {(profile) => (
        <Stack gap="lg">
          <ExportSection
            profile={profile}
            organizationId={organization.id}
            description="All that is kept of the organization: people, keys without secrets, subscriptions, invoices, usage and the audit log."
          />
          {permissions.includes('delete_organization') && <DeleteOrganizationSection profile={profile} />}
        </Stack>
      )}
    </Loaded>
  );
}

function DeleteOrganizationSection({ profile }: { readonly profile: UserProfile }) {
  const { organization } = useOrganization().current;
  const deletion = useQuery(organizationDeletionQuery(organization.id));
  return (
    <Section
      title="Delete organization"
      description="For good: its keys stop working, and nobody can open it any more. Issued invoices are kept."
    >
      <Loaded query={deletion} skeleton={<TableSkeleton rows={1} />}>
        {({ hindrances }) => <DeleteOrganization profile={profile} hindrances={hindrances} />}
      </Loaded>
    </Section>
  );
}

interface DeleteOrganizationProps {
  readonly profile: UserProfile;
  readonly hindrances: readonly DeletionHindrance[];
}

function DeleteOrganization({ profile, hindrances }: DeleteOrganizationProps) {
  const { organization } = useOrganization().current;
  const [opened, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    dialog.close();
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    queryClient.removeQueries({ queryKey: ['organization', organization.id] });
    await router.navigate({ to: '/dashboard' });
    notifications.show({ message: `${organization.name} is deleted.` });
  };
  return (
    <Stack gap="md">
      {hindrances.length > 0 && <HindranceList hindrances={hindrances} />}
      <Group>
        <Button color="red" variant="outline" disabled={hindrances.length > 0} onClick={dialog.open}>
          Delete this organization
        </Button>
      </Group>
      <DeleteDialog
        opened={opened}
        onClose={dialog.close}
        title={`Delete ${organization.name}?`}
        confirmation={{ text: organization.name, label: 'name of the organization' }}
        profile={profile}
        onDelete={(request) => deleteOrganization(organization.id, request)}
        onDeleted={leave}
      >
        <Text size="sm">Its members get a mail. This cannot be undone.</Text>
      </DeleteDialog>
    </Stack>
  );
}
