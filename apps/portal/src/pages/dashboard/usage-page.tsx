import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usageSeriesQuery } from '../../api/usage.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { metersIn, usageRanges } from '../../usage/series.js';
import { TrafficChart } from '../../usage/traffic-chart.js';
import { RequestLog } from './request-log.js';
import { UsageFilters } from './usage-filters.js';
import { UsageTotals } from './usage-totals.js';

const route = getRouteApi('/dashboard/usage');

export function UsagePage(): ReactNode {
  const search = route.useSearch();
  const organizationId = useOrganizationId();
  const range = usageRanges[search.range ?? '24h'];
  const filter = {
    ...(search.application ? { applicationId: search.application } : {}),
    ...(search.key ? { credentialId: search.key } : {}),
  };
  const { lengthMs, bucket } = range;
  const series = useQuery({
    ...usageSeriesQuery(organizationId, { lengthMs, bucket }, filter),
    refetchInterval: 2000,
  });
  return (
    <>
      <PageHeader title="Usage" description="Every call through the gateway, counted within seconds." />
      <Stack gap="lg">
        <UsageFilters />
        <UsageTotals buckets={series.data?.buckets} rangeLabel={range.label} />
        <Section title="Over time" description={bucket === 'day' ? 'By the day (UTC)' : 'By the hour'}>
          <Loaded query={series} skeleton={<Skeleton h={346} />}>
            {(loaded) => {
              const meter = metersIn(loaded.buckets)[0] ?? 'requests';
              return <TrafficChart series={loaded} meter={meter} units={meter} height={280} />;
            }}
          </Loaded>
        </Section>
        <RequestLog filter={{ ...filter, ...(search.request ? { requestId: search.request } : {}) }} />
      </Stack>
    </>
  );
}
