import { Select, Switch } from '@mantine/core';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { CrossingFields, UnknownFields } from './common-fields.js';
import { DescriptorsField } from './descriptors-field.js';
import { TextPairs } from './paired-fields.js';
import { type OperationProps, TranslatedOperations } from './translated-operations.js';
import { type GrpcOperation, type GrpcWords, USUAL_TRANSLATION } from './translation-words.js';

const PATH = 'translation.grpc';

interface GrpcProps {
  readonly words: GrpcWords;
  readonly onChange: (words: GrpcWords) => void;
}

/** JSON by HTTP to gRPC: the methods that the descriptors' google.api.http names, and those that are named here. */
export function GrpcFields({ words, onChange }: GrpcProps) {
  return (
    <>
      <DescriptorsField
        path={`${PATH}.descriptors`}
        value={words.descriptors ?? ''}
        onChange={(descriptors) => onChange({ ...words, descriptors })}
      />
      <TranslatedOperations
        path={`${PATH}.operations`}
        title="Operations with another method than google.api.http says"
        fresh={{ method: '' } satisfies GrpcOperation as GrpcOperation}
        words={words.operations}
        onChange={(operations) => onChange(withOptional(words, 'operations', operations))}
      >
        {(operation) => <OperationFields {...operation} />}
      </TranslatedOperations>
      <CrossingFields
        path={`${PATH}.metadata`}
        words={words.metadata}
        onChange={(metadata) => onChange(withOptional(words, 'metadata', metadata))}
      />
      <MessageFields words={words} onChange={onChange} />
    </>
  );
}

function MessageFields({ words, onChange }: GrpcProps) {
  return (
    <>
      <div className={classes.fields}>
        <TextField
          path={`${PATH}.service`}
          label="Service"
          placeholder="All: library.v1.Library"
          value={words.service ?? ''}
          onChange={(service) => onChange(withOptional(words, 'service', service || undefined))}
        />
        <UnknownFields
          value={words.unknownFields}
          onChange={(unknownFields) => onChange(withOptional(words, 'unknownFields', unknownFields))}
        />
        <Select
          label="Names in answers"
          allowDeselect={false}
          data={[
            { value: 'camelCase', label: 'In camelCase' },
            { value: 'proto', label: 'As in the descriptors' },
          ]}
          value={words.fieldNames ?? 'camelCase'}
          onChange={(next) => onChange(withOptional(words, 'fieldNames', next === 'proto' ? next : undefined))}
        />
        <NumberField
          path={`${PATH}.maxRequestBytes`}
          label="Largest request"
          suffix=" bytes"
          usual={USUAL_TRANSLATION.requestBytes}
          value={words.maxRequestBytes}
          onChange={(bytes) => onChange(withOptional(words, 'maxRequestBytes', bytes))}
        />
        <NumberField
          path={`${PATH}.maxMessageBytes`}
          label="Largest message of an answer"
          suffix=" bytes"
          usual={USUAL_TRANSLATION.messageBytes}
          value={words.maxMessageBytes}
          onChange={(bytes) => onChange(withOptional(words, 'maxMessageBytes', bytes))}
        />
      </div>
      <Switch
        label="Answers have fields with their default value too"
        checked={words.emitsDefaults ?? false}
        onChange={(event) => onChange(withOptional(words, 'emitsDefaults', event.currentTarget.checked || undefined))}
      />
    </>
  );
}

function OperationFields({ path, words, onChange }: OperationProps<GrpcOperation>) {
  return (
    <div style={{ display: 'grid', gap: 12, marginTop: 12 }}>
      <div className={classes.fields}>
        <TextField
          path={`${path}.method`}
          label="Method"
          required
          placeholder="library.v1.Library/GetBook"
          value={words.method ?? ''}
          onChange={(method) => onChange({ ...words, method })}
        />
        {words.body !== '' && (
          <TextField
            path={`${path}.body`}
            label="What the JSON body is"
            placeholder="* for POST, PUT and PATCH"
            value={words.body ?? ''}
            onChange={(body) => onChange(withOptional(words, 'body', body || undefined))}
          />
        )}
        <TextField
          path={`${path}.responseBody`}
          label="Field that is the answer"
          placeholder="All of it"
          value={words.responseBody ?? ''}
          onChange={(field) => onChange(withOptional(words, 'responseBody', field || undefined))}
        />
      </div>
      <Switch
        label="It takes no body"
        checked={words.body === ''}
        onChange={(event) => onChange(withOptional(words, 'body', event.currentTarget.checked ? '' : undefined))}
      />
      <TextPairs
        path={`${path}.fields`}
        title="Parameters that are not called as their field"
        noun="parameter"
        nameLabel="Parameter"
        valueLabel="Field"
        placeholder="user.id"
        words={words.fields}
        onChange={(fields) => onChange(withOptional(words, 'fields', fields))}
      />
    </div>
  );
}
