import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { creditProposalsQuery, decideCredits } from '../../api/credits.js';
import type { CreditProposal } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';

const states = {
  proposed: { label: 'Waits for approval', tone: 'warning' },
  approved: { label: 'Granted', tone: 'positive' },
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

/** Credits that finance gave, with the decisions that wait; nothing where there never were any. */
export function CreditProposals() {
  const queryClient = useQueryClient();
  const proposals = useQuery({ ...creditProposalsQuery, refetchInterval: 10_000 });
  const decide = useMutation({
    mutationFn: ({ id, decision }: { id: string; decision: 'approve' | 'refuse' }) => decideCredits(id, decision),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  if (!proposals.data || proposals.data.length === 0) return null;
  return (
    <Section title="Credits given" description="Above a limit two people are needed." flush>
      {decide.isError && <ProblemAlert error={decide.error} />}
      <DataTable caption="Credits given" columns={columns} minWidth={900}>
        {proposals.data.map((proposal) => (
          <ProposalRow
            key={proposal.id}
            proposal={proposal}
            isPending={decide.isPending}
            onDecide={(decision) => decide.mutate({ id: proposal.id, decision })}
          />
        ))}
      </DataTable>
    </Section>
  );
}

interface ProposalRowProps {
  readonly proposal: CreditProposal;
  readonly isPending: boolean;
  readonly onDecide: (decision: 'approve' | 'refuse') => void;
}

function ProposalRow({ proposal, isPending, onDecide }: ProposalRowProps) {
  const { organization, reason, proposedBy, proposedAt, state, amount, isOwn, decidedBy } = proposal;
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
        {decidedBy !== null && decidedBy !== proposedBy && (
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
