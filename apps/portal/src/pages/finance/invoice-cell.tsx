import { Table, Text } from '@mantine/core';
import { TextLink } from '../../components/links.js';

interface InvoiceCellProps {
  readonly invoiceId: string;
  readonly invoiceNumber: string | null;
  readonly organization: { readonly name: string };
}

/** Of a row that is about an invoice: which one, and whose. */
export function InvoiceCell({ invoiceId, invoiceNumber, organization }: InvoiceCellProps) {
  return (
    <Table.Td>
      <div>
        <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId }} fw={500} size="sm">
          {invoiceNumber ?? 'Invoice'}
        </TextLink>
        <Text size="sm" c="dimmed">
          {organization.name}
        </Text>
      </div>
    </Table.Td>
  );
}
