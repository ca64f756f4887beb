import { MultiSelect, Switch } from '@mantine/core';
import { useFault, useFaultBelow } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { ListField } from '../policy-editor/list-field.js';
import { NumberField } from './number-field.js';
import { type RetryWords, USUAL, statusCodes } from './upstream-words.js';

interface RetryFieldsProps {
  readonly path: string;
  readonly label: string;
  readonly description: string;
  /** Undefined where it is off. */
  readonly words: RetryWords | undefined;
  readonly onChange: (words: RetryWords | undefined) => void;
}

const conditions: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'connect-failure', label: 'No connection' },
  { value: 'reset', label: 'The connection breaks' },
  { value: 'gateway-error', label: '502, 503, 504 or no answer' },
  { value: '5xx', label: 'Any 5xx or no answer' },
  { value: 'retriable-4xx', label: '409' },
  { value: 'retriable-status-codes', label: 'One of these statuses' },
];

/** When and how often a call goes to the upstream again. */
export function RetryFields({ path, label, description, words, onChange }: RetryFieldsProps) {
  const fault = useFault(path);
  return (
    <>
      <Switch
        label={label}
        description={description}
        error={fault}
        checked={words !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? {} : undefined)}
      />
      {words && (
        <>
          <TimesFields path={path} words={words} onChange={onChange} />
          <ReasonFields path={path} words={words} onChange={onChange} />
        </>
      )}
    </>
  );
}

interface PartProps {
  readonly path: string;
  readonly words: RetryWords;
  readonly onChange: (words: RetryWords) => void;
}

function TimesFields({ path, words, onChange }: PartProps) {
  return (
    <div className={classes.fields}>
      <NumberField
        path={`${path}.attempts`}
        label="Times more"
        usual={USUAL.attempts}
        value={words.attempts}
        onChange={(value) => onChange(withOptional(words, 'attempts', value))}
      />
      <NumberField
        path={`${path}.perTryTimeoutMs`}
        label="Each for"
        suffix=" ms"
        usual="As long as all"
        value={words.perTryTimeoutMs}
        onChange={(value) => onChange(withOptional(words, 'perTryTimeoutMs', value))}
      />
      <NumberField
        path={`${path}.backOffMs`}
        label="First pause, which doubles"
        suffix=" ms"
        usual={USUAL.backOffMs}
        value={words.backOffMs}
        onChange={(value) => onChange(withOptional(words, 'backOffMs', value))}
      />
      <NumberField
        path={`${path}.maxReplayBytes`}
        label="With bodies up to"
        suffix=" bytes"
        usual={USUAL.replayBytes}
        value={words.maxReplayBytes}
        onChange={(value) => onChange(withOptional(words, 'maxReplayBytes', value))}
      />
      <NumberField
        path={`${path}.budgetPercent`}
        label="Share of calls under way"
        suffix=" %"
        usual={USUAL.budgetPercent}
        value={words.budgetPercent}
        onChange={(value) => onChange(withOptional(words, 'budgetPercent', value))}
      />
    </div>
  );
}

function ReasonFields({ path, words, onChange }: PartProps) {
  const retryOn = words.retryOn ?? USUAL.retryOn;
  const statuses = words.retriableStatusCodes ?? [];
  return (
    <div className={classes.fields}>
      <MultiSelect
        label="After"
        error={useFaultBelow(`${path}.retryOn`)}
        data={[...conditions]}
        value={[...retryOn]}
        onChange={(next) => onChange({ ...words, retryOn: next })}
      />
      {(retryOn.includes('retriable-status-codes') || statuses.length > 0) && (
        <ListField
          path={`${path}.retriableStatusCodes`}
          label="Statuses"
          placeholder="429"
          value={statuses.map(String)}
          onChange={(next) =>
            onChange(withOptional(words, 'retriableStatusCodes', next.length === 0 ? undefined : statusCodes(next)))
          }
        />
      )}
      <ListField
        path={`${path}.methods`}
        label="Methods"
        placeholder={words.methods?.length === 0 ? 'None' : USUAL.methods.join(', ')}
        value={words.methods}
        onChange={(next) => onChange(withOptional(words, 'methods', next.length === 0 ? undefined : next))}
      />
    </div>
  );
}
