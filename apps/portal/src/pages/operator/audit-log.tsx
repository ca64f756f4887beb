import { Group, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { auditLogQuery } from '../../api/operator.js';
import type { AuditFilter } from '../../api/team.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section, sectionInset } from '../../components/section.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { WhoField } from '../../components/who-field.js';
import { detailWords, plainWords } from '../team/detail-words.js';

const TYPING_MS = 300;
const columns = [
  { label: 'Time' },
  { label: 'Actor' },
  { label: 'Action' },
  { label: 'Subject' },
  { label: 'Details' },
] as const;

export function AuditLog() {
  const [typed, setTyped] = useState<AuditFilter>({ actor: '', noun: '' });
  const [filter] = useDebouncedValue(typed, TYPING_MS);
  const entries = useInfiniteQuery({
    ...auditLogQuery({ actor: filter.actor.trim(), noun: filter.noun.trim() }),
    placeholderData: keepPreviousData,
    refetchInterval: whileOnFirstPage(10_000),
  });
  const isFiltered = filter.actor.trim() !== '' || filter.noun.trim() !== '';
  return (
    <Section title="Audit log" description="The newest changes first." flush>
      <Group className={sectionInset} pb="md" gap="sm">
        <WhoField value={typed.actor} onChange={(actor) => setTyped({ ...typed, actor })} />
        <TextInput
          aria-label="What was acted on"
          placeholder="What: credential, invoice …"
          value={typed.noun}
          onChange={(event) => setTyped({ ...typed, noun: event.currentTarget.value })}
          maxLength={60}
        />
      </Group>
      <Loaded query={entries} skeleton={<TableSkeleton rows={5} />}>
        {({ pages }) =>
          pages[0]?.entries.length === 0 ? (
            <EmptyState icon={IconHistory} title={isFiltered ? 'Nothing fits' : 'Nothing was changed yet'}>
              {isFiltered
                ? 'No change of that kind was made.'
                : 'Every change by a person, a key or the system itself is kept here.'}
            </EmptyState>
          ) : (
            <DataTable caption="Audit log" columns={columns}>
              {pages
                .flatMap(({ entries: found }) => found)
                .map(({ id, at, actor, action, subject, details }) => (
                  <Table.Tr key={id}>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <DateTime at={at} />
                    </Table.Td>
                    <Table.Td>{actor === 'cli' ? 'command line' : actor}</Table.Td>
                    <Table.Td>{plainWords(action)}</Table.Td>
                    <Table.Td miw={160}>{plainWords(subject)}</Table.Td>
                    <Table.Td fz="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                      {detailWords(details)}
                    </Table.Td>
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
