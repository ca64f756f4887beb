import { ActionIcon, Button, Select, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { MeterInWords } from '../api/types.js';
import { capitalized } from '../format/text.js';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import { FormGroup } from '../plan-editor/form-group.js';
import classes from '../plan-editor/plan-editor.module.css';
import { aggregationWords, changedAt } from '../plan-editor/plan-terms.js';
import { BindingRow } from './binding-row.js';
import { distinctSources, withAggregation, withDistinctSource } from './product-words.js';

interface MeterFieldsProps {
  readonly path: string;
  readonly meter: MeterInWords;
  readonly selectors: readonly string[];
  /** Usage and prices may name it: its short name is fixed, and it cannot go. */
  readonly isKept: boolean;
  readonly isOnly: boolean;
  readonly onChange: (meter: MeterInWords | null) => void;
}

const aggregations = Object.entries(aggregationWords).map(([value, label]) => ({ value, label: capitalized(label) }));
const distinct = Object.entries(distinctSources).map(([value, label]) => ({ value, label }));

/** What is counted, of which operations. */
export function MeterFields({ path, meter, selectors, isKept, isOnly, onChange }: MeterFieldsProps) {
  const { slug, title, unit, aggregation, distinctValue, bindings } = meter;
  const name = title.trim() === '' ? slug : title;
  const distinctFault = useFault(`${path}.distinctValue`);
  const remove = !isKept && !isOnly && (
    <ActionIcon size={36} aria-label={`Remove meter ${name}`} onClick={() => onChange(null)}>
      <IconTrash size={18} />
    </ActionIcon>
  );
  return (
    <FormGroup title={name} actions={remove}>
      <Stack gap="md">
        <div className={classes.fields}>
          <TextField
            path={`${path}.title`}
            label="Title"
            required
            maxLength={120}
            value={title}
            onChange={(next) => onChange({ ...meter, title: next })}
          />
          <TextField
            path={`${path}.slug`}
            label="Short name"
            required
            maxLength={63}
            disabled={isKept}
            value={slug}
            onChange={(next) => onChange({ ...meter, slug: next })}
          />
          <TextField
            path={`${path}.unit`}
            label="One of them is a"
            required
            maxLength={40}
            value={unit}
            onChange={(next) => onChange({ ...meter, unit: next })}
          />
          <Select
            label="In a period"
            allowDeselect={false}
            data={aggregations}
            value={aggregation}
            onChange={(next) => next && onChange(withAggregation(meter, next as MeterInWords['aggregation']))}
          />
          {distinctValue && (
            <Select
              label="Counted once are"
              allowDeselect={false}
              data={distinct}
              value={distinctValue.from}
              error={distinctFault}
              onChange={(from) => from && onChange(withDistinctSource(meter, from as typeof distinctValue.from))}
            />
          )}
          {distinctValue?.from === 'request_header' && (
            <TextField
              path={`${path}.distinctValue.header`}
              label="Header"
              placeholder="X-User"
              value={distinctValue.header ?? ''}
              onChange={(header) => onChange({ ...meter, distinctValue: { ...distinctValue, header } })}
            />
          )}
          {distinctValue?.from === 'report' && (
            <TextField
              path={`${path}.distinctValue.pointer`}
              label="Field"
              placeholder="/user/id"
              value={distinctValue.pointer ?? ''}
              onChange={(pointer) => onChange({ ...meter, distinctValue: { ...distinctValue, pointer } })}
            />
          )}
        </div>
        {bindings.map((binding, index) => (
          <BindingRow
            key={index}
            path={`${path}.bindings.${index}`}
            binding={binding}
            selectors={selectors}
            isOnly={bindings.length === 1}
            onChange={(next) => onChange({ ...meter, bindings: changedAt(bindings, index, next) })}
          />
        ))}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange({ ...meter, bindings: [...bindings, { selector: '', weight: '1' }] })}
          >
            Add operations
          </Button>
        </div>
      </Stack>
    </FormGroup>
  );
}
