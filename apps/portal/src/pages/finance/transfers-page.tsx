import { Alert, Button, FileButton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { IconBuildingBank } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { importStatement, reverseTransfer, transfersQuery } from '../../api/transfers.js';
import type { BankTransfer } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { formatDay } from '../../format/date.js';
import { Page } from '../../shell/page.js';
import { ReasonButton } from '../../components/reason-button.js';
import { StatementRows } from './statement-rows.js';

const columns = [
  { label: 'Day' },
  { label: 'Organization' },
  { label: 'Reference' },
  { label: 'Pays' },
  { label: 'Amount', align: 'right' },
  { label: 'Actions', align: 'right', silent: true },
] as const;

/** Transfers that were recorded, and the import of bank statements. */
export function TransfersPage(): ReactNode {
  const queryClient = useQueryClient();
  const transfers = useInfiniteQuery(transfersQuery);
  const read = useMutation({
    mutationFn: async (file: File) => importStatement({ fileName: file.name, content: await file.text() }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  return (
    <Page>
      <PageHeader
        title="Transfers"
        description="Money that arrived in the bank account. To record one by hand, open the invoice that it pays."
        actions={
          <FileButton accept=".csv,text/csv" onChange={(file) => file && read.mutate(file)}>
            {(props) => (
              <Button loading={read.isPending} {...props}>
                Import statement
              </Button>
            )}
          </FileButton>
        }
      />
      <Stack gap="lg">
        {read.isError && <ProblemAlert error={read.error} title="Nothing was imported" />}
        {read.data && <Imported {...read.data} />}
        <StatementRows />
        <Section title="Recorded" flush>
          <Loaded query={transfers} skeleton={<TableSkeleton rows={4} />}>
            {({ pages }) => <TransferTable transfers={pages.flatMap((page) => page.transfers)} />}
          </Loaded>
          <ShowMore query={transfers} />
        </Section>
      </Stack>
    </Page>
  );
}

function TransferTable({ transfers }: { readonly transfers: readonly BankTransfer[] }) {
  if (transfers.length === 0)
    return (
      <EmptyState icon={IconBuildingBank} title="No transfers yet">
        Import a bank statement: CSV with the columns date, amount, currency, reference and sender.
      </EmptyState>
    );
  return (
    <DataTable caption="Recorded transfers" columns={columns} minWidth={860}>
      {transfers.map((transfer) => (
        <TransferRow key={transfer.id} transfer={transfer} />
      ))}
    </DataTable>
  );
}

function TransferRow({ transfer }: { readonly transfer: BankTransfer }) {
  return (
    <Table.Tr>
      <Table.Td className="tabular">{formatDay(transfer.valueDate)}</Table.Td>
      <Table.Td>
        <div>
          {transfer.organization.name}
          <Text size="xs" c="dimmed">
            {transfer.sender}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>
        <div>
          {transfer.reference}
          {transfer.reason && (
            <Text size="xs" c="dimmed">
              Taken back: {transfer.reason}
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td>
        <div>
          {transfer.payments.map(({ invoiceId, number }) => (
            <TextLink
              key={invoiceId}
              to="/finance/invoices/$invoiceId"
              params={{ invoiceId }}
              size="sm"
              display="block"
            >
              {number}
            </TextLink>
          ))}
          {transfer.kept.amountMinor !== '0' && (
            <Text size="sm" c="dimmed">
              {transfer.kept.formatted} balance
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td ta="right" className="tabular" fw={500}>
        {transfer.amount.formatted}
      </Table.Td>
      <Table.Td ta="right">
        {transfer.reversedById !== null && (
          <Text size="sm" c="dimmed">
            Taken back
          </Text>
        )}
        {transfer.reversedById === null && transfer.reversesId === null && (
          <ReasonButton
            label="Take back"
            title={`Take back ${transfer.amount.formatted} of ${transfer.organization.name}?`}
            reasonDescription="Kept with the row that takes it back."
            action="Take back"
            run={(reason) => reverseTransfer(transfer.id, reason)}
          >
            The invoices that it paid are due again, and what went to the balance is taken of it.
          </ReasonButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

interface ImportedProps {
  readonly recorded: readonly unknown[];
  readonly unmatched: readonly unknown[];
  readonly known: number;
  readonly outgoing: number;
}

function Imported({ recorded, unmatched, known, outgoing }: ImportedProps) {
  const facts = [
    `${recorded.length} paid an invoice`,
    `${unmatched.length} ${unmatched.length === 1 ? 'waits' : 'wait'} for a person`,
    ...(known > 0 ? [`${known} known from before`] : []),
    ...(outgoing > 0 ? [`${outgoing} went out`] : []),
  ];
  return (
    <Alert color={unmatched.length === 0 ? 'green' : 'yellow'} title="The statement is imported">
      <Text size="sm">{facts.join(' · ')}.</Text>
    </Alert>
  );
}
