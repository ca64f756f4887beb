import { Textarea } from '@mantine/core';
import { type CSSProperties, useEffect, useRef } from 'react';
import { jsonFault } from './body-form.js';

interface JsonFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly minRows: number;
  readonly required?: boolean;
  readonly style?: CSSProperties;
  /** What else is wrong with it. */
  readonly fault: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** JSON of several lines. While it is none, the form around it cannot be sent. */
export function JsonField({ fault, value, onChange, ...props }: JsonFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const notJson = value === '' ? undefined : jsonFault(value);
  useEffect(() => field.current?.setCustomValidity(notJson ?? ''), [notJson]);
  return (
    <Textarea
      {...props}
      ref={field}
      autosize
      maxRows={20}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      classNames={{ input: 'mono' }}
      error={notJson ?? fault}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
