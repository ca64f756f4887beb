import { NumberInput } from '@mantine/core';
import { useFault } from '../plan-editor/field-faults.js';

interface NumberFieldProps {
  readonly path: string;
  readonly label: string;
  readonly suffix?: string;
  /** What holds where nothing is said; shown in the empty field. */
  readonly usual: number | string;
  readonly value: number | null | undefined;
  /** Undefined for an empty field. */
  readonly onChange: (value: number | undefined) => void;
}

/** A number that may be left to what is usual. */
export function NumberField({ path, label, suffix = '', usual, value, onChange }: NumberFieldProps) {
  return (
    <NumberInput
      label={label}
      error={useFault(path)}
      min={0}
      allowNegative={false}
      thousandSeparator=","
      suffix={suffix}
      placeholder={typeof usual === 'number' ? `${usual.toLocaleString('en')}${suffix}` : usual}
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
    />
  );
}
