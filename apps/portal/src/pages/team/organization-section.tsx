import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { sessionQuery } from '../../api/session.js';
import { leaveOrganization, organizationQuery, renameOrganization } from '../../api/team.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useOrganization } from '../../organization/organization-context.js';

/** The organization's name, and the way out. */
export function OrganizationSection({ mayRename }: { readonly mayRename: boolean }) {
  const { organization } = useOrganization().current;
  const query = useQuery(organizationQuery(organization.id));
  return (
    <Section title="Organization" actions={<LeaveButton />}>
      <Loaded query={query} skeleton={<TableSkeleton rows={1} />}>
        {({ name, etag }) =>
          mayRename ? (
            <RenameForm key={etag} organizationId={organization.id} name={name} etag={etag} />
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

interface RenameFormProps {
  readonly organizationId: string;
  readonly name: string;
  readonly etag: string;
}

function RenameForm({ organizationId, name, etag }: RenameFormProps) {
  const queryClient = useQueryClient();
  const [text, setText] = useState(name);
  const reload = () => queryClient.invalidateQueries({ queryKey: organizationQuery(organizationId).queryKey });
  const rename = useMutation({
    mutationFn: () => renameOrganization(organizationId, text.trim(), etag),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      await reload();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  const isSame = text.trim() === name || text.trim() === '';
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name"
            description="New invoices carry it; those that are made keep theirs."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={120}
            style={{ flex: '1 1 260px', maxWidth: 420 }}
          />
          <Button type="submit" variant="default" disabled={isSame} loading={rename.isPending}>
            Rename
          </Button>
        </Group>
        {rename.isError && <ProblemAlert error={rename.error} onReload={() => void reload()} />}
      </Stack>
    </form>
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
