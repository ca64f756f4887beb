import { Table, Text } from '@mantine/core';
import { IconServer } from '@tabler/icons-react';
import type { InstallationSettings } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';
import { capitalized } from '../../format/text.js';
import { kindWords } from './setting-lines.js';

const columns = [
  { label: 'Process' },
  { label: 'State' },
  { label: 'Started' },
  { label: 'Machine' },
  { label: 'Version' },
  { label: 'Node.js' },
] as const;

/** Who says with which settings it runs, and who does not though it should. */
export function ProcessTable({ processes, missing }: Pick<InstallationSettings, 'processes' | 'missing'>) {
  return (
    <Section title="Processes" description="Those that were heard of in the last day and have not stopped." flush>
      {processes.length === 0 && missing.length === 0 ? (
        <EmptyState icon={IconServer} title="No process is known">
          A process appears here within seconds of its start.
        </EmptyState>
      ) : (
        <DataTable caption="Processes" columns={columns} minWidth={820}>
          {processes.map(({ kind, name, isSilent, hasSettings, startedAt, heartbeatAt, ...process }) => (
            <Table.Tr key={`${kind} ${name}`}>
              <Table.Td>
                <Name kind={kind} name={name} />
              </Table.Td>
              <Table.Td>
                <div>
                  <StatusBadge tone={isSilent ? 'danger' : hasSettings ? 'positive' : 'warning'}>
                    {isSilent ? 'Silent' : hasSettings ? 'Running' : 'Unreadable'}
                  </StatusBadge>
                  {isSilent && (
                    <Text size="xs" c="dimmed">
                      Last heard of <DateTime at={heartbeatAt} format="relative" />
                    </Text>
                  )}
                </div>
              </Table.Td>
              <Table.Td>
                <DateTime at={startedAt} />
              </Table.Td>
              <Table.Td className="mono">{process.hostName}</Table.Td>
              <Table.Td className="mono">{process.softwareVersion}</Table.Td>
              <Table.Td className="mono">{process.nodeVersion}</Table.Td>
            </Table.Tr>
          ))}
          {missing.map(({ kind, name }) => (
            <Table.Tr key={`missing ${kind} ${name}`}>
              <Table.Td>
                <Name kind={kind} name={name ?? 'none'} />
              </Table.Td>
              <Table.Td>
                <StatusBadge tone="warning">Missing</StatusBadge>
              </Table.Td>
              <Table.Td colSpan={4} c="dimmed">
                {name === null
                  ? 'None says with which settings it runs.'
                  : 'It does not say with which settings it runs: it is gone, or of an earlier version.'}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function Name({ kind, name }: { readonly kind: keyof typeof kindWords; readonly name: string }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm">{capitalized(kindWords[kind])}</Text>
      <Text size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
    </div>
  );
}
