import { Text } from '@mantine/core';

interface TermsWordsProps {
  readonly terms: { readonly method: 'card' | 'transfer'; readonly netDays?: number };
}

/** How invoices are paid where no card is charged. */
export function TermsWords({ terms: { netDays = 0 } }: TermsWordsProps) {
  return (
    <Text size="sm">
      By bank transfer,{' '}
      {netDays === 0 ? 'on the day of issue' : `within ${netDays} ${netDays === 1 ? 'day' : 'days'} of issue`}. No card
      is charged.
    </Text>
  );
}
