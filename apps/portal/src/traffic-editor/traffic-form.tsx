import { Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import { versionSplitsQuery } from '../api/traffic.js';
import { replaceUpstream, upstreamQuery } from '../api/upstreams.js';
import { Section } from '../components/section.js';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import { type UpstreamWords, asSent } from '../upstream-editor/upstream-words.js';
import { EditFrame } from '../version-editor/edit-frame.js';
import { useVersionEdit } from '../version-editor/use-version-edit.js';
import { ChoiceFields } from './choice-fields.js';
import { RuleList } from './rule-fields.js';
import { type TrafficWords, subsetsOf, trafficIn, withSubset } from './traffic-words.js';

interface ReadUpstream {
  readonly upstream: unknown;
}

interface TrafficFormProps {
  readonly version: ApiVersionName;
  readonly read: Tagged<ReadUpstream>;
}

/** The subsets of an upstream's targets, and the rules that send calls to them; they hold from the next second on. */
export function TrafficForm({ version, read }: TrafficFormProps) {
  const queryClient = useQueryClient();
  const query = upstreamQuery(version);
  const edit = useVersionEdit({
    version,
    read,
    wordsOf: ({ upstream }: ReadUpstream) => upstream as UpstreamWords,
    queryKey: query.queryKey,
    readAgain: () => queryClient.fetchQuery({ ...query, staleTime: 0 }),
    replace: async (etag, next) => {
      const replaced = await replaceUpstream(version, etag, asSent(next));
      await queryClient.invalidateQueries({ queryKey: versionSplitsQuery(version).queryKey });
      return replaced;
    },
    leaving: 'The rules have changes that are not saved. Leave them?',
  });
  const { words, setWords } = edit;
  const traffic = trafficIn(words);
  const subsets = subsetsOf(words);
  const change = (next: Partial<TrafficWords>) => setWords({ ...words, traffic: { ...traffic, ...next } });
  return (
    <EditFrame name="Rules of traffic" edit={edit}>
      <Section
        title="Subsets"
        description="Name the subset of each target, such as stable and canary. Without names all targets get calls alike."
      >
        <SubsetFields words={words} onChange={setWords} />
      </Section>
      {traffic && (
        <>
          <Section title="Rules" description="The first that matches a call decides where it goes.">
            <RuleList rules={traffic.rules ?? []} subsets={subsets} onChange={(rules) => change({ rules })} />
          </Section>
          <Section
            title="All other calls"
            description="An application stays in its share. Shares can be changed on the page of the canary, too."
          >
            <Stack gap="md">
              <ChoiceFields
                path="traffic.default"
                words={traffic.default}
                subsets={subsets}
                refuses
                onChange={(next) => change({ default: next })}
              />
            </Stack>
          </Section>
        </>
      )}
    </EditFrame>
  );
}

interface SubsetProps {
  readonly words: UpstreamWords;
  readonly onChange: (words: UpstreamWords) => void;
}

function SubsetFields({ words, onChange }: SubsetProps) {
  const fault = useFault('traffic');
  return (
    <Stack gap="md">
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      {(words.targets ?? []).map(({ url, subset = '' }, index) => (
        <TextField
          key={index}
          path={`targets.${index}.subset`}
          label={url}
          placeholder="In no subset"
          value={subset}
          onChange={(name) => onChange(withSubset(words, index, name))}
        />
      ))}
    </Stack>
  );
}
