import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Adjustment, CreditProposal } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';

type Proposal = Adjustment | CreditProposal;
type Decision = 'approve' | 'refuse';

const columns = [
  { label: 'Organization' },
  { label: 'Reason' },
  { label: 'Proposed by', isMinor: true },
  { label: 'State' },
  { label: 'Amount', align: 'right' },
  { label: 'Decide', align: 'right' },
] as const;

interface ProposalTableProps {
  readonly title: string;
  readonly description: string;
  /** What one is called that was approved. */
  readonly approved: string;
  readonly proposals: readonly Proposal[];
  readonly decide: (id: string, decision: Decision) => Promise<unknown>;
}

/** What finance proposed, with the decisions that wait; nothing where there never was any. */
export function ProposalTable({ title, description, approved, proposals, decide }: ProposalTableProps) {
  const queryClient = useQueryClient();
  const decision = useMutation({
    mutationFn: (chosen: { id: string; decision: Decision }) => decide(chosen.id, chosen.decision),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  if (proposals.length === 0) return null;
  return (
    <Section title={title} description={description} flush>
      {decision.isError && <ProblemAlert error={decision.error} />}
      <DataTable caption={title} columns={columns} minWidth={900}>
        {proposals.map((proposal) => (
          <ProposalRow
            key={proposal.id}
            proposal={proposal}
            approved={approved}
            isPending={decision.isPending}
            onDecide={(chosen) => decision.mutate({ id: proposal.id, decision: chosen })}
          />
        ))}
      </DataTable>
    </Section>
  );
}

interface ProposalRowProps {
  readonly proposal: Proposal;
  readonly approved: string;
  readonly isPending: boolean;
  readonly onDecide: (decision: Decision) => void;
}

function ProposalRow({ proposal, approved, isPending, onDecide }: ProposalRowProps) {
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
        <ProposalState state={state} approved={approved} />
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

function ProposalState({ state, approved }: { readonly state: Proposal['state']; readonly approved: string }) {
  if (state === 'proposed') return <StatusBadge tone="warning">Waits for approval</StatusBadge>;
  if (state === 'approved') return <StatusBadge tone="positive">{approved}</StatusBadge>;
  return <StatusBadge tone="neutral">Refused</StatusBadge>;
}
