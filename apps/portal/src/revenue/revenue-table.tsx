import { Table } from '@mantine/core';
import type { PlanRevenue } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { monthLabel } from './revenue-months.js';

const columns = [
  { label: 'Month' },
  { label: 'Plan' },
  { label: 'Fees', align: 'right' },
  { label: 'Usage', align: 'right' },
  { label: 'Reductions', align: 'right' },
  { label: 'Revenue', align: 'right' },
] as const;

interface RevenueTableProps {
  /** By month, the oldest first. */
  readonly revenue: readonly PlanRevenue[];
  readonly titleOf: (plan: string) => string;
}

/** What each plan earned in each month, the newest first. */
export function RevenueTable({ revenue, titleOf }: RevenueTableProps) {
  return (
    <DataTable caption="Revenue by month and plan" columns={columns} minWidth={700}>
      {revenue.toReversed().map(({ month, plan, fees, usage, reductions, total }) => (
        <Table.Tr key={`${month} ${plan} ${total.currency}`}>
          <Table.Td className="tabular">{monthLabel(month)}</Table.Td>
          <Table.Td fw={500}>{titleOf(plan)}</Table.Td>
          {[fees, usage, reductions].map(({ formatted }, index) => (
            <Table.Td key={columns[index + 2]!.label} ta="right" className="tabular">
              {formatted}
            </Table.Td>
          ))}
          <Table.Td ta="right" fw={500} className="tabular">
            {total.formatted}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
