import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconReportMoney } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import { productFunnelQuery, productRevenueQuery, publisherProductsQuery } from '../../api/publisher.js';
import { useNow } from '../../clock/use-now.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton, TableSkeleton } from '../../components/skeletons.js';
import { Stat } from '../../components/stat.js';
import { FunnelSteps } from '../../revenue/funnel-steps.js';
import { RevenueBars } from '../../revenue/revenue-bars.js';
import { byCurrency, monthLabel, monthsUntil, totalWords } from '../../revenue/revenue-months.js';
import { RevenueTable } from '../../revenue/revenue-table.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/publisher/products/$slug/revenue');
const spans = ['6', '12', '24'].map((value) => ({ value, label: `${value} months` }));
const cohorts = ['30', '90', '365'].map((value) => ({ value, label: `${value} days` }));

/** What a product earns, and how far those come who sign up. */
export function ProductRevenuePage(): ReactNode {
  const { slug } = route.useParams();
  const [count, setCount] = useState('12');
  const [days, setDays] = useState('90');
  const { data: products } = useQuery(publisherProductsQuery);
  const revenue = useQuery(productRevenueQuery(slug, Number(count)));
  const funnel = useQuery(productFunnelQuery(slug, Number(days)));
  const months = monthsUntil(useNow(60_000), Number(count));
  if (revenue.error instanceof ProblemError && revenue.error.status === 404) return <NotFoundPage />;
  const product = products?.find((one) => one.slug === slug);
  const titleOf = (plan: string) => product?.plans.find((one) => one.slug === plan)?.title ?? plan;
  const earned = revenue.data && byCurrency(revenue.data, months);
  const [current, last] = [months.at(-1)!, months.at(-2)!];
  return (
    <Page>
      <PageHeader
        title={`Revenue of ${product?.title ?? slug}`}
        above={<TextLink to="/publisher">Publisher</TextLink>}
        description="Without tax, as the books of finance have it: a fee in the months that it pays for, usage when it is billed. Months are in UTC."
      />
      <Stack gap="lg">
        <SegmentedControl aria-label="Months" data={spans} value={count} onChange={setCount} w="fit-content" />
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="lg">
          <Stat
            label="This month"
            value={earned && totalWords(earned, (month) => month === current)}
            note={`${monthLabel(current)}, what is billed so far`}
          />
          <Stat
            label="Last month"
            value={earned && totalWords(earned, (month) => month === last)}
            note={monthLabel(last)}
          />
          <Stat
            label="In all"
            value={earned && totalWords(earned, () => true)}
            note={`in ${count} months`}
            testId="revenue-total"
          />
        </SimpleGrid>
        {earned?.map((one) => (
          <Section key={one.currency} title={`Over time, in ${one.currency}`}>
            <RevenueBars {...one} />
          </Section>
        ))}
        <Section title="By month and plan" flush={earned !== undefined && earned.length > 0}>
          <Loaded query={revenue} skeleton={<TableSkeleton rows={4} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState icon={IconReportMoney} title="No revenue in this time">
                  It shows here when the first invoice of the product is issued.
                </EmptyState>
              ) : (
                <RevenueTable revenue={rows} titleOf={titleOf} />
              )
            }
          </Loaded>
        </Section>
        <Section
          title="From signing up to paying"
          description="Organizations that signed up in this time, and how many of them have come how far since."
          actions={
            <SegmentedControl aria-label="Signed up in" data={cohorts} value={days} onChange={setDays} size="xs" />
          }
        >
          <Loaded query={funnel} skeleton={<LinesSkeleton lines={8} />}>
            {(found) => <FunnelSteps funnel={found} />}
          </Loaded>
        </Section>
      </Stack>
    </Page>
  );
}
