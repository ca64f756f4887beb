import { Skeleton, Table, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RefusedCalls, RefusedCallsKind } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { EmptyState } from '../components/empty-state.js';
import { Loaded } from '../components/loaded.js';
import { Section } from '../components/section.js';
import { StatusBadge } from '../components/status-badge.js';
import { formatQuantity, formatUnits } from '../format/number.js';
import { TrafficChart } from '../usage/traffic-chart.js';
import { refusalWords } from './refusal-words.js';
import { refusedChart } from './refused-chart.js';
import classes from './traffic.module.css';

interface RefusedSectionProps {
  readonly query: UseQueryResult<RefusedCalls>;
  readonly description: string;
  /** Whose calls they were: a key of one's own, or anybody's. */
  readonly callers: 'own' | 'all';
}

/** Why calls were refused, over time and one by one, with what to do about it. */
export function RefusedSection({ query, description, callers }: RefusedSectionProps): ReactNode {
  return (
    <Section title="Refused calls" description={description} flush>
      <Loaded query={query} skeleton={<Skeleton h={240} m="md" />}>
        {(report) =>
          report.calls === 0 ? (
            <EmptyState icon={IconShieldCheck} title="No call was refused in this time">
              What the gateway refuses costs nothing. It shows here within seconds, with the reason.
            </EmptyState>
          ) : (
            <>
              <div className={classes.chart}>
                <TrafficChart
                  columns={refusedChart(report)}
                  bucket={report.bucket}
                  units="refused calls"
                  height={180}
                />
              </div>
              <RefusedTable kinds={report.kinds} callers={callers} />
              {restOf(report) > 0 && (
                <Text size="sm" c="dimmed" p="md">
                  And {formatUnits(restOf(report), 'call')} of rarer kinds.
                </Text>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** The calls that have no row. */
function restOf({ calls, kinds }: RefusedCalls): number {
  return calls - kinds.reduce((sum, kind) => sum + kind.calls, 0);
}

function RefusedTable({
  kinds,
  callers,
}: { readonly kinds: readonly RefusedCallsKind[] } & Pick<RefusedSectionProps, 'callers'>) {
  const columns = [
    { label: 'Why' },
    { label: 'Operation' },
    { label: callers === 'own' ? 'Key' : 'Caller' },
    { label: 'Calls', align: 'right' },
    { label: 'Last', align: 'right' },
  ] as const;
  return (
    <DataTable caption="Refused calls" columns={columns} minWidth={720}>
      {kinds.map((kind) => (
        <Table.Tr key={[kind.api, kind.version, kind.operation, callerWords(kind, 'all'), kind.code].join(' ')}>
          <Table.Td>
            <div>
              <StatusBadge tone={kind.status >= 500 ? 'danger' : 'warning'}>{kind.status}</StatusBadge>{' '}
              {refusalWords(kind.code).title}
              <Text size="xs" c="dimmed">
                {refusalWords(kind.code).advice}
              </Text>
            </div>
          </Table.Td>
          <Table.Td className={classes.name}>
            {kind.operation} ({kind.api} {kind.version})
          </Table.Td>
          <Table.Td className={classes.name}>{callerWords(kind, callers)}</Table.Td>
          <Table.Td ta="right" className="tabular">
            {formatQuantity(kind.calls)}
          </Table.Td>
          <Table.Td ta="right">
            <DateTime at={kind.lastAt} format="relative" />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** "Northwind: Weather app", or the name of one's own key; what is gone has no name. */
function callerWords({ caller }: RefusedCallsKind, callers: RefusedSectionProps['callers']): string {
  if (caller === null) return 'Unknown caller';
  const application = caller.application ?? 'A deleted application';
  const key = caller.key === null ? application : `${caller.key} (${application})`;
  const name = callers === 'own' ? key : `${caller.organization ?? 'A deleted organization'}: ${application}`;
  return caller.mode === 'test' ? `${name}, test` : name;
}
