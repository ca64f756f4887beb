import { Table, Text } from '@mantine/core';
import type { PublisherPlanVersion } from '../../api/types.js';
import { feeTermWords } from '../../catalog/plan-words.js';
import { DateTime } from '../../components/date-time.js';
import { StatusBadge } from '../../components/status-badge.js';
import { feeWords, versionStates } from './version-words.js';

/** The columns of `VersionCells`. */
export const versionColumns = [
  { label: 'Version' },
  { label: 'State' },
  { label: 'Fixed fee' },
  { label: 'Subscriptions', align: 'right' },
  { label: 'Since' },
] as const;

/** What a table says of a plan version. */
export function VersionCells({ version }: { readonly version: PublisherPlanVersion }) {
  return (
    <>
      <Table.Td className="tabular">{version.number}</Table.Td>
      <Table.Td>
        <VersionBadge state={version.state} />
      </Table.Td>
      <Table.Td className="tabular">
        {feeWords(version.definition)}
        {feeTermWords(version.definition).map((term) => (
          <Text key={term} size="xs" c="dimmed">
            {term}
          </Text>
        ))}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {version.subscriptionCount}
      </Table.Td>
      <Table.Td>
        <DateTime at={version.publishedAt} format="date" />
      </Table.Td>
    </>
  );
}

/** The state of a plan version, or of the plan by it. */
export function VersionBadge({ state }: Pick<PublisherPlanVersion, 'state'>) {
  const { tone, label } = versionStates[state];
  return <StatusBadge tone={tone}>{label}</StatusBadge>;
}
