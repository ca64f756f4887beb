import { ActionIcon, Button, Select, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt } from '../plan-editor/plan-terms.js';
import {
  type ChangeKind,
  type ChangeRow,
  type ChangeWords,
  changeRows,
  changesOf,
  faultPlace,
  isReplaced,
} from './change-rows.js';

interface ChangeFieldsProps {
  readonly path: string;
  readonly title: string;
  /** What one of them is: "header of requests". */
  readonly noun: string;
  readonly words: ChangeWords | undefined;
  readonly onChange: (words: ChangeWords | undefined) => void;
}

const kinds: readonly { readonly value: ChangeKind; readonly label: string }[] = [
  { value: 'remove', label: 'Remove' },
  { value: 'rename', label: 'Rename' },
  { value: 'set', label: 'Set' },
  { value: 'add', label: 'Add' },
];

/** Header fields or query parameters that are removed, renamed, set or added. */
export function ChangeFields({ path, title, noun, words, onChange }: ChangeFieldsProps) {
  const fault = useFault(path);
  // Kept here as well: while a name is typed, two may have the same.
  const [rows, setRows] = useState(() => changeRows(words));
  const isOurs = JSON.stringify(changesOf(rows) ?? {}) === JSON.stringify(words ?? {});
  if (!isOurs) setRows(changeRows(words));
  const change = (next: readonly ChangeRow[]) => {
    setRows([...next]);
    onChange(changesOf(next));
  };
  return (
    <div role="group" aria-label={title} style={{ marginTop: 14 }}>
      <Text size="sm" fw={550}>
        {title}
      </Text>
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      {rows.map((row, index) => (
        <ChangeRowFields
          key={index}
          path={`${path}.${faultPlace(rows, index)}`}
          name={`${noun} ${index + 1}`}
          row={row}
          isReplaced={isReplaced(rows, index)}
          onChange={(next) => change(changedAt(rows, index, next))}
        />
      ))}
      <Button
        mt={6}
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => change([...rows, { kind: 'set', name: '', value: '' }])}
      >
        Add {noun}
      </Button>
    </div>
  );
}

interface ChangeRowProps {
  readonly path: string;
  readonly name: string;
  readonly row: ChangeRow;
  readonly isReplaced: boolean;
  /** Null takes the row away. */
  readonly onChange: (row: ChangeRow | null) => void;
}

function ChangeRowFields({ path, name, row, isReplaced: isLost, onChange }: ChangeRowProps) {
  const fault = useFault(path);
  return (
    <div className={classes.row} role="group" aria-label={name} style={{ marginTop: 6 }}>
      <Select
        label="Do"
        allowDeselect={false}
        data={[...kinds]}
        value={row.kind}
        onChange={(kind) => kind && onChange({ ...row, kind })}
      />
      <TextInput
        label="Name"
        required
        autoComplete="off"
        error={isLost ? 'It is below again, which holds' : fault}
        value={row.name}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      {row.kind !== 'remove' && (
        <TextInput
          label={row.kind === 'rename' ? 'New name' : 'Value'}
          autoComplete="off"
          value={row.value}
          onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove ${name}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
