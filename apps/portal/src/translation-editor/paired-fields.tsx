import { TextInput } from '@mantine/core';
import { useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { NumberField } from '../upstream-editor/number-field.js';
import { NamedFields, type NamedParts } from './named-fields.js';
import type { NamedRow, NamedWords } from './named-rows.js';

interface PairedProps<Value> {
  readonly path: string;
  readonly title: string;
  readonly noun: string;
  readonly nameLabel: string;
  readonly valueLabel: string;
  readonly words: NamedWords<Value> | undefined;
  readonly onChange: (words: Readonly<Record<string, Value>> | undefined) => void;
}

interface TextPairsProps extends PairedProps<string> {
  /** What a value looks like. */
  readonly placeholder: string;
}

/** Texts by names. */
export function TextPairs({ nameLabel, valueLabel, placeholder, ...props }: TextPairsProps) {
  return (
    <NamedFields {...props} fresh="">
      {(row, parts) => (
        <div className={classes.row} role="group" aria-label={parts.label}>
          <NameInput label={nameLabel} row={row} parts={parts} />
          <ValueInput label={valueLabel} placeholder={placeholder} row={row} parts={parts} />
          {parts.button}
        </div>
      )}
    </NamedFields>
  );
}

/** Statuses by names. */
export function StatusPairs({ nameLabel, valueLabel, ...props }: PairedProps<number>) {
  return (
    <NamedFields {...props} fresh={400}>
      {(row, parts) => (
        <div className={classes.row} role="group" aria-label={parts.label}>
          <NameInput label={nameLabel} row={row} parts={parts} />
          <NumberField
            path={parts.path}
            label={valueLabel}
            usual=""
            value={row.value}
            onChange={(value = 0) => parts.change({ ...row, value })}
          />
          {parts.button}
        </div>
      )}
    </NamedFields>
  );
}

interface InputProps<Value> {
  readonly label: string;
  readonly row: NamedRow<Value>;
  readonly parts: NamedParts<Value>;
}

function NameInput<Value>({ label, row, parts }: InputProps<Value>) {
  return (
    <TextInput
      label={label}
      required
      autoComplete="off"
      error={parts.nameFault}
      value={row.name}
      onChange={(event) => parts.change({ ...row, name: event.currentTarget.value })}
    />
  );
}

interface ValueInputProps extends InputProps<string> {
  readonly placeholder: string;
}

function ValueInput({ label, placeholder, row, parts }: ValueInputProps) {
  return (
    <TextInput
      label={label}
      required
      autoComplete="off"
      placeholder={placeholder}
      error={useFault(parts.path)}
      value={row.value}
      onChange={(event) => parts.change({ ...row, value: event.currentTarget.value })}
    />
  );
}
