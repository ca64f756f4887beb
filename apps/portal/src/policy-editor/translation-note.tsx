import { Text } from '@mantine/core';
import { withOptional } from '../plan-editor/plan-terms.js';
import type { PolicyProps } from './caller-sections.js';
import { PolicyGroup } from './policy-group.js';
import type { SectionWords } from './policy-words.js';

const protocols = { grpc: 'gRPC', graphql: 'GraphQL', soap: 'SOAP' } as const;

interface TranslationProps extends PolicyProps {
  /** What is in force; undefined for none. */
  readonly stored: SectionWords<'translation'> | undefined;
}

/** A translation comes from the file, as its descriptions do; here it can be switched off. Nothing without one. */
export function TranslationNote({ words, stored, onChange }: TranslationProps) {
  if (!stored) return null;
  const [protocol] = Object.keys(stored) as (keyof typeof protocols)[];
  return (
    <PolicyGroup
      path="translation"
      title="Translation"
      description="The upstream speaks another protocol than the document. It is written in the catalogue file, or sent by REST."
      guide="protocol-translation"
      value={words.translation}
      initial={stored}
      onChange={(value) => onChange(withOptional(words, 'translation', value))}
    >
      {() => <Text size="sm">Calls are translated to {protocol ? protocols[protocol] : 'another protocol'}.</Text>}
    </PolicyGroup>
  );
}
