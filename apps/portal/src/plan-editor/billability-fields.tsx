import { ActionIcon, Button, Checkbox, Menu, Select, Stack, TagsInput, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { PlanTerms, PublisherPlan } from '../api/types.js';
import { situationWords } from '../catalog/billability-words.js';
import {
  type BillabilityRule,
  type ChangedSituation,
  changedSituations,
  otherThanUsual,
  usualSituations,
  withRule,
} from './billability-terms.js';
import { DecimalField, useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import { withOptional } from './plan-terms.js';

interface BillabilityFieldsProps {
  readonly terms: PlanTerms;
  readonly plan: Pick<PublisherPlan, 'operations' | 'usualBillability'>;
  readonly onChange: (terms: PlanTerms) => void;
}

/** Which calls are billed where it is not as usual. */
export function BillabilityFields({ terms, plan, onChange }: BillabilityFieldsProps) {
  const changed = changedSituations(terms, plan.usualBillability);
  const left = usualSituations(terms, plan.usualBillability);
  return (
    <FormGroup
      title="Which calls are billed"
      description={
        changed.length === 0
          ? 'As usual: what is answered with 2xx is billed and uses quotas, errors are not.'
          : 'As usual, but for these situations.'
      }
      actions={
        left.length > 0 && (
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<IconPlus size={14} />}>
                Change a situation
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {left.map((row) => (
                <Menu.Item key={row.name} onClick={() => onChange(withRule(terms, row.name, otherThanUsual(row)))}>
                  {situationWords[row.name]}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      {changed.length > 0 && (
        <Stack gap="md">
          {changed.map((situation) => (
            <SituationFields
              key={situation.usual.name}
              situation={situation}
              operations={plan.operations}
              onChange={(rule) => onChange(withRule(terms, situation.usual.name, rule))}
            />
          ))}
        </Stack>
      )}
    </FormGroup>
  );
}

interface SituationFieldsProps {
  readonly situation: ChangedSituation;
  readonly operations: PublisherPlan['operations'];
  /** Undefined for as usual. */
  readonly onChange: (rule: BillabilityRule | undefined) => void;
}

function SituationFields({ situation: { usual, rule }, operations, onChange }: SituationFieldsProps) {
  const { name } = usual;
  const path = `billability.${name}`;
  const title = situationWords[name];
  const fault = useFault(path);
  const operationsFault = useFault(`${path}.operations`);
  return (
    <div role="group" aria-label={title}>
      <div className={classes.row}>
        <Text size="sm" fw={550} style={{ flex: '2 1 100%' }}>
          {title}
        </Text>
        <YesNo
          label="Billed"
          value={rule.billable ?? usual.billable}
          onChange={(billable) => onChange({ ...rule, billable })}
        />
        <YesNo
          label="Uses quotas"
          value={rule.quota ?? usual.quota}
          onChange={(quota) => onChange({ ...rule, quota })}
        />
        {name === 'cacheHit' && (
          <DecimalField
            path={`${path}.factor`}
            label="Counts, times"
            value={rule.factor ?? usual.factor}
            onChange={(factor) => onChange({ ...rule, factor })}
          />
        )}
        <ActionIcon size={36} aria-label={`As usual again: ${title}`} onClick={() => onChange(undefined)}>
          <IconTrash size={18} />
        </ActionIcon>
      </div>
      {name === 'clientError' && (
        <TagsInput
          mt="xs"
          label="Only of these operations"
          placeholder={rule.operations ? '' : 'All operations'}
          error={operationsFault}
          value={rule.operations ?? []}
          data={operations.map(({ operation }) => operation)}
          acceptValueOnBlur
          onChange={(list) => onChange(withOptional(rule, 'operations', list.length === 0 ? undefined : list))}
        />
      )}
      {name === 'brokenAfterHead' && (
        <Checkbox
          mt="xs"
          label="Meters that count what passed are billed"
          checked={rule.valueMeters ?? false}
          onChange={(event) =>
            onChange(withOptional(rule, 'valueMeters', event.currentTarget.checked ? true : undefined))
          }
        />
      )}
      {fault && (
        <Text size="sm" c="red" mt={4}>
          {fault}
        </Text>
      )}
    </div>
  );
}

interface YesNoProps {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

function YesNo({ label, value, onChange }: YesNoProps) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      value={value ? 'yes' : 'no'}
      data={[
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
      ]}
      onChange={(next) => onChange(next === 'yes')}
    />
  );
}
