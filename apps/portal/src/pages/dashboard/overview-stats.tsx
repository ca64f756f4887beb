import { SimpleGrid } from '@mantine/core';
import type { CurrentUsage } from '../../api/types.js';
import type { UsageSeries } from '../../api/usage.js';
import { Stat } from '../../components/stat.js';
import { sumByCurrency } from '../../format/money.js';
import { formatQuantity, formatShare } from '../../format/number.js';
import { meterTotals } from '../../usage/series.js';

interface OverviewStatsProps {
  readonly usage: readonly CurrentUsage[] | undefined;
  readonly series: UsageSeries | undefined;
}

export function OverviewStats({ usage, series }: OverviewStatsProps) {
  const total = series && (meterTotals(series.buckets)[0] ?? { meter: '', quantity: '0', failedQuantity: '0' });
  const meter = usage?.flatMap(({ meters }) => meters).find(({ slug }) => slug === total?.meter);
  const estimate = usage && sumByCurrency(usage.map((entry) => entry.estimate));
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
      <Stat
        label={meter?.title ?? 'Requests'}
        value={total && formatQuantity(total.quantity)}
        note="in the last 24 hours"
      />
      <Stat
        label="Errors"
        value={total && formatShare(Number(total.failedQuantity), Number(total.quantity))}
        note={total && `${formatQuantity(total.failedQuantity)} with a status of 4xx or 5xx`}
      />
      <Stat
        label="Estimated bill"
        value={estimate && (estimate.join(' + ') || 'Nothing yet')}
        note="of the current periods, before tax"
      />
    </SimpleGrid>
  );
}
