import { Anchor, Table, Text } from '@mantine/core';
import type { UsageGrouping } from '../../api/types.js';
import type { UsageBreakdown } from '../../api/usage.js';
import { DataTable } from '../../components/data-table.js';
import { Section } from '../../components/section.js';
import { formatQuantity, formatShare } from '../../format/number.js';
import type { UsageSearch } from '../../router/search.js';
import { changeWords, groupsOf, totalOf } from '../../usage/breakdown.js';
import { meterName, metersIn } from '../../usage/series.js';
import { usageGroupings } from '../../usage/usage-choices.js';
import classes from './usage-groups.module.css';
import { useUsageSearch } from './use-usage-search.js';

interface UsageGroupsProps {
  readonly breakdown: UsageBreakdown;
  readonly grouping: UsageGrouping;
  readonly previous: UsageBreakdown | undefined;
}

/** What each group used of the range, meter by meter; each name leads to that group alone. */
export function UsageGroups({ breakdown, grouping, previous }: UsageGroupsProps) {
  const { change } = useUsageSearch();
  const meters = metersIn(breakdown.buckets);
  const columns = [
    { label: usageGroupings[grouping] },
    ...(meters.length > 1 ? [{ label: 'Meter' }] : []),
    { label: 'Quantity', align: 'right' },
    { label: 'Share', align: 'right', isMinor: true },
    { label: 'Billable', align: 'right' },
    { label: 'Failed', align: 'right' },
    ...(previous ? [{ label: 'Change', align: 'right' } as const] : []),
  ] as const;
  const rows = meters.flatMap((meter) => {
    const all = totalOf(breakdown.buckets, meter);
    return groupsOf(breakdown, grouping, meter).map((group) => ({ meter, group, all }));
  });
  return (
    <Section title={`By ${usageGroupings[grouping].toLowerCase().replace('api', 'API')}`} flush>
      <DataTable caption="Groups of usage" columns={columns} minWidth={560}>
        {rows.map(({ meter, group, all }) => {
          const total = totalOf(breakdown.buckets, meter, group.key);
          const only = onlyOf(grouping, group.key);
          return (
            <Table.Tr key={`${meter} ${group.key}`}>
              <Table.Td className={classes.name}>
                {only ? (
                  <Anchor component="button" type="button" ta="left" onClick={() => change(only)}>
                    {group.label}
                  </Anchor>
                ) : (
                  <Text span inherit c="dimmed">
                    {group.label}
                  </Text>
                )}
              </Table.Td>
              {meters.length > 1 && <Table.Td>{meterName(meter)}</Table.Td>}
              <Table.Td ta="right" className="tabular">
                {formatQuantity(total.quantity)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {formatShare(Number(total.quantity), Number(all.quantity))}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {formatQuantity(total.billableQuantity)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {formatShare(Number(total.failedQuantity), Number(total.quantity))}
              </Table.Td>
              {previous && (
                <Table.Td ta="right" className="tabular">
                  {changeWords(total.quantity, totalOf(previous.buckets, meter, group.key).quantity)}
                </Table.Td>
              )}
            </Table.Tr>
          );
        })}
      </DataTable>
    </Section>
  );
}

/** What the address must say for this group alone; null for what is no group of its own. */
function onlyOf(grouping: UsageGrouping, key: string): UsageSearch | null {
  if (key === 'others') return null;
  switch (grouping) {
    case 'status':
      return { status: key };
    case 'operation':
      return { version: key.slice(0, key.indexOf('/')), operation: key.slice(key.indexOf('/') + 1) };
    case 'product':
      return { product: key };
    case 'key':
      return { key };
    case 'application':
      return { application: key };
  }
}
