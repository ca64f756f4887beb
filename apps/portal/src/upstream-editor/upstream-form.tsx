import { Button, PasswordInput, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { type ApiVersionName, apiVersionQuery } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import { replaceUpstream, upstreamQuery } from '../api/upstreams.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { FieldFaults, TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { faultsByPath, withOptional } from '../plan-editor/plan-terms.js';
import { PlaceFields, type UpstreamProps } from './place-fields.js';
import { PatienceFields, ResilienceFields } from './resilience-fields.js';
import { type UpstreamWords, asSent, keptSections, secretHint } from './upstream-words.js';

interface UpstreamFormProps {
  readonly version: ApiVersionName;
  readonly read: Tagged<{ readonly upstream: unknown }>;
}

/** The upstream of a version: what is said here holds from the next second on. */
export function UpstreamForm({ version, read }: UpstreamFormProps) {
  const queryClient = useQueryClient();
  const [saved, setSaved] = useState(read);
  const before = saved.upstream as UpstreamWords | null;
  const [words, setWords] = useState<UpstreamWords>(before ?? { url: '' });
  const take = (next: typeof read) => {
    setSaved(next);
    setWords((next.upstream as UpstreamWords | null) ?? { url: '' });
  };
  const { queryKey } = upstreamQuery(version);
  const save = useMutation({
    mutationFn: () => replaceUpstream(version, saved.etag, asSent(words)),
    onSuccess: async (next) => {
      queryClient.setQueryData(queryKey, next);
      take(next);
      await queryClient.invalidateQueries({ queryKey: apiVersionQuery(version).queryKey });
    },
  });
  const reload = useMutation({
    mutationFn: () => queryClient.fetchQuery({ ...upstreamQuery(version), staleTime: 0 }),
    onSuccess: (next) => {
      take(next);
      save.reset();
    },
  });
  const isChanged = JSON.stringify(words) !== JSON.stringify(before ?? { url: '' });
  const kept = keptSections(words);
  useBlocker({
    shouldBlockFn: () => isChanged && !window.confirm('The upstream has changes that are not saved. Leave them?'),
    enableBeforeUnload: () => isChanged,
  });
  return (
    <FieldFaults value={faultsByPath(save.error)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="lg">
          <Section title="Where calls go">
            <PlaceFields words={words} onChange={setWords} />
          </Section>
          <Section title="Credential" description="Sent with every call; stored sealed, and never shown again.">
            <CredentialFields words={words} onChange={setWords} hint={secretHint(before, words)} />
          </Section>
          <Section title="How long the gateway waits">
            <PatienceFields words={words} onChange={setWords} />
          </Section>
          <Section title="When it fails">
            <ResilienceFields words={words} onChange={setWords} />
          </Section>
          {kept.length > 0 && (
            <Text size="sm" c="dimmed">
              Kept as the catalogue file has them: {kept.join(', ')}.
            </Text>
          )}
        </Stack>
        <div className={classes.bar} role="region" aria-label="Upstream">
          <Text size="sm" c="dimmed" role="status">
            {isChanged ? 'Changes are not saved yet.' : 'Nothing has changed.'}
          </Text>
          <Button type="submit" disabled={!isChanged} loading={save.isPending}>
            Change at once
          </Button>
          {save.isError && (
            <div style={{ width: '100%' }}>
              <ProblemAlert error={save.error} title="Not saved" onReload={() => reload.mutate()} />
            </div>
          )}
        </div>
      </form>
    </FieldFaults>
  );
}

function CredentialFields({ words, onChange, hint }: UpstreamProps & { readonly hint: string }) {
  const { credential } = words;
  return (
    <Stack gap="md">
      <Switch
        label="Send a credential"
        checked={credential !== undefined}
        onChange={(event) =>
          onChange(
            withOptional(words, 'credential', event.currentTarget.checked ? { header: 'authorization' } : undefined),
          )
        }
      />
      {credential && (
        <div className={classes.fields}>
          <TextField
            path="credential.header"
            label="Header"
            required
            value={credential.header}
            onChange={(header) => onChange({ ...words, credential: { ...credential, header } })}
          />
          <PasswordInput
            label="Value"
            description={hint}
            autoComplete="off"
            value={credential.value ?? ''}
            onChange={(event) =>
              onChange({ ...words, credential: { ...credential, value: event.currentTarget.value } })
            }
          />
        </div>
      )}
    </Stack>
  );
}
