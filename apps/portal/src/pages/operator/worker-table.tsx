import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCpu } from '@tabler/icons-react';
import { healthQuery } from '../../api/operator.js';
import type { InstallationHealth } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';

const columns = [
  { label: 'Worker' },
  { label: 'State' },
  { label: 'Heartbeat' },
  { label: 'Running since' },
  { label: 'Version' },
] as const;

/** Who turns usage into invoices, and what waits for them. */
export function WorkerTable() {
  const health = useQuery(healthQuery);
  return (
    <Section title="Workers" description={<Backlog queues={health.data?.queues} />} flush>
      <Loaded query={health} skeleton={<TableSkeleton rows={1} />}>
        {({ workers }) =>
          workers.length === 0 ? (
            <EmptyState icon={IconCpu} title="No worker runs">
              A worker appears here within seconds of its start. Start one with npm run start:worker.
            </EmptyState>
          ) : (
            <DataTable caption="Workers" columns={columns} minWidth={680}>
              {workers.map(({ id, isSilent, heartbeatAt, startedAt, softwareVersion }) => (
                <Table.Tr key={id}>
                  <Table.Td className="mono">{id}</Table.Td>
                  <Table.Td>
                    <StatusBadge tone={isSilent ? 'danger' : 'positive'}>{isSilent ? 'Silent' : 'Running'}</StatusBadge>
                  </Table.Td>
                  <Table.Td>
                    <DateTime at={heartbeatAt} format="relative" />
                  </Table.Td>
                  <Table.Td>
                    <DateTime at={startedAt} />
                  </Table.Td>
                  <Table.Td className="mono">{softwareVersion}</Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          )
        }
      </Loaded>
    </Section>
  );
}

function Backlog({ queues }: { readonly queues: InstallationHealth['queues'] | undefined }) {
  const busy = queues?.filter(({ waiting }) => waiting > 0) ?? [];
  if (busy.length === 0) return 'They ingest usage, close periods, charge and send mail. No job waits for a queue.';
  const words = busy.map(({ queue, waiting }) => `${waiting} for ${queue}`).join(', ');
  return `They ingest usage, close periods, charge and send mail. Jobs that wait for a queue: ${words}.`;
}
