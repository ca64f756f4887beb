import { SimpleGrid } from '@mantine/core';
import type { UsageBucket } from '../../api/types.js';
import { Stat } from '../../components/stat.js';
import { formatQuantity, formatShare } from '../../format/number.js';
import { capitalized } from '../../format/text.js';
import { meterTotals } from '../../usage/series.js';

interface UsageTotalsProps {
  /** Undefined while they are not known. */
  readonly buckets: readonly UsageBucket[] | undefined;
  readonly rangeLabel: string;
}

/** What each meter counted, how much of it is billable, and how much failed. */
export function UsageTotals({ buckets, rangeLabel }: UsageTotalsProps) {
  const found = meterTotals(buckets ?? []);
  const totals = found.length > 0 ? found : [nothing];
  const known = (text: string) => (buckets ? text : undefined);
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
      {totals.flatMap(({ meter, quantity, billableQuantity, failedQuantity }) => [
        <Stat
          key={meter}
          label={capitalized(meter)}
          value={known(formatQuantity(quantity))}
          note={`in the last ${rangeLabel}`}
          testId="usage-total"
        />,
        <Stat
          key={`${meter}-billable`}
          label={`Billable ${meter}`}
          value={known(formatQuantity(billableQuantity))}
          note={known(`${formatShare(Number(billableQuantity), Number(quantity))} of all`)}
        />,
        <Stat
          key={`${meter}-failed`}
          label={`Failed ${meter}`}
          value={known(formatQuantity(failedQuantity))}
          note={known(`${formatShare(Number(failedQuantity), Number(quantity))} of all, status 4xx or 5xx`)}
        />,
      ])}
    </SimpleGrid>
  );
}

const nothing = { meter: 'requests', quantity: '0', billableQuantity: '0', failedQuantity: '0' };
