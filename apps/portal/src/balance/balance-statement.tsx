import { Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BalanceStatement as Statement } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Section, sectionInset } from '../components/section.js';
import { entryTitle } from './entry-title.js';

interface BalanceStatementProps {
  readonly statement: Statement;
  readonly description: string;
  readonly actions?: ReactNode;
}

const columns = [
  { label: 'Date' },
  { label: 'For' },
  { label: 'Amount', align: 'right' },
  { label: 'Balance', align: 'right' },
] as const;

/** What is in store with each seller, and the newest entries of the ledger behind it. */
export function BalanceStatement({ statement: { balances, entries }, description, actions }: BalanceStatementProps) {
  return (
    <Section title="Balance" description={description} flush={entries.length > 0} actions={actions}>
      <Group {...(entries.length > 0 && { className: sectionInset })} pb={entries.length > 0 ? 'md' : 0} gap="xl">
        {balances.map(({ seller, amount }) => (
          <div key={`${seller.slug} ${amount.currency}`}>
            <Text fz={26} fw={600} className="tabular" data-testid="balance">
              {amount.formatted}
            </Text>
            <Text size="sm" c="dimmed">
              with {seller.name}
            </Text>
          </div>
        ))}
        {balances.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing is in store.
          </Text>
        )}
      </Group>
      {entries.length > 0 && (
        <DataTable caption="Entries of the balance" columns={columns} minWidth={560}>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <DateTime at={entry.createdAt} format="date" />
              </Table.Td>
              <Table.Td>
                <div>
                  {entryTitle(entry)}
                  {(entry.kind === 'adjustment' || entry.kind === 'credit_note') && (
                    <Text size="sm" c="dimmed">
                      {entry.reason}
                    </Text>
                  )}
                </div>
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {entry.amount.formatted}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {entry.balance.formatted}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}
