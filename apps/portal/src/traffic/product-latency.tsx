import { Skeleton, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconGauge } from '@tabler/icons-react';
import { KEPT_DAYS, productTrafficQuery } from '../api/traffic.js';
import type { Traffic, TrafficGroup } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { EmptyState } from '../components/empty-state.js';
import { Loaded } from '../components/loaded.js';
import { Section } from '../components/section.js';
import { TableSkeleton } from '../components/skeletons.js';
import { formatQuantity } from '../format/number.js';
import { linesOf, stepSecondsOf } from './chart-lines.js';
import { LineChart } from './line-chart.js';
import classes from './traffic.module.css';
import { errorShare, formatMs, percentileWords } from './traffic-words.js';

interface ProductLatencyProps {
  readonly product: string;
  readonly days: number;
  /** Only of this one; null for all. */
  readonly operation: { readonly version: string; readonly operation: string } | null;
}

/** How long the calls of a product take and how many fail: over time, and by operation. */
export function ProductLatency({ product, days, operation }: ProductLatencyProps) {
  const shownDays = Math.min(days, KEPT_DAYS);
  const bucket = shownDays <= 7 ? 'hour' : 'day';
  const minutes = shownDays * 1_440;
  const only = operation === null ? {} : { apiVersionId: operation.version, operation: operation.operation };
  const overTime = useQuery({
    ...productTrafficQuery(product, { minutes, bucket, ...only }),
    refetchInterval: 30_000,
  });
  const byOperation = useQuery({
    ...productTrafficQuery(product, { minutes, bucket: 'day', groupBy: 'operation', limit: 50, ...only }),
    refetchInterval: 30_000,
  });
  const within = days > KEPT_DAYS ? `The last ${KEPT_DAYS} days, which is as long as times are kept.` : undefined;
  return (
    <>
      <Section
        title="Latency"
        description={['From the head of a request to the end of its answer, by percentile.', within]
          .filter(Boolean)
          .join(' ')}
      >
        <Loaded query={overTime} skeleton={<Skeleton h={306} />}>
          {(traffic) => (
            <LineChart
              title="Latency"
              chart={linesOf(traffic, bucket, percentileLines)}
              stepSeconds={stepSecondsOf(bucket)}
              format={formatMs}
            />
          )}
        </Loaded>
      </Section>
      <Section
        title="Errors"
        description="The share of calls that the API failed (5xx), and of those that were wrong themselves (4xx)."
      >
        <Loaded query={overTime} skeleton={<Skeleton h={266} />}>
          {(traffic) => (
            <LineChart
              title="Errors"
              chart={linesOf(traffic, bucket, errorLines)}
              stepSeconds={stepSecondsOf(bucket)}
              format={(percent) => `${Number(percent.toFixed(2))}%`}
              height={200}
            />
          )}
        </Loaded>
      </Section>
      <Section
        title="Latency by operation"
        description="Each time is at most 5% off. “Upstream” is without what the gateway adds."
        flush
      >
        <Loaded query={byOperation} skeleton={<TableSkeleton rows={4} />}>
          {({ groups }) => <OperationLatencies groups={groups} />}
        </Loaded>
      </Section>
    </>
  );
}

const percentileLines = (['p50Ms', 'p95Ms', 'p99Ms'] as const).map((which, index) => ({
  key: which,
  label: ['Half of the calls (p50)', '95% of them (p95)', '99% of them (p99)'][index]!,
  color: ['--tg-chart-1', '--tg-chart-2', '--tg-chart-5'][index]!,
  value: ({ latency }: Traffic['buckets'][number]) => latency?.[which] ?? null,
}));

const errorLines = (['serverErrors', 'clientErrors'] as const).map((which, index) => ({
  key: which,
  label: ['Server errors (5xx)', 'Client errors (4xx)'][index]!,
  color: ['--tg-chart-server', '--tg-chart-client'][index]!,
  value: (bucket: Traffic['buckets'][number]) => (bucket.calls === 0 ? null : (bucket[which] / bucket.calls) * 100),
}));

const columns = [
  { label: 'Operation' },
  { label: 'Calls', align: 'right' },
  { label: '5xx', align: 'right' },
  { label: '4xx', align: 'right', isMinor: true },
  { label: 'p50', align: 'right' },
  { label: 'p95', align: 'right' },
  { label: 'p99', align: 'right' },
  { label: 'Upstream p95', align: 'right', isMinor: true },
] as const;

function OperationLatencies({ groups }: { readonly groups: readonly TrafficGroup[] }) {
  if (groups.length === 0)
    return (
      <EmptyState icon={IconGauge} title="No calls in this time">
        Gateways tell every ten seconds how long calls took and how many failed.
      </EmptyState>
    );
  return (
    <DataTable caption="Latency by operation" columns={columns} minWidth={720}>
      {groups.map((group) => (
        <Table.Tr key={group.id ?? 'others'}>
          <Table.Td className={classes.name}>{group.label}</Table.Td>
          <NumberCell>{formatQuantity(group.calls)}</NumberCell>
          <NumberCell>{errorShare(group.serverErrors, group.calls)}</NumberCell>
          <NumberCell>{errorShare(group.clientErrors, group.calls)}</NumberCell>
          <NumberCell>{percentileWords(group.latency, 'p50Ms')}</NumberCell>
          <NumberCell>{percentileWords(group.latency, 'p95Ms')}</NumberCell>
          <NumberCell>{percentileWords(group.latency, 'p99Ms')}</NumberCell>
          <NumberCell>{percentileWords(group.upstreamLatency, 'p95Ms')}</NumberCell>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function NumberCell({ children }: { readonly children: string }) {
  return (
    <Table.Td ta="right" className="tabular">
      {children}
    </Table.Td>
  );
}
