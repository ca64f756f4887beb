import { Text } from '@mantine/core';
import type { PaymentTerms } from '../api/types.js';

/** How invoices are paid where no card is charged. */
export function TermsWords({ terms: { netDays } }: { readonly terms: PaymentTerms }) {
  return (
    <Text size="sm">
      By bank transfer,{' '}
      {netDays === 0 ? 'on the day of issue' : `within ${netDays} ${netDays === 1 ? 'day' : 'days'} of issue`}. No card
      is charged.
    </Text>
  );
}
