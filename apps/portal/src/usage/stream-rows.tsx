import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usageReceiptQuery } from '../api/usage.js';
import { useMeters } from '../catalog/use-meters.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Loaded } from '../components/loaded.js';
import { TableSkeleton } from '../components/skeletons.js';
import { formatBytes } from '../format/number.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { outcomeWords, quantityWords } from './request-words.js';

interface StreamRowsProps {
  readonly requestId: string;
}

const columns = [
  { label: 'Recorded' },
  { label: 'Cost' },
  { label: 'Sent and received', align: 'right', isMinor: true },
  { label: 'Outcome' },
] as const;

/** What was recorded of a connection or long answer, minute by minute, the latest first. */
export function StreamRows({ requestId }: StreamRowsProps) {
  const meterOf = useMeters();
  const receipt = useQuery(usageReceiptQuery(useOrganizationId(), requestId));
  return (
    <Loaded query={receipt} skeleton={<TableSkeleton rows={3} />}>
      {({ rows }) => (
        <DataTable caption="Rows of the stream" columns={columns}>
          {rows.map(({ seq, endedAt, quantities, bytesIn, bytesOut, outcome }) => (
            <Table.Tr key={seq}>
              <Table.Td>
                <DateTime at={endedAt} />
              </Table.Td>
              <Table.Td>{quantityWords(quantities, (slug) => meterOf(slug)?.unit)}</Table.Td>
              <Table.Td ta="right">{`${formatBytes(bytesIn)} / ${formatBytes(bytesOut)}`}</Table.Td>
              <Table.Td>{outcome === 'checkpoint' ? 'Went on' : outcomeWords(outcome)}</Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Loaded>
  );
}
