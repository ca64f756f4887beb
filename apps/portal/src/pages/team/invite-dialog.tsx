import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { faultsByField } from '../../api/problem.js';
import { type MemberRole, inviteMember } from '../../api/team.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { useOrganization } from '../../organization/organization-context.js';
import { roleChoices, roleWords } from './role-words.js';

interface InviteDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function InviteDialog({ opened, onClose }: InviteDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Invite somebody">
      <InviteForm onDone={onClose} />
    </Dialog>
  );
}

function InviteForm({ onDone }: { readonly onDone: () => void }) {
  const { organization, assignableRoles } = useOrganization().current;
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<MemberRole>('developer');
  const invite = useMutation({
    mutationFn: () => inviteMember(organization.id, email.trim(), role),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organization', organization.id, 'invitations'] }),
  });
  const fault = faultsByField(invite.error)['email'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') invite.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fault && 'Enter an e-mail address, such as ada@example.com.'}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Select
          label="Role"
          description={roleWords[role].may}
          data={roleChoices(assignableRoles)}
          value={role}
          allowDeselect={false}
          onChange={(chosen) => chosen && setRole(chosen)}
        />
        <Text size="sm" c="dimmed">
          They get a mail with a link that works once, for seven days, with an account or without one.
        </Text>
        {invite.isError && !fault && <ProblemAlert error={invite.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending} disabled={email.trim() === ''}>
            Send invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
