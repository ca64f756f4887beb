import { Textarea } from '@mantine/core';

interface ReasonFieldProps {
  /** Who is going to read it. */
  readonly description: string;
  /** It may be left empty. */
  readonly isOptional?: boolean;
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Why something is done by hand. */
export function ReasonField({ description, isOptional = false, value, onChange }: ReasonFieldProps) {
  return (
    <Textarea
      label={isOptional ? 'Reason (optional)' : 'Reason'}
      description={description}
      required={!isOptional}
      autosize
      minRows={2}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
