import { Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconWebhook } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { webhookEndpointsQuery } from '../../api/webhooks.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { CreateEndpointDialog } from './create-endpoint-dialog.js';
import { endpointWords } from './webhook-words.js';

const columns = [{ label: 'Endpoint' }, { label: 'Events' }, { label: 'Created' }, { label: 'State' }] as const;

export function WebhooksPage(): ReactNode {
  const { organization, permissions } = useOrganization().current;
  const endpoints = useQuery({ ...webhookEndpointsQuery(organization.id), refetchInterval: 15_000 });
  const [creating, dialog] = useDisclosure(false);
  const count = endpoints.data?.endpoints.length ?? 0;
  const isFull = count >= (endpoints.data?.maxEndpoints ?? Infinity);
  const create = mayManage(permissions).webhooks && (
    <Button onClick={dialog.open} disabled={isFull}>
      Add endpoint
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Your servers are told when something happens here: signed messages, tried again for three days until they arrive."
      />
      <Section
        title="Endpoints"
        description={endpoints.data && `${count} of ${endpoints.data.maxEndpoints}`}
        actions={count > 0 && create}
        flush
      >
        <Loaded query={endpoints} skeleton={<TableSkeleton rows={2} />}>
          {({ endpoints: list }) =>
            list.length === 0 ? (
              <EmptyState icon={IconWebhook} title="No endpoints yet" action={create}>
                Add the address of your server, and choose what it is told of: invoices, keys, quotas, subscriptions.
              </EmptyState>
            ) : (
              <DataTable caption="Webhook endpoints" columns={columns} minWidth={560}>
                {list.map((endpoint) => (
                  <Table.Tr key={endpoint.id}>
                    <Table.Td>
                      <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                        <TextLink
                          to="/dashboard/webhooks/$webhookEndpointId"
                          params={{ webhookEndpointId: endpoint.id }}
                          size="sm"
                        >
                          {endpoint.url}
                        </TextLink>
                        {endpoint.description !== '' && (
                          <Text size="xs" c="dimmed">
                            {endpoint.description}
                          </Text>
                        )}
                      </div>
                    </Table.Td>
                    <Table.Td>{endpoint.eventTypes.length}</Table.Td>
                    <Table.Td>
                      <DateTime at={endpoint.createdAt} format="date" />
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge tone={endpointWords(endpoint).tone}>{endpointWords(endpoint).label}</StatusBadge>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
            )
          }
        </Loaded>
      </Section>
      <CreateEndpointDialog opened={creating} onClose={dialog.close} />
    </>
  );
}
