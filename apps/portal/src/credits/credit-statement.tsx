import { Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CreditStatement as Statement } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Section, sectionInset } from '../components/section.js';
import { creditEntryTitle, runOutWords, sourceWords } from './credit-words.js';

interface CreditStatementProps {
  readonly statement: Statement;
  readonly description: string;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

const grantColumns = [
  { label: 'Credits' },
  { label: 'For', isMinor: true },
  { label: 'Expires' },
  { label: 'Granted', align: 'right' },
  { label: 'Left', align: 'right' },
] as const;
const entryColumns = [{ label: 'Date' }, { label: 'For' }, { label: 'Amount', align: 'right' }] as const;

/** What is in store with each seller and how long it will do, the grants, and what became of them. */
export function CreditStatement({ statement, description, actions, children }: CreditStatementProps) {
  const { stores, grants, entries } = statement;
  const isFlush = grants.length > 0 || children !== undefined;
  return (
    <Section title="Prepaid credits" description={description} flush={isFlush} actions={actions}>
      <Group {...(isFlush && { className: sectionInset })} pb={isFlush ? 'md' : 0} gap="xl" align="flex-start">
        {stores.map(({ seller, remaining, pending, available, runsOutAt }) => (
          <div key={`${seller.slug} ${available.currency}`}>
            <Text fz={26} fw={600} className="tabular" data-testid="credits">
              {available.formatted}
            </Text>
            <Text size="sm" c="dimmed">
              left with {seller.name}
              {pending.amountMinor === '0' ? '' : `, ${remaining.formatted} before the current periods`}
            </Text>
            <Text size="sm" c="dimmed">
              {runOutWords({ available, runsOutAt })}
            </Text>
          </div>
        ))}
        {stores.length === 0 && (
          <Text size="sm" c="dimmed">
            No credits are in store.
          </Text>
        )}
      </Group>
      {children}
      {grants.length > 0 && (
        <DataTable caption="Grants of credits" columns={grantColumns} minWidth={640}>
          {grants.map(({ id, reason, source, product, meter, expiresAt, amount, remaining }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <div>
                  {reason}
                  <Text size="sm" c="dimmed">
                    {sourceWords[source]}
                  </Text>
                </div>
              </Table.Td>
              <Table.Td>{product ? [product.title, meter].filter(Boolean).join(', ') : 'All usage'}</Table.Td>
              <Table.Td>{expiresAt ? <DateTime at={expiresAt} format="date" /> : 'Never'}</Table.Td>
              <Table.Td ta="right" className="tabular">
                {amount.formatted}
              </Table.Td>
              <Table.Td ta="right" className="tabular" fw={500}>
                {remaining.formatted}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {entries.length > 0 && (
        <Stack gap={0} pt="md">
          <Text className={sectionInset} pb="xs" fw={500} size="sm">
            What became of them
          </Text>
          <DataTable caption="Credits used and expired" columns={entryColumns} minWidth={420}>
            {entries.map((entry) => (
              <Table.Tr key={`${entry.grantId} ${entry.number}`}>
                <Table.Td>{entry.createdAt === null ? '' : <DateTime at={entry.createdAt} format="date" />}</Table.Td>
                <Table.Td>
                  <div>
                    {creditEntryTitle(entry)}
                    <Text size="sm" c="dimmed">
                      {entry.reason}
                    </Text>
                  </div>
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {entry.amount.formatted}
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        </Stack>
      )}
    </Section>
  );
}
