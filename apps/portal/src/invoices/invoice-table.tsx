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
  readonly withOrganization?: boolean;
}

export function InvoiceTable({ invoices, linkTo, withOrganization = false }: InvoiceTableProps) {
  const columns = [
    { label: 'Invoice' },
    ...(withOrganization ? [{ label: 'Organization' }] : []),
    { label: 'Product' },
    { label: 'Period (UTC)' },
    { label: 'State' },
    { label: 'Issued', isMinor: true },
    { label: 'Total', align: 'right' as const },
  ];
  return (
    <DataTable caption="Invoices" columns={columns} minWidth={withOrganization ? 880 : 720}>
      {invoices.map((invoice) => {
        const state = stateOf(invoice);
        return (
          <Table.Tr key={invoice.id}>
            <Table.Td>{linkTo(invoice)}</Table.Td>
            {withOrganization && <Table.Td>{invoice.organization.name}</Table.Td>}
            <Table.Td>{invoice.product.title}</Table.Td>
            <Table.Td className="tabular">
              {formatPeriod(new Date(invoice.periodStart), new Date(invoice.periodEnd))}
            </Table.Td>
            <Table.Td>
              <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
              {withOrganization && invoice.isDisputed && (
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
