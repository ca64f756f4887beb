import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconListSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { applicationsQuery } from '../../api/applications.js';
import { currentUsageQuery, recentRequestsQuery, usageSeriesQuery } from '../../api/usage.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { hasFailed } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton, TableSkeleton } from '../../components/skeletons.js';
import { useOrganization } from '../../organization/organization-context.js';
import { RequestTable } from '../../usage/request-table.js';
import { usageRanges } from '../../usage/series.js';
import { Checklist } from './checklist.js';
import { ContinueWithPlan } from './continue-with-plan.js';
import { OverviewStats } from './overview-stats.js';
import classes from './overview-page.module.css';
import { QuotaList } from './quota-list.js';
import { TrafficSection } from './traffic-section.js';

/** Often enough that a call shows within five seconds; only while the page is visible. */
const live = { refetchInterval: 2000 } as const;
const shownRequests = 8;

export function OverviewPage(): ReactNode {
  const { organization } = useOrganization().current;
  const applications = useQuery({ ...applicationsQuery(organization.id), ...live });
  const usage = useQuery({ ...currentUsageQuery(organization.id), ...live });
  const series = useQuery({ ...usageSeriesQuery(organization.id, usageRanges['24h']), ...live });
  const requests = useQuery({ ...recentRequestsQuery(organization.id, 50), ...live });
  return (
    <>
      <PageHeader title="Overview" description={organization.name} />
      <Stack gap="lg">
        <ContinueWithPlan applications={applications.data} />
        {![applications, requests, series].some(hasFailed) && (
          <Checklist applications={applications.data} requests={requests.data} series={series.data} />
        )}
        <OverviewStats usage={usage} series={series} />
        <div className={classes.columns}>
          <TrafficSection series={series} />
          <Section title="Quotas" description="Of the current period">
            <Loaded query={usage} skeleton={<LinesSkeleton lines={6} />}>
              {(subscriptions) => <QuotaList subscriptions={subscriptions} />}
            </Loaded>
          </Section>
        </div>
        <Section
          title="Recent requests"
          flush
          actions={
            <TextLink to="/dashboard/usage" size="sm" fw={500}>
              Open the request log
            </TextLink>
          }
        >
          <Loaded query={requests} skeleton={<TableSkeleton rows={shownRequests} />}>
            {(list) =>
              list.length === 0 ? (
                <EmptyState icon={IconListSearch} title="No requests yet">
                  Each call with one of your keys appears here within seconds.
                </EmptyState>
              ) : (
                <RequestTable requests={list.slice(0, shownRequests)} />
              )
            }
          </Loaded>
        </Section>
      </Stack>
    </>
  );
}
