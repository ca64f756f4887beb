import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { faultsByField } from '../../api/problem.js';
import { createPublisherTeam, publisherTeamsQuery } from '../../api/users.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { slugOf } from '../../plan-editor/slug-of.js';

interface NewTeamDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A team without members: people are put into it in the list of users. */
export function NewTeamDialog({ opened, onClose }: NewTeamDialogProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState('');
  const create = useMutation({
    mutationFn: () => createPublisherTeam({ name: name.trim(), slug }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: publisherTeamsQuery.queryKey });
      setName('');
      setSlug('');
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
          <TextInput
            label="Name"
            description="Beside its products in the catalogue."
            required
            data-autofocus
            maxLength={120}
            value={name}
            error={faults['name']}
            onChange={(event) => {
              const next = event.currentTarget.value;
              if (slug === slugOf(name)) setSlug(slugOf(next));
              setName(next);
            }}
          />
          <TextInput
            label="Short name"
            description="In files and on the command line. It never changes."
            required
            maxLength={63}
            value={slug}
            error={faults['slug']}
            onChange={(event) => setSlug(event.currentTarget.value)}
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
