import { Group, Select, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconHistory, IconLock } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { applicationsQuery } from '../../api/applications.js';
import { productsQuery } from '../../api/catalog.js';
import { type AuditFilter, auditLogFile, organizationAuditLogQuery } from '../../api/team.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { DownloadButton } from '../../components/download-button.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section, sectionInset } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { WhoField } from '../../components/who-field.js';
import { useOrganization } from '../../organization/organization-context.js';
import { detailWords, nounWords, plainWords } from './detail-words.js';

const TYPING_MS = 300;
const columns = [
  { label: 'Time' },
  { label: 'Who' },
  { label: 'Action' },
  { label: 'Subject' },
  { label: 'Details' },
] as const;

export function OrganizationAuditLogPage(): ReactNode {
  const { permissions } = useOrganization().current;
  return (
    <>
      <PageHeader title="Audit log" description="Every change in this organization, the newest first." />
      {permissions.includes('read_audit_log') ? (
        <AuditLogSection />
      ) : (
        <EmptyState icon={IconLock} title="For owners and admins">
          Ask one of them if you need to know who changed something.
        </EmptyState>
      )}
    </>
  );
}

function AuditLogSection() {
  const { organization } = useOrganization().current;
  const [typed, setTyped] = useState<AuditFilter>({ actor: '', noun: '' });
  const [filter] = useDebouncedValue(typed, TYPING_MS);
  const query = useInfiniteQuery({
    ...organizationAuditLogQuery(organization.id, filter),
    placeholderData: keepPreviousData,
  });
  const nameOf = useNames(organization.id);
  const nouns = query.data?.pages[0]?.nouns ?? [];
  return (
    <Section
      title="Changes"
      actions={
        <Group gap="xs">
          <DownloadButton href={auditLogFile(organization.id, 'csv', filter)}>CSV</DownloadButton>
          <DownloadButton href={auditLogFile(organization.id, 'ndjson', filter)}>NDJSON</DownloadButton>
        </Group>
      }
      flush
    >
      <Group className={sectionInset} pb="md" gap="sm">
        <WhoField value={typed.actor} onChange={(actor) => setTyped({ ...typed, actor })} />
        <Select
          aria-label="What was changed"
          placeholder="Everything"
          data={nouns.map((value) => ({ value, label: nounWords(value) }))}
          value={typed.noun || null}
          onChange={(noun) => setTyped({ ...typed, noun: noun ?? '' })}
          clearable
          clearButtonProps={{ 'aria-label': 'Show everything' }}
        />
      </Group>
      <Loaded query={query} skeleton={<TableSkeleton rows={8} />}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          if (entries.length === 0)
            return (
              <EmptyState icon={IconHistory} title="Nothing fits">
                No change of that kind was made.
              </EmptyState>
            );
          return (
            <DataTable caption="Changes" columns={columns}>
              {entries.map(({ id, at, actor, action, noun, details }) => (
                <Table.Tr key={id}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <DateTime at={at} />
                  </Table.Td>
                  <Table.Td miw={240} style={{ overflowWrap: 'anywhere' }}>
                    {actor}
                  </Table.Td>
                  <Table.Td miw={120}>{plainWords(action)}</Table.Td>
                  <Table.Td miw={140}>{nounWords(noun)}</Table.Td>
                  <Table.Td fz="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {detailWords(details, nameOf)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

/** The names of what details of changes name by its id: applications that are there still, and plans that are offered. */
function useNames(organizationId: string): (id: string) => string | undefined {
  const { data: applications = [] } = useQuery(applicationsQuery(organizationId));
  const { data: products = [] } = useQuery(productsQuery);
  const names = new Map([
    ...applications.map(({ id, name }) => [id, name] as const),
    ...products.flatMap(({ title, plans }) =>
      plans.map((plan) => [plan.version.id, `${title} ${plan.title}, version ${plan.version.number}`] as const),
    ),
  ]);
  return (id) => names.get(id);
}
