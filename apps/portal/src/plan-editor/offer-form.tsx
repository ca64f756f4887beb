import { Button, Group, Select, Stack, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Tagged } from '../api/client.js';
import { changePlanOffer } from '../api/plans.js';
import { faultsByField } from '../api/problem.js';
import type { PublisherPlan } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';

const visibilities = [
  { value: 'public', label: 'Public: anybody may subscribe' },
  { value: 'invited', label: 'Invited: only these organizations' },
  { value: 'private', label: 'Private: only the operator gives it' },
];

/** What the plan is called and who sees it: of all its versions, and at once. */
export function OfferForm({ plan }: { readonly plan: Tagged<PublisherPlan> }) {
  const queryClient = useQueryClient();
  const [title, setTitle] = useState(plan.title);
  const [summary, setSummary] = useState(plan.summary);
  const [visibility, setVisibility] = useState(plan.visibility);
  const [invited, setInvited] = useState(plan.invited.join('\n'));
  const offer = { title, summary, visibility, invited: slugsIn(invited) };
  const isChanged =
    title !== plan.title ||
    summary !== plan.summary ||
    visibility !== plan.visibility ||
    (visibility === 'invited' && offer.invited.join() !== plan.invited.join());
  const reload = () => queryClient.invalidateQueries({ queryKey: ['publisher'] });
  const save = useMutation({
    mutationFn: () => changePlanOffer(plan, offer),
    onSuccess: reload,
  });
  const faults = faultsByField(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Section title="On the price list" description="What the plan is called and who sees it. Changes at once.">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Title"
            required
            maxLength={120}
            value={title}
            error={faults['title']}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label="Summary"
            maxLength={300}
            value={summary}
            error={faults['summary']}
            onChange={(event) => setSummary(event.currentTarget.value)}
          />
          <Select
            label="Visibility"
            allowDeselect={false}
            data={visibilities}
            value={visibility}
            onChange={(value) => value && setVisibility(value as typeof visibility)}
          />
          {visibility === 'invited' && (
            <Textarea
              label="Invited organizations"
              description="Their short names, one a line."
              autosize
              minRows={2}
              value={invited}
              error={faults['invited']}
              onChange={(event) => setInvited(event.currentTarget.value)}
            />
          )}
          {save.isError && Object.keys(faults).length === 0 && (
            <ProblemAlert error={save.error} onReload={() => void reload()} />
          )}
          <Group justify="flex-end">
            <Button type="submit" variant="default" disabled={!isChanged} loading={save.isPending}>
              Change at once
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function slugsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((slug) => slug !== ''))].toSorted();
}
