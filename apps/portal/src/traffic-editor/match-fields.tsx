import { ActionIcon, Button, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useFault, useFaultBelow } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, withOptional } from '../plan-editor/plan-terms.js';
import { ListField } from '../policy-editor/list-field.js';
import { type HeaderRow, type MatchWords, headerRows, headersOf } from './traffic-words.js';

interface MatchProps {
  readonly path: string;
  readonly words: MatchWords;
  readonly onChange: (words: MatchWords) => void;
}

const hows: readonly { readonly value: HeaderRow['how']; readonly label: string }[] = [
  { value: 'exact', label: 'Is' },
  { value: 'prefix', label: 'Begins with' },
  { value: 'regex', label: 'Fits the pattern' },
  { value: 'present', label: 'Is there' },
  { value: 'absent', label: 'Is not there' },
];

/** What calls match: all that is filled in. */
export function MatchFields({ path, words, onChange }: MatchProps) {
  const fault = useFault(path);
  const list = (field: 'organizations' | 'applications' | 'plans') => (next: readonly string[]) =>
    onChange(withOptional(words, field, next.length === 0 ? undefined : next));
  return (
    <Stack gap="sm">
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      <HeaderRows path={`${path}.headers`} words={words} onChange={onChange} />
      <div className={classes.fields}>
        <ListField
          path={`${path}.organizations`}
          label="Organizations"
          placeholder="Any: northwind"
          value={words.organizations}
          onChange={list('organizations')}
        />
        <ListField
          path={`${path}.applications`}
          label="Applications"
          placeholder="Any: northwind/Shop window"
          value={words.applications}
          onChange={list('applications')}
        />
        <ListField
          path={`${path}.plans`}
          label="Plans"
          placeholder="Any: atlas/pro"
          value={words.plans}
          onChange={list('plans')}
        />
      </div>
    </Stack>
  );
}

function HeaderRows({ path, words, onChange }: MatchProps) {
  const fault = useFault(path);
  // Kept here as well: while a name is typed, two may have the same.
  const [rows, setRows] = useState(() => headerRows(words.headers));
  const isOurs = JSON.stringify(headersOf(rows) ?? {}) === JSON.stringify(words.headers ?? {});
  if (!isOurs) setRows(headerRows(words.headers));
  const change = (next: readonly HeaderRow[]) => {
    setRows([...next]);
    onChange(withOptional(words, 'headers', headersOf(next)));
  };
  return (
    <>
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      {rows.map((row, index) => (
        <HeaderFields
          key={index}
          path={`${path}.${row.name}`}
          label={`Header ${index + 1}`}
          row={row}
          isReplaced={rows.slice(index + 1).some(({ name }) => name === row.name)}
          onChange={(next) => change(changedAt(rows, index, next))}
        />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...rows, { name: '', how: 'exact', value: '' }])}
        >
          Add header
        </Button>
      </div>
    </>
  );
}

interface HeaderProps {
  readonly path: string;
  readonly label: string;
  readonly row: HeaderRow;
  readonly isReplaced: boolean;
  /** Null takes it away. */
  readonly onChange: (row: HeaderRow | null) => void;
}

function HeaderFields({ path, label, row, isReplaced, onChange }: HeaderProps) {
  const fault = useFaultBelow(path);
  const isText = row.how !== 'present' && row.how !== 'absent';
  return (
    <div className={classes.row} role="group" aria-label={label}>
      <TextInput
        label="Header"
        required
        autoComplete="off"
        error={isReplaced ? 'It is below again, which holds' : fault}
        value={row.name}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      <Select
        label="Its value"
        allowDeselect={false}
        data={[...hows]}
        value={row.how}
        onChange={(how) => how && onChange({ ...row, how })}
      />
      {isText && (
        <TextInput
          label="Text"
          autoComplete="off"
          value={row.value}
          onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove ${label.toLowerCase()}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
