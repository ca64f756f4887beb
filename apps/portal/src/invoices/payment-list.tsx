import { Table, Text } from '@mantine/core';
import type { Invoice } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Section } from '../components/section.js';
import { StatusBadge, type Tone } from '../components/status-badge.js';

interface PaymentListProps {
  readonly payments: NonNullable<Invoice['payments']>;
}

const columns = [{ label: 'Time' }, { label: 'State' }, { label: 'Amount', align: 'right' }] as const;

type PaymentState = PaymentListProps['payments'][number]['state'];
type PaymentMethod = PaymentListProps['payments'][number]['method'];

/** What is below zero takes a transfer back that was recorded wrongly, or was taken back by the bank of a card. */
function wordsOf(state: PaymentState, amountMinor: string, method: PaymentMethod): string {
  if (method === 'chargeback')
    return amountMinor.startsWith('-') ? 'Taken back by the bank' : 'Given again by the bank';
  if (amountMinor.startsWith('-')) return 'Taken back';
  return state === 'succeeded' ? 'Succeeded' : 'Failed';
}

function toneOf(state: PaymentState, amountMinor: string): Tone {
  if (amountMinor.startsWith('-')) return 'warning';
  return state === 'succeeded' ? 'positive' : 'danger';
}

export function PaymentList({ payments }: PaymentListProps) {
  return (
    <Section title="Payments" flush>
      <DataTable caption="Payments" columns={columns} minWidth={420}>
        {payments.map(({ id, state, method, amount, createdAt, failureMessage }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <DateTime at={createdAt} />
            </Table.Td>
            <Table.Td>
              <StatusBadge tone={toneOf(state, amount.amountMinor)}>
                {wordsOf(state, amount.amountMinor, method)}
              </StatusBadge>
              {failureMessage && (
                <Text span size="sm" c="dimmed" ml={8}>
                  {failureMessage}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="right" className="tabular">
              {amount.formatted}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}
