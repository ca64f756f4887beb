import { Autocomplete, TagsInput } from '@mantine/core';
import { createContext, useContext } from 'react';
import { useFault, useFaultBelow } from '../plan-editor/field-faults.js';

/** What a selector may be, of the operations of the version that is edited. */
export const SelectorChoices = createContext<readonly string[]>([]);

interface ListFieldProps {
  readonly path: string;
  readonly label: string;
  readonly description?: string;
  /** What holds where there is none; shown in the empty field. */
  readonly placeholder?: string;
  readonly data?: readonly string[];
  readonly value: readonly string[] | undefined;
  readonly onChange: (value: readonly string[]) => void;
}

/** A list of texts, each written and taken away by keyboard. */
export function ListField({ path, placeholder = '', data = [], value = [], onChange, ...props }: ListFieldProps) {
  return (
    <TagsInput
      {...props}
      error={useFaultBelow(path)}
      placeholder={value.length === 0 ? placeholder : ''}
      data={[...data]}
      maxDropdownHeight={280}
      acceptValueOnBlur
      value={[...value]}
      onChange={onChange}
    />
  );
}

/** Operations by their ids, tags, or "*". */
export function SelectorsField(props: Omit<ListFieldProps, 'data'>) {
  return <ListField {...props} data={useContext(SelectorChoices)} />;
}

interface SelectorFieldProps {
  readonly path: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Which operations something holds for. */
export function SelectorField({ path, value = '', onChange }: SelectorFieldProps) {
  return (
    <Autocomplete
      label="Operations"
      required
      placeholder="* for all"
      error={useFault(path)}
      data={[...useContext(SelectorChoices)]}
      maxDropdownHeight={280}
      value={value}
      onChange={onChange}
    />
  );
}
