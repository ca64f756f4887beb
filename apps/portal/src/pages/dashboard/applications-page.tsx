import { Button, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconApps } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { applicationsQuery } from '../../api/applications.js';
import type { Application } from '../../api/types.js';
import { CreateApplicationDialog } from '../../applications/create-application-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { LeakPolicySection } from '../../credentials/leak-policy-section.js';
import { formatUnits } from '../../format/number.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';

export function ApplicationsPage(): ReactNode {
  const { organization, permissions } = useOrganization().current;
  const applications = useQuery(applicationsQuery(organization.id));
  const navigate = useNavigate();
  const [creating, dialog] = useDisclosure(false);
  const isEmpty = applications.data?.length === 0;
  const create = mayManage(permissions).applications && <Button onClick={dialog.open}>Create application</Button>;
  return (
    <>
      <PageHeader
        title="Applications"
        description="An application is what calls an API: it owns keys, and it subscribes to plans."
        actions={!isEmpty && create}
      />
      <Stack gap="lg">
        <Section title="All applications" flush>
          <Loaded query={applications} skeleton={<TableSkeleton />}>
            {(list) =>
              list.length === 0 ? (
                <EmptyState icon={IconApps} title="No applications yet" action={create}>
                  Create one for each product or environment that calls an API, so that keys and costs stay apart.
                </EmptyState>
              ) : (
                <ApplicationTable applications={list} />
              )
            }
          </Loaded>
        </Section>
        {!isEmpty && <LeakPolicySection />}
      </Stack>
      <CreateApplicationDialog
        opened={creating}
        onClose={dialog.close}
        onCreated={({ id }) =>
          void navigate({ to: '/dashboard/applications/$applicationId', params: { applicationId: id } })
        }
      />
    </>
  );
}

const columns = [{ label: 'Name' }, { label: 'Plans' }, { label: 'Keys' }, { label: 'Created' }] as const;

function ApplicationTable({ applications }: { readonly applications: readonly Application[] }) {
  const isOrganizationSuspended = useOrganization().current.organization.suspendedAt !== null;
  return (
    <DataTable caption="Applications" columns={columns} minWidth={560}>
      {applications.map((application) => (
        <Table.Tr key={application.id}>
          <Table.Td>
            <TextLink
              to="/dashboard/applications/$applicationId"
              params={{ applicationId: application.id }}
              fw={500}
              size="sm"
            >
              {application.name}
            </TextLink>{' '}
            {(isOrganizationSuspended || application.suspendedAt !== null) && (
              <StatusBadge tone="danger">Suspended</StatusBadge>
            )}
          </Table.Td>
          <Table.Td>
            {application.subscriptions
              .filter(({ state }) => state === 'active')
              .map(({ product, plan }) => `${product.title} ${plan.title}`)
              .join(', ') || (
              <Text span inherit c="dimmed">
                None yet
              </Text>
            )}
          </Table.Td>
          <Table.Td className="tabular">{formatUnits(application.credentialCount, 'key')}</Table.Td>
          <Table.Td>
            <DateTime at={application.createdAt} format="date" />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
