import { Textarea } from '@mantine/core';

interface ReasonFieldProps {
  /** Who is going to read it. */
  readonly description: string;
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Why something is done by hand. */
export function ReasonField({ description, value, onChange }: ReasonFieldProps) {
  return (
    <Textarea
      label="Reason"
      description={description}
      required
      autosize
      minRows={2}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
