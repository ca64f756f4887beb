import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { apiVersionCallersQuery } from '../api/api-versions.js';
import type { ApiVersionCaller } from '../api/types.js';
import { type Column, DataTable } from '../components/data-table.js';
import { EmptyState } from '../components/empty-state.js';
import { Loaded } from '../components/loaded.js';
import { Section, sectionInset } from '../components/section.js';
import { TableSkeleton } from '../components/skeletons.js';
import { formatDay } from '../format/date.js';
import { formatQuantity } from '../format/number.js';
import { operationWords } from './caller-words.js';
import { Shortened } from './shortened.js';
import type { OwnVersion } from './use-version-action.js';

const columnsOf = (latest: string | null): readonly Column[] => [
  { label: 'Application' },
  { label: 'Organization' },
  { label: 'Calls in 90 days', align: 'right' },
  { label: 'Operations', align: 'right' },
  ...(latest === null ? [] : [{ label: `Breaks in ${latest}` }]),
  { label: 'Last day' },
];

/** Whose applications call a version: who has to change something before it is switched off. */
export function CallerTable({ version }: { readonly version: OwnVersion }) {
  const callers = useQuery(apiVersionCallersQuery({ api: version.api.slug, version: version.name }));
  return (
    <Section title="Who calls it" description="Live calls of the last 90 days, the most first. Days are in UTC." flush>
      <Loaded query={callers} skeleton={<TableSkeleton rows={3} />}>
        {({ latest, callers: list }) =>
          list.length === 0 ? (
            <EmptyState icon={IconPlugConnectedX} title="Nobody calls it">
              No application has made a live call of this version in the last 90 days.
            </EmptyState>
          ) : (
            <Shortened items={list} most={25} noun="applications" className={sectionInset}>
              {(shown) => (
                <DataTable caption="Who calls it" columns={columnsOf(latest)} minWidth={720}>
                  {shown.map((caller) => (
                    <CallerRow key={caller.application.id} caller={caller} hasLatest={latest !== null} />
                  ))}
                </DataTable>
              )}
            </Shortened>
          )
        }
      </Loaded>
    </Section>
  );
}

interface CallerRowProps {
  readonly caller: ApiVersionCaller;
  /** There is a version to move to. */
  readonly hasLatest: boolean;
}

function CallerRow({ caller, hasLatest }: CallerRowProps) {
  const { application, organization, calls, operationCount, breakingOperations, lastAt } = caller;
  return (
    <Table.Tr>
      <Table.Td fw={500}>{application.name}</Table.Td>
      <Table.Td>{organization.name}</Table.Td>
      <Table.Td ta="right" className="tabular">
        {formatQuantity(calls)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {formatQuantity(operationCount)}
      </Table.Td>
      {hasLatest && <Table.Td>{operationWords(breakingOperations) || 'Nothing'}</Table.Td>}
      <Table.Td className="tabular">{formatDay(lastAt.slice(0, 10))}</Table.Td>
    </Table.Tr>
  );
}
