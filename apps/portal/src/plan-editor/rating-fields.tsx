import { List, Select } from '@mantine/core';
import type { TermsProps } from './fee-fields.js';
import { useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import { withOptional } from './plan-terms.js';

/** Who computes what usage costs, and what a plan cannot have when it is Stripe. */
export function RatingFields({ terms, onChange }: Omit<TermsProps, 'meters'>) {
  const isStripe = terms.rating === 'stripe';
  return (
    <FormGroup
      title="Rating"
      description={
        isStripe
          ? 'Stripe counts usage with its meters and prices it. Tollgate prices it too, and an invoice that differs is held.'
          : 'Tollgate prices usage, and the payment provider collects the amounts.'
      }
    >
      <div className={classes.fields}>
        <Select
          label="Usage is priced by"
          allowDeselect={false}
          value={terms.rating ?? 'local'}
          error={useFault('rating')}
          data={[
            { value: 'local', label: 'Tollgate' },
            { value: 'stripe', label: 'Stripe' },
          ]}
          onChange={(value) => onChange(withOptional(terms, 'rating', value === 'stripe' ? 'stripe' : undefined))}
        />
      </div>
      {isStripe && (
        <List size="sm" c="dimmed" mt="sm" spacing={2} aria-label="What Stripe can price">
          <List.Item>Prices per unit, by package, graduated or volume, of meters that add up whole units.</List.Item>
          <List.Item>Included units with a price per unit only; elsewhere a free first tier does the same.</List.Item>
          <List.Item>No conversion, discount, minimum or maximum of a price, and no trial.</List.Item>
          <List.Item>Graduated tiers that come to whole amounts when they are full.</List.Item>
          <List.Item>
            A period that begins or ends early, and what is paid by transfer, is priced by Tollgate.
          </List.Item>
        </List>
      )}
    </FormGroup>
  );
}
