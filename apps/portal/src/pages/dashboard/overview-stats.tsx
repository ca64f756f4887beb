import { SimpleGrid } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { CurrentUsage } from '../../api/types.js';
import type { UsageSeries } from '../../api/usage.js';
import { hasFailed } from '../../components/query-state.js';
import { Stat } from '../../components/stat.js';
import { sumByCurrency } from '../../format/money.js';
import { formatQuantity, formatShare } from '../../format/number.js';
import { meterTotals } from '../../usage/series.js';

interface OverviewStatsProps {
  readonly usage: UseQueryResult<readonly CurrentUsage[]>;
  readonly series: UseQueryResult<UsageSeries>;
}

export function OverviewStats({ usage: usageQuery, series: seriesQuery }: OverviewStatsProps) {
  const { data: usage } = usageQuery;
  const { data: series } = seriesQuery;
  const unknownUsage = hasFailed(usageQuery) ? '–' : undefined;
  const unknownTraffic = hasFailed(seriesQuery) ? '–' : undefined;
  const total = series && (meterTotals(series.buckets)[0] ?? { meter: '', quantity: '0', failedQuantity: '0' });
  const meter = usage?.flatMap(({ meters }) => meters).find(({ slug }) => slug === total?.meter);
  const estimate = usage && sumByCurrency(usage.map((entry) => entry.estimate));
  const about = usage?.every(({ estimateIsExact }) => estimateIsExact) ? '' : 'about ';
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
      <Stat
        label={meter?.title ?? 'Requests'}
        value={total ? formatQuantity(total.quantity) : unknownTraffic}
        note="in the last 24 hours"
      />
      <Stat
        label="Errors"
        value={total ? formatShare(Number(total.failedQuantity), Number(total.quantity)) : unknownTraffic}
        note={total && `${formatQuantity(total.failedQuantity)} with a status of 4xx or 5xx`}
      />
      <Stat
        label="Estimated bill"
        value={estimate ? `${about}${estimate.join(' + ')}` || 'Nothing yet' : unknownUsage}
        note="of the current periods, before tax"
      />
    </SimpleGrid>
  );
}
