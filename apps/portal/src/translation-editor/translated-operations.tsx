import { Autocomplete } from '@mantine/core';
import { type ReactNode, useContext } from 'react';
import { useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { SelectorChoices } from '../policy-editor/list-field.js';
import { NamedFields, type NamedParts } from './named-fields.js';
import type { NamedRow, NamedWords } from './named-rows.js';

/** What the fields of one operation are given. */
export interface OperationProps<Words> {
  readonly path: string;
  readonly words: Words;
  readonly onChange: (words: Words) => void;
}

interface TranslatedOperationsProps<Words> {
  readonly path: string;
  readonly title: string;
  readonly fresh: Words;
  readonly words: NamedWords<Words> | undefined;
  /** Undefined for none. */
  readonly onChange: (words: Readonly<Record<string, Words>> | undefined) => void;
  /** The fields of one of them. */
  readonly children: (operation: OperationProps<Words>) => ReactNode;
}

/** What single operations of the document become, each under its name. */
export function TranslatedOperations<Words>({ children, ...props }: TranslatedOperationsProps<Words>) {
  return (
    <NamedFields {...props} noun="operation">
      {(row, parts) => (
        <div className={classes.group} role="group" aria-label={parts.label}>
          <div className={classes.row}>
            <OperationField row={row} parts={parts} />
            {parts.button}
          </div>
          {children({ path: parts.path, words: row.value, onChange: (value) => parts.change({ ...row, value }) })}
        </div>
      )}
    </NamedFields>
  );
}

interface OperationFieldProps<Words> {
  readonly row: NamedRow<Words>;
  readonly parts: NamedParts<Words>;
}

function OperationField<Words>({ row, parts }: OperationFieldProps<Words>) {
  const choices = useContext(SelectorChoices);
  const fault = useFault(parts.path);
  return (
    <Autocomplete
      label="Operation"
      required
      error={parts.nameFault ?? fault}
      data={choices.filter((choice) => choice !== '*' && !choice.startsWith('tag:'))}
      maxDropdownHeight={280}
      value={row.name}
      onChange={(name) => parts.change({ ...row, name })}
    />
  );
}
