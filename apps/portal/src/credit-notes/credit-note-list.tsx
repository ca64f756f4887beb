import { Anchor, Group, Stack, Table, Text } from '@mantine/core';
import type { Invoice } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Section } from '../components/section.js';
import { StatusBadge } from '../components/status-badge.js';
import { refundState } from './refund-words.js';

interface CreditNoteListProps {
  readonly creditNotes: NonNullable<Invoice['creditNotes']>;
  /** Where a file of one is. */
  readonly hrefOf: (creditNoteId: string, format: 'pdf' | 'ubl') => string;
}

const columns = [
  { label: 'Credit note' },
  { label: 'Issued' },
  { label: 'Reason' },
  { label: 'Went to' },
  { label: 'Amount', align: 'right' },
] as const;

/** What was taken back of an invoice; nothing where nothing was. */
export function CreditNoteList({ creditNotes, hrefOf }: CreditNoteListProps) {
  if (creditNotes.length === 0) return null;
  return (
    <Section
      title="Credit notes"
      description="What was taken back: off what was due first, the rest into the balance or to the card."
      flush
    >
      <DataTable caption="Credit notes" columns={columns} minWidth={640}>
        {creditNotes.map(({ id, number, issuedAt, reason, total, ...parts }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Group gap="sm">
                <Anchor href={hrefOf(id, 'pdf')} download fw={500} size="sm">
                  {number} (PDF)
                </Anchor>
                <Anchor href={hrefOf(id, 'ubl')} download size="sm" aria-label={`UBL of ${number}`}>
                  UBL
                </Anchor>
              </Group>
            </Table.Td>
            <Table.Td>
              <DateTime at={issuedAt} format="date" />
            </Table.Td>
            <Table.Td>{reason}</Table.Td>
            <Table.Td>
              <WentTo total={total} {...parts} />
            </Table.Td>
            <Table.Td ta="right" className="tabular">
              {total.formatted}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}

type CreditNote = NonNullable<Invoice['creditNotes']>[number];

/** What of a credit note came off what was due, went to the card, or is in the balance. */
function WentTo({ total, reduced, refunded, refund }: Pick<CreditNote, 'total' | 'reduced' | 'refunded' | 'refund'>) {
  const kept = BigInt(total.amountMinor) - BigInt(reduced.amountMinor) - BigInt(refunded.amountMinor);
  return (
    <Stack gap={4} align="flex-start">
      {reduced.amountMinor !== '0' && <Text size="sm">{reduced.formatted} off what was due</Text>}
      {refund && (
        <>
          <StatusBadge tone={refundState(refund.state).tone}>{refundState(refund.state).label}</StatusBadge>
          {refund.amount.amountMinor !== total.amountMinor && <Text size="sm">{refund.amount.formatted}</Text>}
          {refund.failureMessage !== null && (
            <Text size="sm" c="dimmed">
              {refund.failureMessage}
            </Text>
          )}
        </>
      )}
      {kept > 0n && <Text size="sm">{refund ? 'The rest to the balance' : 'Balance'}</Text>}
    </Stack>
  );
}
