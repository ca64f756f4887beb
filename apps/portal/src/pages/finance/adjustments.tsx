import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { adjustmentsQuery, decideAdjustment } from '../../api/balance.js';
import type { Adjustment } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';

const states = {
  proposed: { label: 'Waits for approval', tone: 'warning' },
  approved: { label: 'Approved', tone: 'positive' },
  refused: { label: 'Refused', tone: 'neutral' },
} as const;

const columns = [
  { label: 'Organization' },
  { label: 'Reason' },
  { label: 'Proposed by', isMinor: true },
  { label: 'State' },
  { label: 'Amount', align: 'right' },
  { label: 'Decide', align: 'right' },
] as const;

/** Changes of balances by hand, with the decisions that wait; nothing where there never were any. */
export function Adjustments() {
  const queryClient = useQueryClient();
  const adjustments = useQuery({ ...adjustmentsQuery, refetchInterval: 10_000 });
  const decide = useMutation({
    mutationFn: ({ id, decision }: { id: string; decision: 'approve' | 'refuse' }) => decideAdjustment(id, decision),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  if (!adjustments.data || adjustments.data.length === 0) return null;
  return (
    <Section title="Adjustments" description="Changes of balances by hand. Two people are needed for each." flush>
      {decide.isError && <ProblemAlert error={decide.error} />}
      <DataTable caption="Adjustments" columns={columns} minWidth={900}>
        {adjustments.data.map((adjustment) => (
          <AdjustmentRow
            key={adjustment.id}
            adjustment={adjustment}
            isPending={decide.isPending}
            onDecide={(decision) => decide.mutate({ id: adjustment.id, decision })}
          />
        ))}
      </DataTable>
    </Section>
  );
}

interface AdjustmentRowProps {
  readonly adjustment: Adjustment;
  readonly isPending: boolean;
  readonly onDecide: (decision: 'approve' | 'refuse') => void;
}

function AdjustmentRow({ adjustment, isPending, onDecide }: AdjustmentRowProps) {
  const { organization, reason, proposedBy, proposedAt, state, amount, isOwn, decidedBy } = adjustment;
  return (
    <Table.Tr>
      <Table.Td>{organization.name}</Table.Td>
      <Table.Td>{reason}</Table.Td>
      <Table.Td>
        {proposedBy}
        <Text size="sm" c="dimmed">
          <DateTime at={proposedAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={states[state].tone}>{states[state].label}</StatusBadge>
        {decidedBy !== null && (
          <Text size="sm" c="dimmed">
            by {decidedBy}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {amount.formatted}
      </Table.Td>
      <Table.Td ta="right">
        {state === 'proposed' && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <Button variant="default" size="xs" disabled={isPending} onClick={() => onDecide('refuse')}>
              {isOwn ? 'Take back' : 'Refuse'}
            </Button>
            {!isOwn && (
              <Button size="xs" disabled={isPending} onClick={() => onDecide('approve')}>
                Approve
              </Button>
            )}
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
