import { Select, Textarea } from '@mantine/core';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { ListField } from '../policy-editor/list-field.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { type CrossingWords, USUAL_TRANSLATION, withCrossing } from './translation-words.js';

interface LongFieldProps {
  readonly path: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A text of several lines, in another language than people's. */
export function LongField({ path, onChange, ...props }: LongFieldProps) {
  return (
    <Textarea
      {...props}
      autosize
      minRows={3}
      maxRows={20}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      classNames={{ input: 'mono' }}
      error={useFault(path)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface CrossingProps {
  readonly path: string;
  readonly words: CrossingWords | undefined;
  readonly onChange: (words: CrossingWords | undefined) => void;
}

/** Header fields that cross a translation, beside the gateway's own. */
export function CrossingFields({ path, words, onChange }: CrossingProps) {
  return (
    <div className={classes.fields}>
      <ListField
        path={`${path}.request`}
        label="Headers of requests that cross"
        placeholder="None: x-tenant"
        value={words?.request}
        onChange={(names) => onChange(withCrossing(words, 'request', names))}
      />
      <ListField
        path={`${path}.response`}
        label="Headers of answers that cross"
        placeholder="None: x-served-by"
        value={words?.response}
        onChange={(names) => onChange(withCrossing(words, 'response', names))}
      />
    </div>
  );
}

interface UnknownFieldsProps {
  readonly value: 'refuse' | 'ignore' | undefined;
  readonly onChange: (value: 'ignore' | undefined) => void;
}

/** What becomes of fields and parameters that the translation does not know. */
export function UnknownFields({ value = 'refuse', onChange }: UnknownFieldsProps) {
  return (
    <Select
      label="Unknown fields of a call"
      allowDeselect={false}
      data={[
        { value: 'refuse', label: 'Is refused with 400' },
        { value: 'ignore', label: 'Is left out' },
      ]}
      value={value}
      onChange={(next) => onChange(next === 'ignore' ? next : undefined)}
    />
  );
}

/** What GraphQL and SOAP have in common. */
interface WholeAnswerWords {
  readonly path?: string;
  readonly unknownFields?: 'refuse' | 'ignore';
  readonly headers?: CrossingWords;
  readonly maxRequestBytes?: number;
  readonly maxResponseBytes?: number;
}

interface WholeAnswerProps<Words> {
  readonly path: string;
  readonly words: Words;
  readonly onChange: (words: Words) => void;
}

/** Where calls go, what crosses, and the bounds. */
export function WholeAnswerFields<Words extends WholeAnswerWords>({ path, words, onChange }: WholeAnswerProps<Words>) {
  const change = (next: WholeAnswerWords) => onChange(next as Words);
  const whole: WholeAnswerWords = words;
  return (
    <>
      <CrossingFields
        path={`${path}.headers`}
        words={words.headers}
        onChange={(headers) => change(withOptional(whole, 'headers', headers))}
      />
      <div className={classes.fields}>
        <TextField
          path={`${path}.path`}
          label="Path at the upstream"
          placeholder="Nothing: /graphql"
          value={words.path ?? ''}
          onChange={(text) => change(withOptional(whole, 'path', text || undefined))}
        />
        <UnknownFields
          value={words.unknownFields}
          onChange={(unknownFields) => change(withOptional(whole, 'unknownFields', unknownFields))}
        />
        <NumberField
          path={`${path}.maxRequestBytes`}
          label="Largest request"
          suffix=" bytes"
          usual={USUAL_TRANSLATION.requestBytes}
          value={words.maxRequestBytes}
          onChange={(bytes) => change(withOptional(whole, 'maxRequestBytes', bytes))}
        />
        <NumberField
          path={`${path}.maxResponseBytes`}
          label="Largest answer"
          suffix=" bytes"
          usual={USUAL_TRANSLATION.messageBytes}
          value={words.maxResponseBytes}
          onChange={(bytes) => change(withOptional(whole, 'maxResponseBytes', bytes))}
        />
      </div>
    </>
  );
}
