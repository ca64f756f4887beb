import { Box, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconBuilding } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { financeOrganizationsQuery } from '../../api/finance.js';
import type { FinanceOrganization } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { FindField } from '../../components/find-field.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section, sectionInset } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { paysWords } from '../../payment/pays-words.js';
import { Page } from '../../shell/page.js';
import { OrganizationLink } from './organization-link.js';

const route = getRouteApi('/finance/organizations');
const columns = [
  { label: 'Organization' },
  { label: 'Pays' },
  { label: 'Billing e-mail' },
  { label: 'Since' },
] as const;

/** Who pays, or could: also before there is an invoice. */
export function FinanceOrganizationsPage(): ReactNode {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const organizations = useInfiniteQuery(financeOrganizationsQuery(q.trim()));
  const find = (text: string) =>
    void navigate({
      to: '/finance/organizations',
      replace: true,
      resetScroll: false,
      search: text === '' ? {} : { q: text },
    });
  return (
    <Page>
      <PageHeader title="Organizations" description="How each pays, what it has in store, and its invoices." />
      <Section title="All organizations" flush>
        <Box className={sectionInset} pb="md" maw={400}>
          <FindField label="Find" placeholder="Name or billing e-mail" initial={q} onFind={find} />
        </Box>
        <Loaded query={organizations} skeleton={<TableSkeleton rows={6} />}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconBuilding} title="No organization like this">
                {q === '' ? 'Each person who signs up makes one.' : 'Try a shorter part of the name.'}
              </EmptyState>
            ) : (
              <DataTable caption="Organizations" columns={columns} minWidth={720}>
                {list.map((organization) => (
                  <OrganizationRow key={organization.id} organization={organization} />
                ))}
              </DataTable>
            )
          }
        </Loaded>
        <ShowMore query={organizations} />
      </Section>
    </Page>
  );
}

function OrganizationRow({ organization }: { readonly organization: FinanceOrganization }) {
  const { slug, billingEmail, createdAt, suspendedAt, paymentTerms } = organization;
  return (
    <Table.Tr>
      <Table.Td>
        <div>
          <OrganizationLink organization={organization} fw={500} />
          {suspendedAt !== null && (
            <>
              {' '}
              <StatusBadge tone="danger">Suspended</StatusBadge>
            </>
          )}
          <Text size="xs" c="dimmed">
            {slug}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>{paysWords(paymentTerms)}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{billingEmail ?? 'Its owners'}</Table.Td>
      <Table.Td>
        <DateTime at={createdAt} format="date" />
      </Table.Td>
    </Table.Tr>
  );
}
