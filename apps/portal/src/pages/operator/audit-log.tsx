import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { auditLogQuery } from '../../api/operator.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { plainWords } from '../team/detail-words.js';

const columns = [{ label: 'Time' }, { label: 'Actor' }, { label: 'Action' }, { label: 'Subject' }] as const;

export function AuditLog() {
  const entries = useInfiniteQuery({ ...auditLogQuery, refetchInterval: whileOnFirstPage(10_000) });
  return (
    <Section title="Audit log" description="The newest changes first." flush>
      <Loaded query={entries} skeleton={<TableSkeleton rows={5} />}>
        {({ pages }) =>
          pages[0]?.entries.length === 0 ? (
            <EmptyState icon={IconHistory} title="Nothing was changed yet">
              Every change by a person, a key or the system itself is kept here.
            </EmptyState>
          ) : (
            <DataTable caption="Audit log" columns={columns}>
              {pages
                .flatMap(({ entries: found }) => found)
                .map(({ id, at, actor, action, subject }) => (
                  <Table.Tr key={id}>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <DateTime at={at} />
                    </Table.Td>
                    <Table.Td>{actor === 'cli' ? 'command line' : actor}</Table.Td>
                    <Table.Td>{plainWords(action)}</Table.Td>
                    <Table.Td>{plainWords(subject)}</Table.Td>
                  </Table.Tr>
                ))}
            </DataTable>
          )
        }
      </Loaded>
      <ShowMore query={entries} />
    </Section>
  );
}
