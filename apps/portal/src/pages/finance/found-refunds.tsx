import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { foundRefundsQuery, recordFoundRefund } from '../../api/credit-notes.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { StatusBadge } from '../../components/status-badge.js';
import { InvoiceCell } from './invoice-cell.js';
import { ReasonButton } from '../../components/reason-button.js';

const columns = [
  { label: 'Invoice' },
  { label: 'Refund at the provider' },
  { label: 'Found' },
  { label: 'Amount', align: 'right' },
  { label: 'Act', align: 'right', silent: true },
] as const;

/** Refunds that somebody made in the provider's own pages, of one invoice or of all; nothing where there are none. */
export function FoundRefunds({ invoiceId }: { readonly invoiceId?: string }) {
  const query = useInfiniteQuery({ ...foundRefundsQuery(invoiceId), refetchInterval: 10_000 });
  const listed = query.data ?? [];
  if (listed.length === 0) return null;
  return (
    <Section
      title="Refunds made at the provider"
      description="The money has gone, and no credit note is of it: invoice and books say more than was kept."
      flush
    >
      <DataTable caption="Refunds made at the provider" columns={columns} minWidth={760}>
        {listed.map((refund) => (
          <Table.Tr key={`${refund.providerRefundId} ${refund.invoiceId}`}>
            <InvoiceCell {...refund} />
            <Table.Td className="mono">{refund.providerRefundId}</Table.Td>
            <Table.Td>
              <DateTime at={refund.foundAt} />
            </Table.Td>
            <Table.Td ta="right" className="tabular" fw={500}>
              {refund.amount.formatted}
            </Table.Td>
            <Table.Td ta="right">
              {refund.isProposed ? (
                <StatusBadge tone="warning">Waits for approval</StatusBadge>
              ) : (
                <ReasonButton
                  label="Record"
                  title={`Record the refund of invoice ${refund.invoiceNumber ?? ''}`}
                  reasonDescription="The organization sees it on the credit note."
                  action="Propose credit note"
                  run={(reason) => recordFoundRefund(refund.providerRefundId, refund.invoiceId, reason)}
                >
                  A credit note over {refund.amount.formatted} is issued when another person approves. No money moves.
                </ReasonButton>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      <ShowMore query={query} />
    </Section>
  );
}
