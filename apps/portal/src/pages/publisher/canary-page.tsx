import { Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconGitBranch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiVersionName } from '../../api/api-versions.js';
import type { Tagged } from '../../api/client.js';
import { ProblemError } from '../../api/problem.js';
import { LIVE_MS, versionSplitsQuery, versionTrafficQuery } from '../../api/traffic.js';
import type { VersionSplits } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { type CanaryWindow, canaryWindows, isCanaryWindow } from '../../traffic/canary-windows.js';
import { linesOf, stepSecondsOf } from '../../traffic/chart-lines.js';
import { LineChart } from '../../traffic/line-chart.js';
import { subsetColor } from '../../traffic/split-bar.js';
import { SplitSection } from '../../traffic/split-section.js';
import { SubsetCards } from '../../traffic/subset-cards.js';
import { formatMs } from '../../traffic/traffic-words.js';

const route = getRouteApi('/publisher/apis/$api/versions/$version/canary');
const windows = Object.entries(canaryWindows).map(([value, { label }]) => ({ value, label }));

/** How the subsets of a version do beside each other, as it happens, and how its calls are shared out among them. */
export function CanaryPage(): ReactNode {
  const name = route.useParams();
  const splits = useQuery({ ...versionSplitsQuery(name), refetchInterval: LIVE_MS });
  if (splits.error instanceof ProblemError && splits.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <PageHeader
        title={`Canary of ${name.api} ${name.version}`}
        above={
          <TextLink to="/publisher/apis/$api/versions/$version" params={name}>
            {name.api} {name.version}
          </TextLink>
        }
        actions={
          <ButtonLink to="/publisher/apis/$api/versions/$version/traffic-rules" params={name} variant="default">
            Rules of traffic
          </ButtonLink>
        }
        description="Live calls by the subset of the upstream that answered. What has ended shows within some ten seconds."
      />
      <Loaded query={splits} skeleton={<CardsSkeleton cards={2} height={240} />}>
        {(loaded) =>
          loaded.subsets.length === 0 ? (
            <WithoutSubsets version={name} />
          ) : (
            <CanaryView version={name} splits={loaded} />
          )
        }
      </Loaded>
    </Page>
  );
}

function WithoutSubsets({ version }: { readonly version: ApiVersionName }) {
  return (
    <Section title="Split in force">
      <EmptyState
        icon={IconGitBranch}
        title="No subsets"
        action={
          <ButtonLink to="/publisher/apis/$api/versions/$version/upstream" params={version} variant="default">
            Change the upstream
          </ButtonLink>
        }
      >
        All calls go to the same targets. Name subsets of the upstream’s targets, and say in its rules of traffic which
        calls they get; then they stand here beside each other.
      </EmptyState>
    </Section>
  );
}

interface CanaryViewProps {
  readonly version: ApiVersionName;
  readonly splits: Tagged<VersionSplits>;
}

function CanaryView({ version, splits }: CanaryViewProps) {
  const { within = '1h' } = route.useSearch();
  const navigate = route.useNavigate();
  const { minutes, bucket, words, renewMs } = canaryWindows[within];
  const traffic = useQuery({
    ...versionTrafficQuery(version, { minutes, bucket, groupBy: 'subset', limit: 20 }),
    refetchInterval: renewMs,
  });
  const change = (value: CanaryWindow) =>
    void navigate({ search: value === '1h' ? {} : { within: value }, replace: true, resetScroll: false });
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label="Time range"
          data={windows}
          value={within}
          onChange={(value) => isCanaryWindow(value) && change(value)}
        />
        {traffic.data && (
          <Text size="sm" c="dimmed">
            As of <DateTime at={traffic.data.to} format="relative" />
          </Text>
        )}
      </Group>
      <Loaded query={traffic} skeleton={<CardsSkeleton cards={2} height={176} />}>
        {(loaded) => <SubsetCards splits={splits} traffic={loaded} />}
      </Loaded>
      <SplitSection version={version} splits={splits} />
      {charts.map(({ title, description, format, value }) => (
        <Section key={title} title={title} description={`${description}, in the ${words}`}>
          <Loaded query={traffic} skeleton={<Skeleton h={266} />}>
            {(loaded) => (
              <LineChart
                title={title}
                chart={linesOf(loaded, bucket, linesBySubset(splits, value))}
                stepSeconds={stepSecondsOf(bucket)}
                format={format}
                height={200}
              />
            )}
          </Loaded>
        </Section>
      ))}
    </Stack>
  );
}

type Bucket = Parameters<Parameters<typeof linesOf>[2][number]['value']>[0];

const charts = [
  {
    title: 'Errors',
    description: 'The share of answers with 5xx',
    format: (percent: number) => `${Number(percent.toFixed(2))}%`,
    value: ({ calls, serverErrors }: Bucket) => (calls === 0 ? null : (serverErrors / calls) * 100),
  },
  {
    title: 'Latency',
    description: 'What 95% of calls did not exceed (p95)',
    format: formatMs,
    value: ({ latency }: Bucket) => latency?.p95Ms ?? null,
  },
];

function linesBySubset({ subsets }: VersionSplits, value: (bucket: Bucket) => number | null) {
  const names = subsets.map(({ name }) => name);
  return names.map((name) => ({
    key: name,
    label: name,
    color: subsetColor(names, name),
    value: (bucket: Bucket) => (bucket.group === name ? value(bucket) : null),
  }));
}
