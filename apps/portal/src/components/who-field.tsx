import { TextInput } from '@mantine/core';

interface WhoFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Whose changes are looked for. */
export function WhoField({ value, onChange }: WhoFieldProps) {
  return (
    <TextInput
      aria-label="Who, by address"
      placeholder="Who, by address"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={254}
    />
  );
}
