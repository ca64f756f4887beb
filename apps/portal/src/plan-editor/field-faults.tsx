import { NumberInput, TextInput, type TextInputProps } from '@mantine/core';
import { createContext, useContext } from 'react';

/** What is wrong with the terms, by the path of the field. */
export const FieldFaults = createContext<ReadonlyMap<string, string>>(new Map());

/** What is wrong with the field at this path; undefined for nothing. */
export function useFault(path: string): string | undefined {
  return useContext(FieldFaults).get(path);
}

/** What is wrong at this path or at something below it; the first of it. */
export function useFaultBelow(path: string): string | undefined {
  const faults = useContext(FieldFaults);
  return faults.get(path) ?? [...faults].find(([place]) => place.startsWith(`${path}.`))?.[1];
}

interface TextFieldProps extends Omit<TextInputProps, 'onChange' | 'value'> {
  readonly path: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A text of the terms. */
export function TextField({ path, onChange, ...props }: TextFieldProps) {
  const fault = useFault(path);
  return <TextInput {...props} error={fault} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** An exact decimal, as it is typed: it never becomes a number of JavaScript. */
export function DecimalField(props: TextFieldProps) {
  return <TextField {...props} inputMode="decimal" autoComplete="off" />;
}

interface OptionalDecimalProps extends Omit<TextFieldProps, 'onChange' | 'value'> {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** The same where an empty field means that there is none. */
export function OptionalDecimalField({ value, onChange, ...props }: OptionalDecimalProps) {
  return (
    <DecimalField
      placeholder="None"
      {...props}
      value={value ?? ''}
      onChange={(text) => onChange(text.trim() === '' ? undefined : text)}
    />
  );
}

interface WholeFieldProps {
  readonly path: string;
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly suffix?: string;
}

/** A whole number; what is empty is 0, which no limit may be. */
export function WholeField({ path, value, onChange, ...props }: WholeFieldProps) {
  return (
    <NumberInput
      {...props}
      error={useFault(path)}
      value={value}
      min={0}
      max={Number.MAX_SAFE_INTEGER}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=","
      onChange={(next) => onChange(typeof next === 'number' ? next : 0)}
    />
  );
}
