import { PasswordInput, Stack, Switch, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import { replaceUpstream, upstreamQuery } from '../api/upstreams.js';
import { Section } from '../components/section.js';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { EditFrame } from '../version-editor/edit-frame.js';
import { useVersionEdit } from '../version-editor/use-version-edit.js';
import { PlaceFields, type UpstreamProps } from './place-fields.js';
import { PatienceFields, ResilienceFields } from './resilience-fields.js';
import { type UpstreamWords, asSent, keptSections, secretHint } from './upstream-words.js';

interface ReadUpstream {
  readonly upstream: unknown;
}

interface UpstreamFormProps {
  readonly version: ApiVersionName;
  readonly read: Tagged<ReadUpstream>;
}

/** The upstream of a version: what is said here holds from the next second on. */
export function UpstreamForm({ version, read }: UpstreamFormProps) {
  const queryClient = useQueryClient();
  const query = upstreamQuery(version);
  const edit = useVersionEdit({
    version,
    read,
    wordsOf: ({ upstream }: ReadUpstream) => upstream as UpstreamWords | null,
    queryKey: query.queryKey,
    readAgain: () => queryClient.fetchQuery({ ...query, staleTime: 0 }),
    replace: (etag, next) => replaceUpstream(version, etag, asSent(next ?? { url: '' })),
    leaving: 'The upstream has changes that are not saved. Leave them?',
  });
  const { before } = edit;
  const words = edit.words ?? { url: '' };
  const props = { words, onChange: edit.setWords };
  const kept = keptSections(words);
  return (
    <EditFrame name="Upstream" edit={edit}>
      <Section title="Where calls go">
        <PlaceFields {...props} />
      </Section>
      <Section title="Credential" description="Sent with every call; stored sealed, and never shown again.">
        <CredentialFields {...props} hint={secretHint(before, words)} />
      </Section>
      <Section title="How long the gateway waits">
        <PatienceFields {...props} />
      </Section>
      <Section title="When it fails">
        <ResilienceFields {...props} />
      </Section>
      {kept.length > 0 && (
        <Text size="sm" c="dimmed">
          Kept as the catalogue file has them: {kept.join(', ')}.
        </Text>
      )}
    </EditFrame>
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
