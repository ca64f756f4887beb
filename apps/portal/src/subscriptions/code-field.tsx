import { Button, Group, TextInput } from '@mantine/core';

interface CodeFieldProps {
  readonly code: string;
  readonly onChange: (code: string) => void;
  /** The code that what is shown is of. */
  readonly applied: string;
  readonly onApply: (code: string) => void;
  /** Why the code that was applied is refused. */
  readonly fault: string | undefined;
  readonly placeholder?: string;
}

/** Where people type a code and look at what it does, before anything is done. */
export function CodeField({ code, onChange, applied, onApply, fault, placeholder }: CodeFieldProps) {
  const isChanged = code.trim() !== applied;
  const apply = () => onApply(code.trim());
  return (
    <Group align="flex-start" gap="sm" wrap="nowrap">
      <TextInput
        aria-label="Code"
        placeholder={placeholder}
        autoComplete="off"
        maxLength={60}
        style={{ flex: 1 }}
        value={code}
        error={isChanged ? undefined : fault}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !isChanged) return;
          // The code first; the form goes on with the next one.
          event.preventDefault();
          apply();
        }}
      />
      <Button variant="default" disabled={!isChanged} onClick={apply}>
        Apply
      </Button>
    </Group>
  );
}
