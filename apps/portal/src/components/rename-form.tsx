import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemAlert } from './problem-alert.js';

interface RenameFormProps {
  readonly name: string;
  readonly description: string;
  /** Resolves when what shows the name has been loaded again. */
  readonly rename: (name: string) => Promise<unknown>;
  /** Shows what is there now, where somebody else has renamed it. */
  readonly onReload: () => void;
}

/** Gives something another name. A form of its own for each name: key it by what the server says. */
export function RenameForm({ name, description, rename, onReload }: RenameFormProps) {
  const [text, setText] = useState(name);
  const renaming = useMutation({ mutationFn: () => rename(text.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    renaming.mutate();
  };
  const isSame = text.trim() === name || text.trim() === '';
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name"
            description={description}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={120}
            style={{ flex: '1 1 260px', maxWidth: 420 }}
          />
          <Button type="submit" variant="default" disabled={isSame} loading={renaming.isPending}>
            Rename
          </Button>
        </Group>
        {renaming.isError && <ProblemAlert error={renaming.error} onReload={onReload} />}
      </Stack>
    </form>
  );
}
