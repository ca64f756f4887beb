import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { faultsByField } from '../../api/problem.js';
import { createPublisherTeam, publisherTeamsQuery } from '../../api/users.js';
import { Dialog } from '../../components/dialog.js';
import { NameFields, noNames } from '../../components/name-fields.js';
import { ProblemAlert } from '../../components/problem-alert.js';

interface NewTeamDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A team without members: people are put into it in the list of users. */
export function NewTeamDialog({ opened, onClose }: NewTeamDialogProps) {
  const queryClient = useQueryClient();
  const [names, setNames] = useState(noNames);
  const create = useMutation({
    mutationFn: () => createPublisherTeam({ name: names.title, slug: names.slug }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: publisherTeamsQuery.queryKey });
      setNames(noNames);
      onClose();
    },
  });
  const faults = faultsByField(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title="New publisher team">
      <form onSubmit={submit}>
        <Stack>
          <NameFields
            names={names}
            faults={faults}
            label="Name"
            description="Beside its products in the catalogue."
            onChange={setNames}
          />
          {create.isError && Object.keys(faults).length === 0 && <ProblemAlert error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Add team
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
