import { ActionIcon, Button, NumberInput, Select, Stack, Text, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useContext, useState } from 'react';
import type { PlanTerms, PublisherPlan } from '../api/types.js';
import type { FeatureValue } from '../catalog/feature-words.js';
import { FieldFaults, useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import {
  type EditedEntitlements,
  type Entitlements,
  type FeatureRow,
  featureKind,
  featureOfKind,
  featureRows,
  featuresOf,
  operationChoice,
  operationsAs,
  withEntitlements,
} from './entitlement-terms.js';
import { changedAt } from './plan-terms.js';

interface EntitlementFieldsProps {
  readonly terms: PlanTerms;
  readonly operations: PublisherPlan['operations'];
  readonly onChange: (terms: PlanTerms) => void;
}

/** Which operations and features the plan has. */
export function EntitlementFields({ terms, operations, onChange }: EntitlementFieldsProps) {
  const entitlements = terms.entitlements ?? {};
  const change = (next: EditedEntitlements) => onChange(withEntitlements(terms, next));
  return (
    <>
      <OperationFields entitlements={entitlements} operations={operations} onChange={change} />
      <FeatureFields entitlements={entitlements} onChange={change} />
    </>
  );
}

interface PartProps {
  readonly entitlements: Entitlements;
  readonly onChange: (entitlements: EditedEntitlements) => void;
}

function OperationFields({
  entitlements,
  operations,
  onChange,
}: PartProps & { readonly operations: PublisherPlan['operations'] }) {
  const { choice, list } = operationChoice(entitlements.operations);
  const faults = useContext(FieldFaults);
  const fault = [...faults].find(([path]) => path.startsWith('entitlements.operations'))?.[1];
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))].map((tag) => `tag:${tag}`);
  const paths = new Map(operations.map(({ operation, method, template }) => [operation, `${method} ${template}`]));
  return (
    <FormGroup
      title="Operations"
      description="Calls of other operations are refused with 403, and told which plans have them."
    >
      <Stack gap="md">
        <Select
          label="The plan has"
          maw={320}
          allowDeselect={false}
          value={choice}
          data={[
            { value: 'all', label: 'All operations' },
            { value: 'allow', label: 'Only these' },
            { value: 'deny', label: 'All but these' },
          ]}
          onChange={(next) => onChange({ ...entitlements, operations: operationsAs(next, list) })}
        />
        {choice !== 'all' && (
          <TagsInput
            label={choice === 'allow' ? 'Only these operations' : 'All operations but these'}
            description="An operation id, tag:NAME, GET /path, or /path/* for all beneath it."
            placeholder={list.length === 0 ? 'Choose or type' : ''}
            error={fault}
            value={[...list]}
            data={[
              { group: 'By tag', items: tags },
              { group: 'Operations', items: operations.map(({ operation }) => operation) },
            ]}
            renderOption={({ option }) => (
              <div>
                <Text size="sm">{option.value}</Text>
                {paths.has(option.value) && paths.get(option.value) !== option.value && (
                  <Text size="xs" c="dimmed" className="mono">
                    {paths.get(option.value)}
                  </Text>
                )}
              </div>
            )}
            maxDropdownHeight={280}
            acceptValueOnBlur
            onChange={(next) => onChange({ ...entitlements, operations: operationsAs(choice, next) })}
          />
        )}
      </Stack>
    </FormGroup>
  );
}

function FeatureFields({ entitlements, onChange }: PartProps) {
  const { features } = entitlements;
  // Kept here as well: while a name is typed, two features may have the same.
  const [rows, setRows] = useState(() => featureRows(features));
  const isOurs = JSON.stringify(featuresOf(rows) ?? {}) === JSON.stringify(features ?? {});
  if (!isOurs) setRows(featureRows(features));
  const change = (next: readonly FeatureRow[]) => {
    setRows(next);
    onChange({ ...entitlements, features: featuresOf(next) });
  };
  return (
    <FormGroup
      title="Features"
      description="What else the plan has. Your API is told in X-Consumer-Features; the gateway decides nothing by it."
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...rows, { name: '', value: true }])}
        >
          Add feature
        </Button>
      }
    >
      <Stack gap="md">
        {rows.map((row, index) => (
          <FeatureFieldsRow
            key={index}
            row={row}
            isTwice={rows.findIndex(({ name }) => name === row.name) !== index}
            onChange={(next) => change(changedAt(rows, index, next))}
          />
        ))}
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            No features.
          </Text>
        )}
      </Stack>
    </FormGroup>
  );
}

interface FeatureFieldsRowProps {
  readonly row: FeatureRow;
  readonly isTwice: boolean;
  /** Null to remove it. */
  readonly onChange: (row: FeatureRow | null) => void;
}

function FeatureFieldsRow({ row, isTwice, onChange }: FeatureFieldsRowProps) {
  const { name, value } = row;
  const fault = useFault(`entitlements.features.${name}`);
  const set = (next: FeatureValue) => onChange({ ...row, value: next });
  return (
    <div className={classes.row} role="group" aria-label={`Feature ${name}`}>
      <TextInput
        label="Name"
        placeholder="seats"
        value={name}
        error={isTwice ? 'There is one of this name.' : fault}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        value={featureKind(value)}
        data={[
          { value: 'boolean', label: 'On or off' },
          { value: 'number', label: 'Number' },
          { value: 'string', label: 'Text' },
        ]}
        onChange={(kind) => set(featureOfKind(kind, value))}
      />
      {typeof value === 'boolean' && (
        <Select
          label="Value"
          allowDeselect={false}
          value={String(value)}
          data={[
            { value: 'true', label: 'On' },
            { value: 'false', label: 'Off' },
          ]}
          onChange={(next) => set(next === 'true')}
        />
      )}
      {typeof value === 'number' && (
        <NumberInput
          label="Value"
          value={value}
          min={0}
          decimalScale={3}
          thousandSeparator=","
          onChange={(next) => set(typeof next === 'number' ? next : 0)}
        />
      )}
      {typeof value === 'string' && (
        <TextInput
          label="Value"
          placeholder="priority"
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove feature ${name}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
