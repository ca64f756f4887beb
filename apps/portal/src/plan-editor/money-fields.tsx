import { Select } from '@mantine/core';
import type { TermsProps } from './fee-fields.js';
import { useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import { withOptional } from './plan-terms.js';

/** What happens when prepaid credits, a spending cap or patience with an unpaid bill are at an end. */
export function MoneyFields({ terms, onChange }: Omit<TermsProps, 'meters'>) {
  return (
    <FormGroup title="When money runs out" description="Prepaid credits, spending caps, and bills that stay unpaid.">
      <div className={classes.fields}>
        <Select
          label="Usage beyond prepaid credits"
          allowDeselect={false}
          value={terms.whenCreditsRunOut ?? 'invoice'}
          error={useFault('whenCreditsRunOut')}
          data={[
            { value: 'invoice', label: 'Goes on the invoice' },
            { value: 'stop', label: 'Is refused' },
          ]}
          onChange={(value) =>
            onChange(withOptional(terms, 'whenCreditsRunOut', value === 'stop' ? 'stop' : undefined))
          }
        />
        <Select
          label="Calls are then refused with"
          allowDeselect={false}
          value={String(terms.moneyRefusalStatus ?? 402)}
          error={useFault('moneyRefusalStatus')}
          data={[
            { value: '402', label: '402 Payment Required' },
            { value: '403', label: '403 Forbidden' },
          ]}
          onChange={(value) => onChange(withOptional(terms, 'moneyRefusalStatus', value === '403' ? 403 : undefined))}
        />
      </div>
    </FormGroup>
  );
}
