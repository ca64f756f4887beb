import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WebhookEventType } from '../../api/webhooks.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { EventTypeChoice } from './event-type-choice.js';

export interface EndpointTerms {
  readonly url: string;
  readonly description: string;
  readonly eventTypes: WebhookEventType[];
}

interface EndpointFormProps {
  readonly initial: EndpointTerms;
  /** "Add endpoint", "Save". */
  readonly action: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: (terms: EndpointTerms) => void;
  readonly onCancel: () => void;
}

/** Where an organization wants to be told, and of what. */
export function EndpointForm({ initial, action, isPending, error, onSubmit, onCancel }: EndpointFormProps) {
  const [terms, setTerms] = useState(initial);
  const isReady = terms.url.trim() !== '' && terms.eventTypes.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) onSubmit({ ...terms, url: terms.url.trim(), description: terms.description.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="URL"
          description="Where messages are posted to, over https."
          placeholder="https://example.com/webhooks/tollgate"
          type="url"
          value={terms.url}
          onChange={(event) => setTerms({ ...terms, url: event.currentTarget.value })}
          maxLength={2_048}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label="Description"
          description="What it is for. May be left empty."
          value={terms.description}
          onChange={(event) => setTerms({ ...terms, description: event.currentTarget.value })}
          maxLength={200}
        />
        <EventTypeChoice
          chosen={terms.eventTypes}
          onChange={(eventTypes) => setTerms((before) => ({ ...before, eventTypes }))}
        />
        {error !== null && error !== undefined && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!isReady}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
