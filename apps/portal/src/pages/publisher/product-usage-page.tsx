import { Button, Group, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ProblemError } from '../../api/problem.js';
import { productUsageQuery, publisherProductsQuery } from '../../api/publisher.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { isProductUsageGrouping, productUsageGroupings } from '../../usage/usage-choices.js';
import type { ProductUsageSearch } from '../../router/search.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { breakdownChart, groupsOf } from '../../usage/breakdown.js';
import { meterName, metersIn } from '../../usage/series.js';
import { KEPT_DAYS, productRefusedCallsQuery } from '../../api/traffic.js';
import { ProductLatency } from '../../traffic/product-latency.js';
import { RefusedSection } from '../../traffic/refused-section.js';
import { TrafficChart } from '../../usage/traffic-chart.js';
import { UsageGroups } from '../../usage/usage-groups.js';
import { UsageTotals } from '../../usage/usage-totals.js';

const route = getRouteApi('/publisher/products/$slug/usage');
const ranges = ['7', '30', '90'].map((value) => ({ value, label: `${value} days` }));
const groupings = Object.entries(productUsageGroupings).map(([value, label]) => ({
  value,
  label: `By ${label.toLowerCase()}`,
}));

/** Who uses a product, and which of its operations; a chosen operation shows who would miss it. */
export function ProductUsagePage(): ReactNode {
  const { slug } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: ProductUsageSearch) => void navigate({ search: changes, replace: true, resetScroll: false });
  const { days = 30, group = 'caller', version, operation } = search;
  const { data: products } = useQuery(publisherProductsQuery);
  const isOne = version !== undefined && operation !== undefined;
  const usage = useQuery({
    ...productUsageQuery(slug, { days, groupBy: group, ...(isOne && { apiVersionId: version, operation }) }),
    refetchInterval: 10_000,
  });
  const shownDays = Math.min(days, KEPT_DAYS);
  const refused = useQuery({
    ...productRefusedCallsQuery(slug, { days: shownDays, ...(isOne && { apiVersionId: version, operation }) }),
    refetchInterval: 30_000,
  });
  if (usage.error instanceof ProblemError && usage.error.status === 404) return <NotFoundPage />;
  const title = products?.find((product) => product.slug === slug)?.title ?? slug;
  const label = productUsageGroupings[group];
  return (
    <Page>
      <PageHeader
        title={`Usage of ${title}`}
        above={<TextLink to="/publisher">Publisher</TextLink>}
        description="Live calls of all its callers, by the day (UTC)."
      />
      <Stack gap="lg">
        <Group gap="md">
          <SegmentedControl
            aria-label="Time range"
            data={ranges}
            value={String(days)}
            onChange={(value) => change({ ...search, days: Number(value) })}
          />
          <Select
            aria-label="Group by"
            data={groupings}
            value={group}
            allowDeselect={false}
            onChange={(value) => isProductUsageGrouping(value) && change({ ...search, group: value })}
          />
        </Group>
        {isOne && (
          <Group gap="sm">
            <Text size="sm">
              Only <span className="mono">{operation}</span>: these applications would miss it.
            </Text>
            <Button size="xs" variant="default" onClick={() => change({ days, group: 'operation' })}>
              All operations
            </Button>
          </Group>
        )}
        <UsageTotals buckets={usage.data?.buckets} previous={undefined} within={`in the last ${days} days`} />
        <Section title="Over time" description={`By ${label.toLowerCase()}`}>
          <Loaded query={usage} skeleton={<Skeleton h={346} />}>
            {(loaded) => {
              const meter = metersIn(loaded.buckets)[0] ?? 'requests';
              const groups = groupsOf(loaded, loaded.groupBy, meter);
              return (
                <TrafficChart
                  columns={breakdownChart(loaded, groups, meter, undefined)}
                  bucket="day"
                  units={meterName(meter)}
                  height={280}
                />
              );
            }}
          </Loaded>
        </Section>
        {usage.data && usage.data.buckets.length > 0 && (
          <UsageGroups
            breakdown={usage.data}
            grouping={usage.data.groupBy}
            label={productUsageGroupings[usage.data.groupBy]}
            choose={(key) => (usage.data.groupBy === 'operation' ? () => change(callersOf(days, key)) : null)}
          />
        )}
        <RefusedSection
          query={refused}
          callers="all"
          description={`Calls of the last ${shownDays} days that the gateway did not pass on, whoever made them.`}
        />
        <ProductLatency product={slug} days={days} operation={isOne ? { version, operation } : null} />
      </Stack>
    </Page>
  );
}

/** Who calls an operation, by the key of its group: the id of its version, "/" and its own. */
function callersOf(days: number, key: string): ProductUsageSearch {
  const slash = key.indexOf('/');
  return { days, group: 'caller', version: key.slice(0, slash), operation: key.slice(slash + 1) };
}
