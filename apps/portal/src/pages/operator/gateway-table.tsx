import { Table } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconRouter } from '@tabler/icons-react';
import type { Gateway } from '../../api/types.js';
import { useNow } from '../../clock/use-now.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatQuantity } from '../../format/number.js';
import { gatewayHealth, lagWords } from './gateway-health.js';

const columns = [
  { label: 'Gateway' },
  { label: 'State' },
  { label: 'Heartbeat' },
  { label: 'Watermark' },
  { label: 'Lag', align: 'right' },
  { label: 'Segments waiting', align: 'right' },
  { label: 'Snapshot', align: 'right' },
  { label: 'Version' },
] as const;

interface GatewayTableProps {
  readonly gateways: UseQueryResult<readonly Gateway[]>;
}

export function GatewayTable({ gateways }: GatewayTableProps) {
  const now = useNow(1000);
  return (
    <Section
      title="Gateways"
      description="The watermark is the time up to which all usage of a gateway has arrived."
      flush
    >
      <Loaded query={gateways} skeleton={<TableSkeleton rows={2} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconRouter} title="No gateway has reported yet">
              A gateway appears here with its first heartbeat. Start one with npm run start:gateway.
            </EmptyState>
          ) : (
            <DataTable caption="Gateways" columns={columns} minWidth={860}>
              {list.map((gateway) => {
                const health = gatewayHealth(gateway, now);
                return (
                  <Table.Tr key={`${gateway.id}-${gateway.epoch}`}>
                    <Table.Td className="mono" title={`Epoch ${gateway.epoch}`}>
                      {gateway.id}
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge tone={health.tone}>{health.label}</StatusBadge>
                    </Table.Td>
                    <Table.Td>
                      <DateTime at={gateway.heartbeatAt} format="relative" />
                    </Table.Td>
                    <Table.Td>
                      <DateTime at={gateway.admittedThrough} />
                    </Table.Td>
                    <Table.Td ta="right" className="tabular">
                      {lagWords(health.lagSeconds)}
                    </Table.Td>
                    <Table.Td ta="right" className="tabular">
                      {formatQuantity(health.waitingSegments)}
                    </Table.Td>
                    <Table.Td ta="right" className="tabular">
                      {formatQuantity(gateway.snapshotNumber)}
                    </Table.Td>
                    <Table.Td className="mono">{gateway.softwareVersion ?? '–'}</Table.Td>
                  </Table.Tr>
                );
              })}
            </DataTable>
          )
        }
      </Loaded>
    </Section>
  );
}
