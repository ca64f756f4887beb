import { Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import { policiesQuery, replacePolicies } from '../api/policies.js';
import { Section } from '../components/section.js';
import { TranslationSection } from '../translation-editor/translation-section.js';
import { EditFrame } from '../version-editor/edit-frame.js';
import { useVersionEdit } from '../version-editor/use-version-edit.js';
import { AnswerSections, TestSections } from './answer-sections.js';
import { BrowserSections } from './browser-sections.js';
import { AuthenticationSections, PlaceSections } from './caller-sections.js';
import { SelectorChoices } from './list-field.js';
import { type PolicyWords, policyForm, policyWords } from './policy-words.js';
import { RequestSections } from './request-sections.js';
import { TransformationSection } from './transformation-section.js';

interface ReadPolicies {
  readonly policies: unknown;
}

interface PoliciesFormProps {
  readonly version: ApiVersionName;
  readonly read: Tagged<ReadPolicies>;
  /** What selectors may name. */
  readonly selectors: readonly string[];
}

/** The policies of a version: what is said here holds from the next second on. */
export function PoliciesForm({ version, read, selectors }: PoliciesFormProps) {
  const queryClient = useQueryClient();
  const query = policiesQuery(version);
  const edit = useVersionEdit({
    version,
    read,
    wordsOf: ({ policies }: ReadPolicies) => policyForm(policies as PolicyWords),
    queryKey: query.queryKey,
    readAgain: () => queryClient.fetchQuery({ ...query, staleTime: 0 }),
    replace: async (etag, form) => replacePolicies(version, etag, policyWords(form)),
    leaving: 'The policies have changes that are not saved. Leave them?',
  });
  const remarks = (!edit.isChanged && edit.save.data?.remarks) || [];
  const props = { words: edit.words, onChange: edit.setWords };
  return (
    <SelectorChoices value={selectors}>
      <EditFrame name="Policies" edit={edit} remark={remarks.length > 0 && <Remarks remarks={remarks} />}>
        <Section title="Who calls" description="How callers show who they are, and from where they may call.">
          <Stack gap="md">
            <AuthenticationSections {...props} />
            <PlaceSections {...props} />
          </Stack>
        </Section>
        <Section title="Browsers">
          <Stack gap="md">
            <BrowserSections {...props} />
          </Stack>
        </Section>
        <Section title="Requests">
          <Stack gap="md">
            <RequestSections {...props} />
          </Stack>
        </Section>
        <Section title="Changes on the way">
          <Stack gap="md">
            <TransformationSection {...props} />
            <TranslationSection {...props} stored={edit.before.translation} />
          </Stack>
        </Section>
        <Section title="Answers">
          <Stack gap="md">
            <AnswerSections {...props} />
          </Stack>
        </Section>
        <Section title="Test keys and mocks">
          <Stack gap="md">
            <TestSections {...props} />
          </Stack>
        </Section>
      </EditFrame>
    </SelectorChoices>
  );
}

/** What was saved and will not be done. */
function Remarks({ remarks }: { readonly remarks: readonly string[] }) {
  const shown = remarks.slice(0, 5);
  return (
    <Text size="sm" style={{ width: '100%' }}>
      Saved, with this left out: {shown.join('; ')}
      {remarks.length > shown.length && `; and ${remarks.length - shown.length} more`}.
    </Text>
  );
}
