import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addSubscriptionNote } from '../../api/publisher.js';
import type { PublisherSubscriptionPage } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';

interface SubscriptionNotesProps {
  readonly subscriptionId: string;
  readonly notes: PublisherSubscriptionPage['notes'];
}

/** What the team wrote down about a subscription, the newest first. */
export function SubscriptionNotes({ subscriptionId, notes }: SubscriptionNotesProps) {
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => addSubscriptionNote(subscriptionId, text),
    onSuccess: async () => {
      setText('');
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
    },
  });
  return (
    <Section title="Notes" description="For your team only: the customer never sees them. They stay as they are.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Textarea
          label="New note"
          autosize
          minRows={2}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="xs">
          <Button type="submit" variant="default" disabled={text.trim() === ''} loading={add.isPending}>
            Add note
          </Button>
        </Group>
        {add.isError && <ProblemAlert error={add.error} title="Not added" />}
      </form>
      <Stack gap="md" mt="md">
        {notes.map((note) => (
          <div key={note.id}>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {note.text}
            </Text>
            <Text size="xs" c="dimmed">
              {note.author ?? 'Command line'}, <DateTime at={note.createdAt} />
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
