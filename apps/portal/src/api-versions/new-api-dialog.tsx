import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createApi, publisherApisQuery } from '../api/api-versions.js';
import { faultsByField } from '../api/problem.js';
import { Dialog } from '../components/dialog.js';
import { NameFields, noNames } from '../components/name-fields.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { TeamSelect } from '../product-editor/team-select.js';

interface NewApiDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Begins an API; its first version is next. */
export function NewApiDialog({ opened, onClose }: NewApiDialogProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [names, setNames] = useState(noNames);
  const [publisher, setPublisher] = useState('');
  const create = useMutation({
    mutationFn: () => createApi({ ...names, ...(publisher && { publisher }) }),
    onSuccess: async (api) => {
      await queryClient.invalidateQueries({ queryKey: publisherApisQuery.queryKey });
      await navigate({ to: '/publisher/apis/$api/new-version', params: { api: api.slug } });
    },
  });
  const faults = faultsByField(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title="New API">
      <form onSubmit={submit}>
        <Stack>
          <NameFields names={names} faults={faults} onChange={setNames} />
          <TeamSelect value={publisher} error={faults['publisher']} onChange={setPublisher} />
          {create.isError && Object.keys(faults).length === 0 && <ProblemAlert error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Add API
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
