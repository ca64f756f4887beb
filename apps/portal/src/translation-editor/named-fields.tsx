import { ActionIcon, Button, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, type ReactNode, useState } from 'react';
import { useFault } from '../plan-editor/field-faults.js';
import { changedAt } from '../plan-editor/plan-terms.js';
import { type NamedRow, type NamedWords, namedRows, namedWords } from './named-rows.js';

/** What a row has for itself. */
export interface NamedParts<Value> {
  /** Of its value, for faults. */
  readonly path: string;
  /** "variable 2" */
  readonly label: string;
  /** What is wrong with its name. */
  readonly nameFault: string | undefined;
  readonly change: (row: NamedRow<Value>) => void;
  /** The button that takes it away. */
  readonly button: ReactNode;
}

interface NamedFieldsProps<Value> {
  readonly path: string;
  /** What all of them are. */
  readonly title: string;
  /** "variable": the button of the second one is "Remove variable 2". */
  readonly noun: string;
  readonly fresh: Value;
  readonly words: NamedWords<Value> | undefined;
  /** Undefined for none. */
  readonly onChange: (words: Readonly<Record<string, Value>> | undefined) => void;
  readonly children: (row: NamedRow<Value>, parts: NamedParts<Value>) => ReactNode;
}

/** Values by names that are typed, in no order, and a button that adds one. */
export function NamedFields<Value>({ path, title, noun, fresh, words, onChange, children }: NamedFieldsProps<Value>) {
  const fault = useFault(path);
  // Kept here as well: while a name is typed, two may have the same.
  const [rows, setRows] = useState(() => namedRows(words));
  const isOurs = JSON.stringify(namedWords(rows) ?? {}) === JSON.stringify(words ?? {});
  if (!isOurs) setRows(namedRows(words));
  const change = (next: readonly NamedRow<Value>[]) => {
    setRows([...next]);
    onChange(namedWords(next));
  };
  return (
    <div role="group" aria-label={title}>
      <Stack gap="sm">
        <Text size="sm" fw={550}>
          {title}
        </Text>
        {fault && (
          <Text size="sm" c="red">
            {fault}
          </Text>
        )}
        {rows.map((row, index) => {
          const label = `${noun} ${index + 1}`;
          const isReplaced = rows.slice(index + 1).some(({ name }) => name === row.name);
          const parts: NamedParts<Value> = {
            path: `${path}.${row.name}`,
            label,
            nameFault: isReplaced ? 'It is below again, which holds' : undefined,
            change: (next) => change(changedAt(rows, index, next)),
            button: (
              <ActionIcon size={36} aria-label={`Remove ${label}`} onClick={() => change(changedAt(rows, index, null))}>
                <IconTrash size={18} />
              </ActionIcon>
            ),
          };
          return <Fragment key={index}>{children(row, parts)}</Fragment>;
        })}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => change([...rows, { name: '', value: fresh }])}
          >
            Add {noun}
          </Button>
        </div>
      </Stack>
    </div>
  );
}
