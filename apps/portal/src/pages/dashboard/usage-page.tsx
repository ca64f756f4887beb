import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { refusedCallsQuery, usageBreakdownHref, usageBreakdownQuery } from '../../api/usage.js';
import { DownloadButton } from '../../components/download-button.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { RefusedSection } from '../../traffic/refused-section.js';
import { breakdownChart, groupsOf } from '../../usage/breakdown.js';
import { meterName, metersIn } from '../../usage/series.js';
import { TrafficChart } from '../../usage/traffic-chart.js';
import { groupingWords, usageGroupings } from '../../usage/usage-choices.js';
import { RequestLog } from './request-log.js';
import { UsageFilters } from './usage-filters.js';
import { UsageGroups } from '../../usage/usage-groups.js';
import { UsageTotals } from '../../usage/usage-totals.js';
import {
  breakdownChoiceOf,
  comparisonOf,
  onlyOf,
  rangeOf,
  rangeWords,
  refusedFilterOf,
  requestLogFilterOf,
  useUsageSearch,
} from './use-usage-search.js';

export function UsagePage(): ReactNode {
  const { search, change } = useUsageSearch();
  const organizationId = useOrganizationId();
  const choice = breakdownChoiceOf(search);
  const { groupBy, range: shown } = choice;
  const comparison = comparisonOf(search);
  const breakdown = useQuery({ ...usageBreakdownQuery(organizationId, choice), refetchInterval: 2000 });
  const before = useQuery({
    ...usageBreakdownQuery(organizationId, choice, comparison ?? 'before'),
    enabled: comparison !== undefined,
    refetchInterval: 60_000,
  });
  const refused = useQuery({
    ...refusedCallsQuery(organizationId, rangeOf(search), refusedFilterOf(search)),
    refetchInterval: 10_000,
  });
  const previous = comparison ? before.data : undefined;
  return (
    <>
      <PageHeader title="Usage" description="Every call through the gateway, counted within seconds." />
      <Stack gap="lg">
        <UsageFilters />
        <UsageTotals buckets={breakdown.data?.buckets} previous={previous?.buckets} {...rangeWords(search)} />
        <Section
          title="Over time"
          description={`By ${groupingWords(usageGroupings[groupBy])}, ${shown.bucket === 'day' ? 'by the day (UTC)' : 'by the hour'}`}
          actions={
            <DownloadButton href={usageBreakdownHref(organizationId, choice)} label="Export CSV of the usage">
              Export CSV
            </DownloadButton>
          }
        >
          <Loaded query={breakdown} skeleton={<Skeleton h={346} />}>
            {(loaded) => {
              const meter = metersIn(loaded.buckets)[0] ?? 'requests';
              const groups = groupsOf(loaded, loaded.groupBy, meter);
              return (
                <TrafficChart
                  columns={breakdownChart(loaded, groups, meter, previous)}
                  bucket={loaded.bucket}
                  units={meterName(meter)}
                  height={280}
                />
              );
            }}
          </Loaded>
        </Section>
        {breakdown.data && breakdown.data.buckets.length > 0 && (
          <UsageGroups
            breakdown={breakdown.data}
            grouping={breakdown.data.groupBy}
            label={usageGroupings[breakdown.data.groupBy]}
            previous={previous}
            choose={(key) => () => change(onlyOf(breakdown.data.groupBy, key))}
          />
        )}
        <RefusedSection
          query={refused}
          callers="own"
          description="Calls that the gateway did not pass on. They cost nothing and are not in the request log."
        />
        <RequestLog range={rangeOf(search)} filter={requestLogFilterOf(search)} />
      </Stack>
    </>
  );
}
