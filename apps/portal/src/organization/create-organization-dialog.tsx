import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { faultsByField } from '../api/problem.js';
import { sessionQuery } from '../api/session.js';
import { createOrganization } from '../api/team.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';

interface CreateOrganizationDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Once it is there and in the session. */
  readonly onCreated: (organizationId: string) => void;
}

/** Makes another organization, with applications, people and bills of its own. */
export function CreateOrganizationDialog({ opened, onClose, onCreated }: CreateOrganizationDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Create organization">
      <CreateOrganizationForm onCancel={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

interface CreateOrganizationFormProps {
  readonly onCancel: () => void;
  readonly onCreated: (organizationId: string) => void;
}

function CreateOrganizationForm({ onCancel, onCreated }: CreateOrganizationFormProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => createOrganization(name.trim()),
    onSuccess: async ({ id }) => {
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      onCreated(id);
    },
  });
  const fault = faultsByField(create.error)['name'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Who subscribes and pays. It has applications, people and invoices of its own."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fault}
          required
          withAsterisk={false}
          maxLength={120}
          data-autofocus
        />
        {create.isError && !fault && <ProblemAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Create organization
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
