import { Anchor, Group, Table } from '@mantine/core';
import type { Invoice } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Section } from '../components/section.js';

interface CreditNoteListProps {
  readonly creditNotes: NonNullable<Invoice['creditNotes']>;
  /** Where a file of one is. */
  readonly hrefOf: (creditNoteId: string, format: 'pdf' | 'ubl') => string;
}

const columns = [
  { label: 'Credit note' },
  { label: 'Issued' },
  { label: 'Reason' },
  { label: 'Amount', align: 'right' },
] as const;

/** What was taken back of an invoice; nothing where nothing was. */
export function CreditNoteList({ creditNotes, hrefOf }: CreditNoteListProps) {
  if (creditNotes.length === 0) return null;
  return (
    <Section
      title="Credit notes"
      description="What was taken back: off what was due first, the rest into the balance."
      flush
    >
      <DataTable caption="Credit notes" columns={columns} minWidth={520}>
        {creditNotes.map(({ id, number, issuedAt, reason, total }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Group gap="sm">
                <Anchor href={hrefOf(id, 'pdf')} download fw={500} size="sm">
                  {number} (PDF)
                </Anchor>
                <Anchor href={hrefOf(id, 'ubl')} download size="sm" aria-label={`${number} as an e-invoice`}>
                  UBL
                </Anchor>
              </Group>
            </Table.Td>
            <Table.Td>
              <DateTime at={issuedAt} format="date" />
            </Table.Td>
            <Table.Td>{reason}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {total.formatted}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}
