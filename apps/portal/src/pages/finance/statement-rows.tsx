import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import { assignStatementRow, putStatementRowAside, statementRowsQuery } from '../../api/transfers.js';
import { DataTable } from '../../components/data-table.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { ShowMore } from '../../components/show-more.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { formatDay } from '../../format/date.js';
import { ReasonField } from '../../components/reason-field.js';
import { useFinanceAction } from './use-finance-action.js';

const columns = [
  { label: 'Day' },
  { label: 'Reference' },
  { label: 'Why it waits' },
  { label: 'Amount', align: 'right' },
  { label: 'Actions', align: 'right', silent: true },
] as const;

interface WaitingRow {
  readonly hash: string;
  readonly reference: string;
  readonly sender: string;
  readonly amount: { readonly formatted: string };
}

/** Rows of bank statements that no invoice was found for, and what a person can do with them. */
export function StatementRows() {
  const rows = useInfiniteQuery(statementRowsQuery);
  const [chosen, choose] = useState<WaitingRow | null>(null);
  if (rows.data?.length === 0) return null;
  return (
    <Section title="Waiting for a person" description="Money that came in, for an invoice that nobody has found." flush>
      <Loaded query={rows} skeleton={<TableSkeleton rows={2} />}>
        {(list) => (
          <DataTable caption="Rows of bank statements" columns={columns} minWidth={760}>
            {list.map((row) => (
              <Table.Tr key={row.hash}>
                <Table.Td className="tabular">{formatDay(row.valueDate)}</Table.Td>
                <Table.Td>
                  <div>
                    {row.reference || '–'}
                    <Text size="xs" c="dimmed">
                      {row.sender} · {row.fileName}, line {row.line}
                    </Text>
                  </div>
                </Table.Td>
                <Table.Td>{row.problem}</Table.Td>
                <Table.Td ta="right" className="tabular" fw={500}>
                  {row.amount.formatted}
                </Table.Td>
                <Table.Td ta="right">
                  <Button size="xs" variant="default" onClick={() => choose(row)}>
                    Decide
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Loaded>
      <ShowMore query={rows} />
      <Dialog
        opened={chosen !== null}
        onClose={() => choose(null)}
        title={`What is ${chosen?.amount.formatted} for?`}
        size="lg"
      >
        {chosen && <DecideForm key={chosen.hash} row={chosen} onDone={() => choose(null)} />}
      </Dialog>
    </Section>
  );
}

function DecideForm({ row, onDone }: { readonly row: WaitingRow; readonly onDone: () => void }) {
  const [invoice, setInvoice] = useState('');
  const [reason, setReason] = useState('');
  const [insist, setInsist] = useState(false);
  const assign = useFinanceAction(() => assignStatementRow(row.hash, { invoice, insist }), onDone);
  const aside = useFinanceAction(() => putStatementRowAside(row.hash, reason), onDone);
  const looksTheSame = assign.error instanceof ProblemError && assign.error.code === 'transfer_recorded';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (invoice.trim() !== '') assign.mutate();
  };
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label="It pays the invoice"
              placeholder="TG-000042"
              flex={1}
              data-autofocus
              value={invoice}
              onChange={(event) => setInvoice(event.currentTarget.value)}
            />
            <Button type="submit" loading={assign.isPending} disabled={invoice.trim() === ''}>
              Record
            </Button>
          </Group>
          {assign.isError && <ProblemAlert error={assign.error} title="Not recorded" />}
          {(looksTheSame || insist) && (
            <Checkbox
              label="The bank shows two: this is another transfer"
              checked={insist}
              onChange={(event) => setInsist(event.currentTarget.checked)}
            />
          )}
        </Stack>
      </form>
      <Stack gap="sm">
        <ReasonField description="Why it pays nothing here, such as interest." value={reason} onChange={setReason} />
        {aside.isError && <ProblemAlert error={aside.error} />}
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={aside.isPending}
            disabled={reason.trim() === ''}
            onClick={() => aside.mutate()}
          >
            Put aside
          </Button>
        </Group>
      </Stack>
    </Stack>
  );
}
