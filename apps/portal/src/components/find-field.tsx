import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

const TYPING_MS = 300;

interface FindFieldProps {
  readonly label: string;
  readonly placeholder: string;
  /** What is looked for when the page opens; default nothing. */
  readonly initial?: string;
  /** Small, without its label in sight: for the head of a section. */
  readonly isCompact?: boolean;
  /** Called once somebody has stopped typing. */
  readonly onFind: (text: string) => void;
}

/** Where one types a part of what is looked for in a list. */
export function FindField({ label, placeholder, initial = '', isCompact = false, onFind }: FindFieldProps) {
  const [typed, setTyped] = useState(initial);
  const find = useDebouncedCallback(onFind, TYPING_MS);
  return (
    <TextInput
      {...(isCompact ? { 'aria-label': label, size: 'xs' } : { label })}
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
