import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionQuery } from '../../api/session.js';
import { leaveOrganization, organizationQuery, renameOrganization } from '../../api/team.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Loaded } from '../../components/loaded.js';
import { RenameForm } from '../../components/rename-form.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useOrganization } from '../../organization/organization-context.js';

/** The organization's name, and the way out. */
export function OrganizationSection({ mayRename }: { readonly mayRename: boolean }) {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  const query = useQuery(organizationQuery(organization.id));
  const reload = () => queryClient.invalidateQueries({ queryKey: organizationQuery(organization.id).queryKey });
  return (
    <Section title="Organization" actions={<LeaveButton />}>
      <Loaded query={query} skeleton={<TableSkeleton rows={1} />}>
        {({ name, etag }) =>
          mayRename ? (
            <RenameForm
              key={etag}
              name={name}
              description="New invoices carry it; those that are made keep theirs."
              rename={async (text) => {
                await renameOrganization(organization.id, text, etag);
                await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
                await reload();
              }}
              onReload={() => void reload()}
            />
          ) : (
            <Text size="sm">
              {name}.{' '}
              <Text span inherit c="dimmed">
                Owners and admins can rename it.
              </Text>
            </Text>
          )
        }
      </Loaded>
    </Section>
  );
}

function LeaveButton() {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  const router = useRouter();
  const [asking, dialog] = useDisclosure(false);
  const leave = useMutation({
    mutationFn: () => leaveOrganization(organization.id),
    onSuccess: async () => {
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      queryClient.removeQueries({ queryKey: ['organization', organization.id] });
      await router.navigate({ to: '/dashboard' });
    },
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Leave organization
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Leave ${organization.name}?`}
        action="Leave organization"
        isDangerous
        isPending={leave.isPending}
        error={leave.error}
        onConfirm={() => leave.mutate()}
        onClose={() => {
          leave.reset();
          dialog.close();
        }}
      >
        <Text size="sm">You lose access at once. To come back, you need another invitation.</Text>
      </ConfirmDialog>
    </>
  );
}
