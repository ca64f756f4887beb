import { ActionIcon, Autocomplete, Select } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { MeterBinding } from '../api/types.js';
import { DecimalField, OptionalDecimalField, TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { type ValueSource, valueSources, withSource } from './product-words.js';

interface BindingRowProps {
  readonly path: string;
  readonly binding: MeterBinding;
  /** What can be named. */
  readonly selectors: readonly string[];
  /** Null takes it away; a meter needs one. */
  readonly onChange: (binding: MeterBinding | null) => void;
  readonly isOnly: boolean;
}

const sources = Object.entries(valueSources).map(([value, label]) => ({ value, label }));

/** Which operations count into a meter, and how much. */
export function BindingRow({ path, binding, selectors, onChange, isOnly }: BindingRowProps) {
  const { selector, weight, value } = binding;
  const readsHeader = value?.from === 'response_header' || value?.from === 'response_json';
  return (
    <div className={classes.row} role="group" aria-label={`Operations ${selector}`}>
      <Autocomplete
        label="Operations"
        data={[...selectors]}
        value={selector}
        error={useFault(`${path}.selector`)}
        onChange={(next) => onChange({ ...binding, selector: next })}
      />
      <Select
        label="Units of a call"
        allowDeselect={false}
        data={sources}
        value={value?.from ?? 'none'}
        error={useFault(`${path}.value`)}
        onChange={(source) => source && onChange(withSource(binding, source as ValueSource | 'none'))}
      />
      <DecimalField
        path={`${path}.weight`}
        label={value ? 'Times' : 'Units'}
        value={weight}
        onChange={(next) => onChange({ ...binding, weight: next })}
      />
      {value?.from === 'response_json' && (
        <TextField
          path={`${path}.value.pointer`}
          label="Field"
          placeholder="/usage/total_tokens"
          value={value.pointer ?? ''}
          onChange={(pointer) => onChange({ ...binding, value: { ...value, pointer } })}
        />
      )}
      {value && readsHeader && (
        <TextField
          path={`${path}.value.header`}
          label={value.from === 'response_json' ? 'Or header' : 'Header'}
          placeholder="X-Usage-Cost"
          value={value.header ?? ''}
          onChange={(header) => onChange({ ...binding, value: withOptional(value, 'header', header || undefined) })}
        />
      )}
      {value && value.from !== 'seconds' && (
        <OptionalDecimalField
          path={`${path}.value.maximum`}
          label="At most"
          placeholder="Usual"
          value={value.maximum}
          onChange={(maximum) => onChange({ ...binding, value: withOptional(value, 'maximum', maximum) })}
        />
      )}
      {!isOnly && (
        <ActionIcon size={36} aria-label={`Remove operations ${selector}`} onClick={() => onChange(null)}>
          <IconTrash size={18} />
        </ActionIcon>
      )}
    </div>
  );
}
