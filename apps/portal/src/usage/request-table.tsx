import { Table } from '@mantine/core';
import type { UsageRequest } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { RequestRow } from './request-row.js';

interface RequestTableProps {
  readonly requests: readonly UsageRequest[];
}

const columns = [
  { label: 'Status' },
  { label: 'Operation' },
  { label: 'Key', isMinor: true },
  { label: 'Duration', align: 'right', isMinor: true },
  { label: 'Billable', isMinor: true },
  { label: 'Time', align: 'right' },
  { label: 'Details', silent: true },
] as const;

/** Requests, each of which opens to show all that is known about it. */
export function RequestTable({ requests }: RequestTableProps) {
  return (
    <DataTable caption="Requests" columns={columns} minWidth={820}>
      {requests.map((request) => (
        <RequestRow key={request.requestId} request={request} span={columns.length} />
      ))}
      {requests.length === 0 && (
        <Table.Tr>
          <Table.Td colSpan={columns.length}>No requests</Table.Td>
        </Table.Tr>
      )}
    </DataTable>
  );
}
