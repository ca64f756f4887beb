import { TextInput, type TextInputProps } from '@mantine/core';

/** A field for the six digits of an authenticator app. */
export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      label="Code of the app"
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="123456"
      required
      withAsterisk={false}
      maxLength={7}
      styles={{ input: { fontVariantNumeric: 'tabular-nums', letterSpacing: '0.15em' } }}
      {...props}
    />
  );
}

/** What is wrong with a code before it is sent. */
export function codeFault(code: string): string | undefined {
  return /^\d{6}$/.test(code.replaceAll(/\s/g, '')) ? undefined : 'Enter the six digits that the app shows.';
}
