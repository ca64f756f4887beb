import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { applicationQuery, applicationsQuery, deleteApplication, renameApplication } from '../../api/applications.js';
import type { Tagged } from '../../api/client.js';
import type { Application } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { RenameForm } from '../../components/rename-form.js';
import { Section } from '../../components/section.js';
import { useOrganization } from '../../organization/organization-context.js';

/** An application's name, and its end. */
export function ApplicationSettings({ application }: { readonly application: Tagged<Application> }) {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  const { id, name, etag } = application;
  const reload = () => queryClient.invalidateQueries({ queryKey: ['organization', organization.id] });
  return (
    <Section title="Settings" actions={<DeleteButton application={application} />}>
      <RenameForm
        key={etag}
        name={name}
        description="Keys, subscriptions and usage stay its own."
        rename={async (text) => {
          await renameApplication({ organizationId: organization.id, applicationId: id, etag }, text);
          await reload();
        }}
        onReload={() =>
          void queryClient.invalidateQueries({ queryKey: applicationQuery(organization.id, id).queryKey })
        }
      />
    </Section>
  );
}

function DeleteButton({ application }: { readonly application: Application }) {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  const router = useRouter();
  const [asking, dialog] = useDisclosure(false);
  const { id, name, credentialCount } = application;
  const remove = useMutation({
    mutationFn: () => deleteApplication(organization.id, id),
    onSuccess: async () => {
      await router.navigate({ to: '/dashboard/applications' });
      queryClient.removeQueries({ queryKey: applicationQuery(organization.id, id).queryKey });
      await queryClient.invalidateQueries({ queryKey: applicationsQuery(organization.id).queryKey });
    },
  });
  const isSubscribed = application.subscriptions.some(({ state }) => state !== 'canceled');
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Delete application
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Delete ${name}?`}
        action="Delete application"
        isDangerous
        isDisabled={isSubscribed}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => {
          remove.reset();
          dialog.close();
        }}
      >
        <Stack gap="xs">
          {isSubscribed ? (
            <Text size="sm">
              It still has a subscription: cancel that at once, or wait until it has ended. Then the application can be
              deleted.
            </Text>
          ) : (
            <>
              <Text size="sm">
                {credentialCount === 0
                  ? 'It has no key that works.'
                  : credentialCount === 1
                    ? 'Its key is refused within a second.'
                    : `Its ${credentialCount} keys are refused within a second.`}{' '}
                This cannot be undone.
              </Text>
              <Text size="sm">Its usage and invoices stay, and its name is free again.</Text>
            </>
          )}
        </Stack>
      </ConfirmDialog>
    </>
  );
}
