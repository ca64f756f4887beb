import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** Asks people for the password that they have, to prove that it is them. */
export function OwnPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      label="Your password"
      autoComplete="current-password"
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
      {...props}
    />
  );
}
