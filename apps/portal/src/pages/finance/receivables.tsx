import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { receivablesQuery } from '../../api/receivables.js';
import { DataTable } from '../../components/data-table.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';

const columns = [
  { label: 'Organization' },
  { label: 'Issued', align: 'right' },
  { label: 'Void', align: 'right', isMinor: true },
  { label: 'Credit notes', align: 'right', isMinor: true },
  { label: 'Paid', align: 'right' },
  { label: 'From balance', align: 'right', isMinor: true },
  { label: 'Written off', align: 'right', isMinor: true },
  { label: 'Open', align: 'right' },
  { label: 'Of it carried', align: 'right', isMinor: true },
  { label: 'Proof' },
] as const;

/** What organizations owe, and the sum that leads there; nothing while nobody owes anything. */
export function Receivables() {
  const receivables = useInfiniteQuery(receivablesQuery);
  if (receivables.data?.pages[0]?.receivables.length === 0) return null;
  return (
    <Section
      title="Receivables"
      description="Issued, without what is void, credited, paid, taken of the balance and written off, is what is open. Carried is what is too small to be charged, and waits for a next invoice."
      flush
    >
      <Loaded query={receivables} skeleton={<TableSkeleton rows={2} />}>
        {({ pages }) => (
          <DataTable caption="Receivables" columns={columns} minWidth={1080}>
            {pages
              .flatMap((page) => page.receivables)
              .map((row) => {
                const amounts = [
                  row.issued,
                  row.withdrawn,
                  row.credited,
                  row.paid,
                  row.balanceUsed,
                  row.writtenOff,
                  row.open,
                  row.carried,
                ];
                return (
                  <Table.Tr key={`${row.organization.id} ${row.open.currency}`}>
                    <Table.Td>{row.organization.name}</Table.Td>
                    {amounts.map((amount, index) => (
                      <Table.Td
                        key={columns[index + 1]!.label}
                        ta="right"
                        className="tabular"
                        fw={amount === row.open ? 500 : 400}
                      >
                        {amount.formatted}
                      </Table.Td>
                    ))}
                    <Table.Td>
                      <StatusBadge tone={row.agrees ? 'positive' : 'danger'}>
                        {row.agrees ? 'Adds up' : 'Differs'}
                      </StatusBadge>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
          </DataTable>
        )}
      </Loaded>
      <ShowMore query={receivables} />
    </Section>
  );
}
