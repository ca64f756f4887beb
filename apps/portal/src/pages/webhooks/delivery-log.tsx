import { Button, Group, Select, Table, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { IconMailForward } from '@tabler/icons-react';
import { useState } from 'react';
import {
  type ListedWebhookDelivery,
  type WebhookDeliveryState,
  type WebhookEndpoint,
  type WebhookLogFilter,
  webhookDeliveriesQuery,
} from '../../api/webhooks.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section, sectionInset } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { DeliveryDialog } from './delivery-dialog.js';
import { deliveryWords, outcomeOf, stateChoices } from './webhook-words.js';

const columns = [
  { label: 'Event' },
  { label: 'State' },
  { label: 'Last answer' },
  { label: 'Tries', align: 'right' },
  { label: 'Next try' },
  { label: 'Time' },
  { label: 'Details', align: 'right', silent: true },
] as const;

interface DeliveryLogProps {
  readonly endpoint: WebhookEndpoint;
  readonly mayResend: boolean;
}

/** The messages to an endpoint, and what became of each. */
export function DeliveryLog({ endpoint, mayResend }: DeliveryLogProps) {
  const organizationId = useOrganizationId();
  const [filter, setFilter] = useState<WebhookLogFilter>({ state: null, eventType: null });
  const [shown, setShown] = useState<string | null>(null);
  const log = useInfiniteQuery({
    ...webhookDeliveriesQuery({ organizationId, webhookEndpointId: endpoint.id }, filter),
    placeholderData: keepPreviousData,
    refetchInterval: 3_000,
  });
  return (
    <Section title="Messages" description="Kept for 30 days after they were delivered or given up." flush>
      <Group className={sectionInset} pb="md" gap="sm">
        <Select
          aria-label="State of messages"
          placeholder="Any state"
          data={stateChoices}
          value={filter.state}
          onChange={(state) => setFilter({ ...filter, state: state as WebhookDeliveryState | null })}
          clearable
          clearButtonProps={{ 'aria-label': 'Show messages in any state' }}
        />
        <Select
          aria-label="Event of messages"
          placeholder="Any event"
          data={[...endpoint.eventTypes, 'webhook.test']}
          value={filter.eventType}
          onChange={(eventType) => setFilter({ ...filter, eventType: eventType as WebhookLogFilter['eventType'] })}
          clearable
          clearButtonProps={{ 'aria-label': 'Show messages of any event' }}
        />
      </Group>
      <Loaded query={log} skeleton={<TableSkeleton rows={4} />}>
        {({ pages }) => {
          const deliveries = pages.flatMap((page) => page.deliveries);
          if (deliveries.length === 0)
            return (
              <EmptyState icon={IconMailForward} title="No messages">
                What this endpoint is told of is listed here. Send a test message to see how it answers.
              </EmptyState>
            );
          return (
            <DataTable caption="Messages" columns={columns} minWidth={760}>
              {deliveries.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} onShow={() => setShown(delivery.id)} />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={log} />
      <DeliveryDialog
        at={shown === null ? null : { organizationId, webhookEndpointId: endpoint.id, webhookDeliveryId: shown }}
        mayResend={mayResend}
        onClose={() => setShown(null)}
      />
    </Section>
  );
}

function DeliveryRow({ delivery, onShow }: { readonly delivery: ListedWebhookDelivery; readonly onShow: () => void }) {
  const { eventType, lastAttempt, attempts, nextAttemptAt, createdAt } = delivery;
  const { label, tone } = deliveryWords(delivery);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {eventType}
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={tone}>{label}</StatusBadge>
      </Table.Td>
      <Table.Td>{lastAttempt ? outcomeOf(lastAttempt) : '–'}</Table.Td>
      <Table.Td ta="right" className="tabular">
        {attempts}
      </Table.Td>
      <Table.Td>{nextAttemptAt ? <DateTime at={nextAttemptAt} /> : '–'}</Table.Td>
      <Table.Td>
        <DateTime at={createdAt} />
      </Table.Td>
      <Table.Td ta="right">
        <Button variant="default" size="xs" onClick={onShow} aria-label={`Details of ${eventType}`}>
          Details
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
