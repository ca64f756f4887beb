import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Invoice } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { StatusBadge } from '../components/status-badge.js';
import { formatPeriod } from '../format/date.js';
import { stateOf } from './invoice-words.js';

interface InvoiceTableProps {
  readonly invoices: readonly Invoice[];
  /** The invoice's name, as a link to it. */
  readonly linkTo: (invoice: Invoice) => ReactNode;
  /** For finance, who decides about them. */
  readonly showsDisputes?: boolean;
  /** Who pays it, as a link; absent where all are of one. */
  readonly organizationLink?: (organization: Invoice['organization']) => ReactNode;
}

export function InvoiceTable({ invoices, linkTo, showsDisputes = false, organizationLink }: InvoiceTableProps) {
  const columns = [
    { label: 'Invoice' },
    ...(organizationLink ? [{ label: 'Organization' }] : []),
    { label: 'Product' },
    { label: 'Period (UTC)' },
    { label: 'State' },
    { label: 'Issued', isMinor: true },
    { label: 'Total', align: 'right' as const },
  ];
  return (
    <DataTable caption="Invoices" columns={columns} minWidth={organizationLink ? 880 : 720}>
      {invoices.map((invoice) => {
        const state = stateOf(invoice);
        return (
          <Table.Tr key={invoice.id}>
            <Table.Td>{linkTo(invoice)}</Table.Td>
            {organizationLink && <Table.Td>{organizationLink(invoice.organization)}</Table.Td>}
            <Table.Td>{invoice.product.title}</Table.Td>
            <Table.Td className="tabular">
              {formatPeriod(new Date(invoice.periodStart), new Date(invoice.periodEnd))}
            </Table.Td>
            <Table.Td>
              <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
              {showsDisputes && invoice.isDisputed && (
                <>
                  {' '}
                  <StatusBadge tone="danger">Disputed</StatusBadge>
                </>
              )}
            </Table.Td>
            <Table.Td>{invoice.issuedAt ? <DateTime at={invoice.issuedAt} format="date" /> : '–'}</Table.Td>
            <Table.Td ta="right" className="tabular" fw={500}>
              {invoice.total.formatted}
            </Table.Td>
          </Table.Tr>
        );
      })}
    </DataTable>
  );
}
