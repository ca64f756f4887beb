import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Adjustment, CreditProposal, RefundProposal } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { ShowMore } from '../../components/show-more.js';
import { Section } from '../../components/section.js';
import { StatusBadge, type Tone } from '../../components/status-badge.js';
import type { ComponentProps, ReactNode } from 'react';

type Proposal = Adjustment | CreditProposal | RefundProposal;
type Decision = 'approve' | 'refuse';

const columns = [
  { label: 'Organization' },
  { label: 'Reason' },
  { label: 'Proposed by', isMinor: true },
  { label: 'State' },
  { label: 'Amount', align: 'right' },
  { label: 'Decide', align: 'right' },
] as const;

interface ProposalTableProps<Found extends Proposal> {
  readonly title: string;
  readonly description: string;
  /** What one is called that was approved. */
  readonly approved: string | ((proposal: Found) => { readonly tone: Tone; readonly label: string });
  /** Beside the reason: what it is about. */
  readonly about?: (proposal: Found) => ReactNode;
  /** Read page by page. */
  readonly query: ComponentProps<typeof ShowMore>['query'] & { readonly data: readonly Found[] | undefined };
  readonly decide: (id: string, decision: Decision) => Promise<unknown>;
}

/** What finance proposed, with the decisions that wait; nothing where there never was any. */
export function ProposalTable<Found extends Proposal>({
  title,
  description,
  approved,
  about,
  query,
  decide,
}: ProposalTableProps<Found>) {
  const queryClient = useQueryClient();
  const decision = useMutation({
    mutationFn: (chosen: { id: string; decision: Decision }) => decide(chosen.id, chosen.decision),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  const proposals = query.data ?? [];
  if (proposals.length === 0) return null;
  return (
    <Section title={title} description={description} flush>
      {decision.isError && <ProblemAlert error={decision.error} />}
      <DataTable caption={title} columns={columns} minWidth={900}>
        {proposals.map((proposal) => (
          <ProposalRow
            key={proposal.id}
            proposal={proposal}
            approved={typeof approved === 'string' ? { tone: 'positive', label: approved } : approved(proposal)}
            about={about?.(proposal)}
            isPending={decision.isPending}
            onDecide={(chosen) => decision.mutate({ id: proposal.id, decision: chosen })}
          />
        ))}
      </DataTable>
      <ShowMore query={query} />
    </Section>
  );
}

interface ProposalRowProps {
  readonly proposal: Proposal;
  readonly approved: { readonly tone: Tone; readonly label: string };
  readonly about: ReactNode;
  readonly isPending: boolean;
  readonly onDecide: (decision: Decision) => void;
}

function ProposalRow({ proposal, approved, about, isPending, onDecide }: ProposalRowProps) {
  const { organization, reason, proposedBy, proposedAt, state, amount, isOwn, decidedBy } = proposal;
  return (
    <Table.Tr>
      <Table.Td>{organization.name}</Table.Td>
      <Table.Td>
        {reason}
        {about !== undefined && (
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        )}
      </Table.Td>
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

function ProposalState({
  state,
  approved,
}: Pick<ProposalRowProps, 'approved'> & { readonly state: Proposal['state'] }) {
  if (state === 'proposed') return <StatusBadge tone="warning">Waits for approval</StatusBadge>;
  if (state === 'approved') return <StatusBadge tone={approved.tone}>{approved.label}</StatusBadge>;
  return <StatusBadge tone="neutral">Refused</StatusBadge>;
}
