import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { IconMailbox } from '@tabler/icons-react';
import { useState } from 'react';
import { replayWebhook, webhooksQuery } from '../../api/operator.js';
import type { Webhook } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge, type Tone } from '../../components/status-badge.js';

const columns = [
  { label: 'Received' },
  { label: 'Event' },
  { label: 'State' },
  { label: 'Tries', align: 'right' },
  { label: 'Replay', align: 'right', silent: true },
] as const;

const choices = [
  { value: 'all', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'waiting', label: 'Waiting' },
];

const states: Readonly<Record<Webhook['state'], { readonly tone: Tone; readonly label: string }>> = {
  processed: { tone: 'positive', label: 'Done' },
  failed: { tone: 'danger', label: 'Failed' },
  waiting: { tone: 'neutral', label: 'Waiting' },
};

/** Messages of the payment provider, what became of them, and a button to act on one once more. */
export function WebhookInbox() {
  const queryClient = useQueryClient();
  const [shown, setShown] = useState('all');
  const query = useInfiniteQuery({
    ...webhooksQuery(shown === 'failed' || shown === 'waiting' ? shown : undefined),
    refetchInterval: whileOnFirstPage(10_000),
  });
  const replay = useMutation({
    mutationFn: replayWebhook,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['operator', 'webhooks'] }),
  });
  return (
    <Section
      title="Webhooks"
      description="Messages of the payment provider. Acting on one again is harmless."
      actions={
        <SegmentedControl size="xs" data={choices} value={shown} onChange={setShown} aria-label="Which webhooks" />
      }
      flush
    >
      {replay.isError && <ProblemAlert error={replay.error} />}
      <Loaded query={query} skeleton={<TableSkeleton rows={3} />}>
        {({ pages }) => {
          const list = pages.flatMap(({ webhooks }) => webhooks);
          if (list.length === 0)
            return (
              <EmptyState icon={IconMailbox} title="No webhooks here">
                The payment provider tells of payments and cards by webhooks.
              </EmptyState>
            );
          return (
            <DataTable caption="Webhooks" columns={columns}>
              {list.map((webhook) => (
                <WebhookRow
                  key={webhook.eventId}
                  webhook={webhook}
                  isPending={replay.isPending}
                  onReplay={() => replay.mutate(webhook.eventId)}
                />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

interface WebhookRowProps {
  readonly webhook: Webhook;
  readonly isPending: boolean;
  readonly onReplay: () => void;
}

function WebhookRow({ webhook, isPending, onReplay }: WebhookRowProps) {
  const { eventId, type, state, receivedAt, attempts, error } = webhook;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <DateTime at={receivedAt} />
      </Table.Td>
      <Table.Td>
        <div>
          {type}
          <Text size="xs" c="dimmed" className="mono">
            {eventId}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>
        <div>
          <StatusBadge tone={states[state].tone}>{states[state].label}</StatusBadge>
          {error !== null && (
            <Text size="sm" c="dimmed">
              {error}
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {attempts}
      </Table.Td>
      <Table.Td ta="right">
        <Button variant="default" size="xs" disabled={isPending} onClick={onReplay} aria-label={`Replay ${eventId}`}>
          Replay
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
