import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

const TYPING_MS = 300;

interface FindFieldProps {
  readonly label: string;
  readonly placeholder: string;
  /** What is looked for when the page opens. */
  readonly initial: string;
  /** Called once somebody has stopped typing. */
  readonly onFind: (text: string) => void;
}

/** Where one types a part of what is looked for in a list. */
export function FindField({ label, placeholder, initial, onFind }: FindFieldProps) {
  const [typed, setTyped] = useState(initial);
  const find = useDebouncedCallback(onFind, TYPING_MS);
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} />}
      maxLength={120}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        find(event.currentTarget.value);
      }}
    />
  );
}
