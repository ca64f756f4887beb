import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createApplication } from '../api/applications.js';
import { faultsByField } from '../api/problem.js';
import type { Application } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationId } from '../organization/organization-context.js';

interface CreateApplicationDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (application: Application) => void;
}

export function CreateApplicationDialog({ opened, onClose, onCreated }: CreateApplicationDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Create application">
      <CreateApplicationForm onCancel={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

interface CreateApplicationFormProps {
  readonly onCancel: () => void;
  readonly onCreated: (application: Application) => void;
}

function CreateApplicationForm({ onCancel, onCreated }: CreateApplicationFormProps) {
  const create = useCreateApplication();
  const [name, setName] = useState('');
  const fault = faultsByField(create.error)['name'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') create.mutate(name.trim(), { onSuccess: onCreated });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Application name"
          description="What calls the API: a product, a service, an environment."
          placeholder="Checkout service"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fault}
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
        />
        {create.isError && !fault && <ProblemAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Create application
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Makes an application in the organization at work; every list of applications then shows it. */
export function useCreateApplication() {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => createApplication(organizationId, name),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId, 'applications'] }),
  });
}
