import { SimpleGrid, Text } from '@mantine/core';
import type { UsageGroupBucket } from '../api/types.js';
import { Stat } from '../components/stat.js';
import { formatQuantity, formatShare, formatUnits } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { changeWords, totalOf } from './breakdown.js';
import { NO_METER, meterName, metersIn } from './series.js';

interface UsageTotalsProps {
  /** Undefined while they are not known. */
  readonly buckets: readonly UsageGroupBucket[] | undefined;
  /** Of the range before, where that is compared. */
  readonly previous: readonly UsageGroupBucket[] | undefined;
  /** "in the last 24 hours", and "24 hours before" for what it is compared with. */
  readonly within: string;
  readonly before?: string;
}

/** What each meter counted, how much of it is billable, and how much failed; calls that no meter counts in one line. */
export function UsageTotals({ buckets, previous, within, before = '' }: UsageTotalsProps) {
  const meters = metersIn(buckets ?? []).filter((meter) => meter !== NO_METER);
  const uncounted = totalOf(buckets ?? [], NO_METER);
  const totals = (meters.length > 0 ? meters : ['requests']).map((meter) => ({
    meter,
    ...totalOf(buckets ?? [], meter),
  }));
  const note = (meter: string, quantity: string) => {
    if (!previous) return within;
    const then = totalOf(previous, meter).quantity;
    if (Number(then) === 0) return `none in the ${before}`;
    return `${changeWords(quantity, then)} on the ${before}`;
  };
  const known = (text: string) => (buckets ? text : undefined);
  return (
    <div>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
        {totals.flatMap(({ meter, quantity, billableQuantity, failedQuantity }) => [
          <Stat
            key={meter}
            label={capitalized(meterName(meter))}
            value={known(formatQuantity(quantity))}
            note={known(note(meter, quantity))}
            testId="usage-total"
          />,
          <Stat
            key={`${meter}-billable`}
            label={`Billable ${meterName(meter)}`}
            value={known(formatQuantity(billableQuantity))}
            note={known(`${formatShare(Number(billableQuantity), Number(quantity))} of all`)}
          />,
          <Stat
            key={`${meter}-failed`}
            label={`Failed ${meterName(meter)}`}
            value={known(formatQuantity(failedQuantity))}
            note={known(`${formatShare(Number(failedQuantity), Number(quantity))} of all, status 4xx or 5xx`)}
          />,
        ])}
      </SimpleGrid>
      {Number(uncounted.quantity) > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          And {formatUnits(uncounted.quantity, 'call')} without units of any meter, never billed;{' '}
          {formatQuantity(uncounted.failedQuantity)} failed.
        </Text>
      )}
    </div>
  );
}
