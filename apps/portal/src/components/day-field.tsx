import { TextInput } from '@mantine/core';

interface DayFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  /** What is wrong with the day. */
  readonly error?: string | undefined;
  /** "2026-03-31", or empty. */
  readonly value: string;
  readonly onChange: (day: string) => void;
}

/** Asks for a day. */
export function DayField({ onChange, ...field }: DayFieldProps) {
  return <TextInput type="date" {...field} onChange={(event) => onChange(event.currentTarget.value)} />;
}
