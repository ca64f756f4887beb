import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { decideOnDispute, disputesQuery, resolveDispute } from '../../api/disputes.js';
import type { Dispute } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { StatusBadge } from '../../components/status-badge.js';
import { disputeStanding, reasonWords } from '../../disputes/dispute-words.js';
import { InvoiceCell } from './invoice-cell.js';
import { ReasonButton } from '../../components/reason-button.js';
import { useFinanceAction } from './use-finance-action.js';

const columns = [
  { label: 'Invoice' },
  { label: 'Amount', align: 'right' },
  { label: 'Reason' },
  { label: 'State' },
  { label: 'Evidence due' },
  { label: 'Act', align: 'right', silent: true },
] as const;

/** Disputes of one invoice, or those of all that wait for something; nothing where there are none. */
export function Disputes({ invoiceId }: { readonly invoiceId?: string }) {
  const query = useInfiniteQuery({ ...disputesQuery(invoiceId), refetchInterval: whileOnFirstPage(10_000) });
  const decision = useFinanceAction(
    ({ id, chosen }: { readonly id: string; readonly chosen: 'approve' | 'refuse' }) => decideOnDispute(id, chosen),
    () => undefined,
  );
  const listed = (query.data?.pages ?? []).flatMap(({ disputes }) => disputes);
  if (listed.length === 0) return null;
  return (
    <Section
      title="Disputes"
      description="Payments that the bank of a card asks back. Dunning of the invoice rests until it has decided."
      flush
    >
      {decision.isError && <ProblemAlert error={decision.error} />}
      <DataTable caption="Disputes" columns={columns} minWidth={960}>
        {listed.map((dispute) => (
          <Table.Tr key={dispute.id}>
            <InvoiceCell {...dispute} />
            <Table.Td ta="right" className="tabular" fw={500}>
              {dispute.amount.formatted}
            </Table.Td>
            <Table.Td>
              {reasonWords(dispute.reason)}
              {dispute.resolutionReason !== null && (
                <Text size="sm" c="dimmed">
                  {dispute.resolutionReason}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <Standing dispute={dispute} />
            </Table.Td>
            <Table.Td>
              <div>
                {dispute.state === 'needs_response' && dispute.evidenceDueAt !== null ? (
                  <DateTime at={dispute.evidenceDueAt} />
                ) : (
                  '–'
                )}
                <Text size="sm">
                  <Anchor href={dispute.providerUrl} target="_blank" rel="noreferrer" size="sm">
                    Payment provider
                  </Anchor>
                </Text>
              </div>
            </Table.Td>
            <Table.Td ta="right">
              <Actions
                dispute={dispute}
                isPending={decision.isPending}
                onDecide={(chosen) => decision.mutate({ id: dispute.id, chosen })}
              />
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      <ShowMore query={query} />
    </Section>
  );
}

function Standing({ dispute }: { readonly dispute: Dispute }) {
  const { label, tone } = disputeStanding(dispute);
  const person = dispute.decidedBy ?? dispute.proposedBy;
  return (
    <>
      <StatusBadge tone={tone}>{label}</StatusBadge>
      {person !== null && (
        <Text size="sm" c="dimmed">
          by {person}
        </Text>
      )}
    </>
  );
}

interface ActionsProps {
  readonly dispute: Dispute;
  readonly isPending: boolean;
  readonly onDecide: (chosen: 'approve' | 'refuse') => void;
}

function Actions({ dispute, isPending, onDecide }: ActionsProps) {
  if (dispute.state !== 'lost' || dispute.decidedAt !== null) return null;
  if (dispute.resolution !== null)
    return (
      <Group gap="xs" justify="flex-end" wrap="nowrap">
        <Button variant="default" size="xs" disabled={isPending} onClick={() => onDecide('refuse')}>
          {dispute.isOwn ? 'Take back' : 'Refuse'}
        </Button>
        {!dispute.isOwn && (
          <Button size="xs" disabled={isPending} onClick={() => onDecide('approve')}>
            Approve
          </Button>
        )}
      </Group>
    );
  const resolve = (resolution: 'reopened' | 'written_off') => (reason: string) =>
    resolveDispute(dispute.id, { resolution, reason });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <ReasonButton
        label="Due again"
        title={`Invoice ${dispute.invoiceNumber ?? ''} is due again`}
        reasonDescription="For the audit log."
        action="Make it due again"
        run={resolve('reopened')}
      >
        The invoice is past due, and dunning begins. The payment provider cannot charge a card for it any more: it is
        paid by transfer.
      </ReasonButton>
      <ReasonButton
        label="Write off"
        title={`Write off invoice ${dispute.invoiceNumber ?? ''}`}
        reasonDescription="For the audit log."
        action="Propose write-off"
        run={resolve('written_off')}
      >
        {dispute.amount.formatted} are given up. Another person of finance must approve it.
      </ReasonButton>
    </Group>
  );
}
