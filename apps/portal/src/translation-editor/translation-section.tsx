import { Select, Text } from '@mantine/core';
import { useFault } from '../plan-editor/field-faults.js';
import { withOptional } from '../plan-editor/plan-terms.js';
import type { PolicyProps } from '../policy-editor/caller-sections.js';
import { PolicyGroup } from '../policy-editor/policy-group.js';
import { GraphqlFields } from './graphql-fields.js';
import { GrpcFields } from './grpc-fields.js';
import { SoapFields } from './soap-fields.js';
import { FRESH, type Protocol, type TranslationWords, protocolOf } from './translation-words.js';

const protocols: readonly { readonly value: Protocol; readonly label: string }[] = [
  { value: 'grpc', label: 'gRPC' },
  { value: 'graphql', label: 'GraphQL' },
  { value: 'soap', label: 'SOAP' },
];

interface TranslationProps extends PolicyProps {
  /** What is in force; undefined for none. */
  readonly stored: TranslationWords | undefined;
}

/** The other protocol that an upstream speaks. */
export function TranslationSection({ words, stored, onChange }: TranslationProps) {
  const change = (translation: TranslationWords | undefined) =>
    onChange(withOptional(words, 'translation', translation));
  return (
    <PolicyGroup
      path="translation"
      title="Translation"
      description="The upstream speaks another protocol than the document: calls are translated to it. For gRPC the upstream’s protocol is HTTP/2."
      guide="protocol-translation"
      value={words.translation}
      initial={stored ?? FRESH.graphql}
      onChange={change}
    >
      {(value) => <ProtocolFields words={value} stored={stored} onChange={change} />}
    </PolicyGroup>
  );
}

interface ProtocolProps {
  readonly words: TranslationWords;
  readonly stored: TranslationWords | undefined;
  readonly onChange: (words: TranslationWords) => void;
}

function ProtocolFields({ words, stored, onChange }: ProtocolProps) {
  const protocol = protocolOf(words);
  const fault = useFault(`translation.${protocol}`);
  const choose = (next: Protocol) => onChange(stored && protocolOf(stored) === next ? stored : FRESH[next]);
  return (
    <>
      <Select
        label="Calls are translated to"
        maw={320}
        allowDeselect={false}
        data={[...protocols]}
        value={protocol}
        onChange={(next) => next && choose(next)}
      />
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      {words.grpc && <GrpcFields words={words.grpc} onChange={(grpc) => onChange({ grpc })} />}
      {words.graphql && <GraphqlFields words={words.graphql} onChange={(graphql) => onChange({ graphql })} />}
      {words.soap && <SoapFields words={words.soap} onChange={(soap) => onChange({ soap })} />}
    </>
  );
}
