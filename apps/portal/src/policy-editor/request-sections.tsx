import { Select, SimpleGrid, Switch } from '@mantine/core';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import type { PolicyProps } from './caller-sections.js';
import { SelectorsField } from './list-field.js';
import { PolicyGroup } from './policy-group.js';
import { type SectionWords, USUAL_POLICY } from './policy-words.js';

/** What requests must be like, before they go to the upstream. */
export function RequestSections({ words, onChange }: PolicyProps) {
  const { sizes, validation, idempotency } = words;
  return (
    <>
      <PolicyGroup
        path="sizes"
        title="Another bound for bodies"
        description="Larger request bodies are refused with 413. Off: 10 MiB."
        guide="proxying"
        value={sizes}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'sizes', value))}
      >
        {(value) => (
          <div className={classes.fields}>
            <NumberField
              path="sizes.maxBodyBytes"
              label="Largest body"
              suffix=" bytes"
              usual={USUAL_POLICY.bodyBytes}
              value={value.maxBodyBytes}
              onChange={(bytes) => onChange({ ...words, sizes: withOptional(value, 'maxBodyBytes', bytes) })}
            />
          </div>
        )}
      </PolicyGroup>
      <PolicyGroup
        path="validation"
        title="Check against the document"
        description="Requests that do not fit the OpenAPI document get 400 with the list of what is wrong, and cost nothing."
        guide="validation-and-mocks"
        value={validation}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'validation', value))}
      >
        {(value) => <ValidationFields words={value} onChange={(next) => onChange({ ...words, validation: next })} />}
      </PolicyGroup>
      <PolicyGroup
        path="idempotency"
        title="Calls that are made once"
        description="A POST or PATCH with an Idempotency-Key is made once; whoever asks again gets the same answer."
        guide="idempotency"
        value={idempotency}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'idempotency', value))}
      >
        {(value) => <IdempotencyFields words={value} onChange={(next) => onChange({ ...words, idempotency: next })} />}
      </PolicyGroup>
    </>
  );
}

interface FieldsProps<Words> {
  readonly words: Words;
  readonly onChange: (words: Words) => void;
}

function ValidationFields({ words, onChange }: FieldsProps<SectionWords<'validation'>>) {
  return (
    <>
      <div className={classes.fields}>
        <Select
          label="A request that does not fit"
          description="Look at what would be refused before refusing it."
          allowDeselect={false}
          data={[
            { value: 'enforce', label: 'Is refused' },
            { value: 'report', label: 'Passes, and is counted' },
          ]}
          value={words.mode ?? 'enforce'}
          onChange={(next) => onChange(withOptional(words, 'mode', next === 'report' ? next : undefined))}
        />
        <NumberField
          path="validation.maxBodyBytes"
          label="Largest body that is checked"
          suffix=" bytes"
          usual={USUAL_POLICY.checkedBytes}
          value={words.maxBodyBytes}
          onChange={(bytes) => onChange(withOptional(words, 'maxBodyBytes', bytes))}
        />
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Switch
          label="Parameters"
          checked={words.parameters ?? true}
          onChange={(event) =>
            onChange(withOptional(words, 'parameters', event.currentTarget.checked ? undefined : false))
          }
        />
        <Switch
          label="Bodies"
          checked={words.body ?? true}
          onChange={(event) => onChange(withOptional(words, 'body', event.currentTarget.checked ? undefined : false))}
        />
      </SimpleGrid>
    </>
  );
}

function IdempotencyFields({ words, onChange }: FieldsProps<SectionWords<'idempotency'>>) {
  return (
    <>
      <SelectorsField
        path="idempotency.operations"
        label="Operations"
        placeholder="Every POST and PATCH"
        value={words.operations}
        onChange={(next) => onChange(withOptional(words, 'operations', next.length === 0 ? undefined : next))}
      />
      <div className={classes.fields}>
        <NumberField
          path="idempotency.keepSeconds"
          label="An answer is given again for"
          suffix=" s"
          usual={USUAL_POLICY.keepSeconds}
          value={words.keepSeconds}
          onChange={(seconds) => onChange(withOptional(words, 'keepSeconds', seconds))}
        />
        <NumberField
          path="idempotency.maxBodyBytes"
          label="Largest body with a key"
          suffix=" bytes"
          usual={USUAL_POLICY.checkedBytes}
          value={words.maxBodyBytes}
          onChange={(bytes) => onChange(withOptional(words, 'maxBodyBytes', bytes))}
        />
      </div>
      <Switch
        label="Refuse calls without an Idempotency-Key"
        checked={words.isRequired ?? false}
        onChange={(event) => onChange(withOptional(words, 'isRequired', event.currentTarget.checked || undefined))}
      />
    </>
  );
}
