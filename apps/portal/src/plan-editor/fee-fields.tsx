import { Button, Checkbox, Select, Stack } from '@mantine/core';
import type { PlanMeter, PlanTerms } from '../api/types.js';
import { DecimalField, OptionalDecimalField, TextField, WholeField, useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import { QuotaRow } from './quota-row.js';
import { changedAt, withOptional } from './plan-terms.js';

export interface TermsProps {
  readonly terms: PlanTerms;
  readonly meters: readonly PlanMeter[];
  readonly onChange: (terms: PlanTerms) => void;
}

/** What the plan costs whatever is used, and when that is due. */
export function FeeFields({ terms, onChange }: Omit<TermsProps, 'meters'>) {
  const change = (changes: Partial<PlanTerms>) => onChange({ ...terms, ...changes });
  return (
    <FormGroup title="Fees" description="Charged whatever is used, in major units of the currency.">
      <div className={classes.fields}>
        <DecimalField
          path="fixedFee"
          label="Fixed fee"
          value={terms.fixedFee}
          onChange={(fixedFee) => change({ fixedFee })}
        />
        <Select
          label="For each"
          allowDeselect={false}
          value={terms.billingInterval}
          error={useFault('billingInterval')}
          data={[
            { value: 'month', label: 'Month' },
            { value: 'year', label: 'Year' },
          ]}
          onChange={(value) =>
            change(
              value === 'year' ? { billingInterval: value, fixedFeeDue: 'in_advance' } : { billingInterval: 'month' },
            )
          }
        />
        <Select
          label="Due"
          allowDeselect={false}
          value={terms.fixedFeeDue ?? 'in_arrears'}
          error={useFault('fixedFeeDue')}
          data={[
            { value: 'in_arrears', label: 'In arrears' },
            { value: 'in_advance', label: 'In advance' },
          ]}
          onChange={(value) => change({ fixedFeeDue: value === 'in_advance' ? 'in_advance' : 'in_arrears' })}
        />
        <TextField
          path="currency"
          label="Currency"
          maxLength={3}
          value={terms.currency}
          onChange={(currency) => change({ currency: currency.toUpperCase() })}
        />
        <OptionalDecimalField
          path="setupFee"
          label="Set-up fee"
          description="Once, with the first invoice"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={terms.setupFee}
          onChange={(setupFee) => onChange(withOptional(terms, 'setupFee', setupFee))}
        />
      </div>
      <Checkbox
        mt="md"
        label="Subscriptions wait for approval"
        checked={terms.requiresApproval}
        onChange={(event) => change({ requiresApproval: event.currentTarget.checked })}
      />
    </FormGroup>
  );
}

/** The first days, which are free. */
export function TrialFields({ terms, meters, onChange }: TermsProps) {
  const { trial } = terms;
  const change = (changes: Partial<NonNullable<typeof trial>>) =>
    trial && onChange({ ...terms, trial: { ...trial, ...changes } });
  const begin = () => {
    const meter = meters.find(({ aggregation }) => aggregation === 'sum')?.slug ?? '';
    const quotas = [{ name: 'trial', meter, limit: 1000 }];
    onChange({ ...terms, trial: { days: 14, quotas, withoutCard: 'cancel' } });
  };
  const { trial: _trial, ...withoutTrial } = terms;
  return (
    <FormGroup
      title="Trial"
      description={trial ? 'Free days, within hard quotas.' : 'None: the plan costs from its first day.'}
      actions={
        <Button size="xs" variant="default" onClick={trial ? () => onChange(withoutTrial) : begin}>
          {trial ? 'Remove trial' : 'Add trial'}
        </Button>
      }
    >
      {trial && (
        <Stack gap="sm">
          <div className={classes.fields}>
            <WholeField path="trial.days" label="Days" value={trial.days} onChange={(days) => change({ days })} />
            <Select
              label="Without a card at the end"
              allowDeselect={false}
              value={trial.withoutCard}
              data={[
                { value: 'cancel', label: 'Cancel' },
                { value: 'suspend', label: 'Suspend' },
              ]}
              onChange={(value) => change({ withoutCard: value === 'suspend' ? 'suspend' : 'cancel' })}
            />
          </div>
          {trial.quotas.map((quota, index) => (
            <QuotaRow
              key={index}
              path={`trial.quotas.${index}`}
              title="Trial quota"
              quota={quota}
              meters={meters}
              onChange={(next) => change({ quotas: changedAt(trial.quotas, index, next) })}
            />
          ))}
        </Stack>
      )}
    </FormGroup>
  );
}
