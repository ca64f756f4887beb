import { Anchor, Table, Text } from '@mantine/core';
import type { ProductUsageGrouping, UsageGrouping } from '../api/types.js';
import type { UsageBreakdown } from '../api/usage.js';
import { DataTable } from '../components/data-table.js';
import { Section } from '../components/section.js';
import { formatQuantity, formatShare } from '../format/number.js';
import { changeWords, groupsOf, totalOf } from './breakdown.js';
import { meterName, metersIn } from './series.js';
import { groupingWords } from './usage-choices.js';
import classes from './usage-groups.module.css';

interface UsageGroupsProps {
  readonly breakdown: UsageBreakdown;
  readonly grouping: UsageGrouping | ProductUsageGrouping;
  /** What a group is, such as "API product". */
  readonly label: string;
  readonly previous?: UsageBreakdown | undefined;
  /** What choosing a group does, by its key; null where it leads nowhere. */
  readonly choose: (key: string) => (() => void) | null;
}

/** What each group used of the range, meter by meter; each name leads to that group alone. */
export function UsageGroups({ breakdown, grouping, label, previous, choose }: UsageGroupsProps) {
  const meters = metersIn(breakdown.buckets);
  const columns = [
    { label },
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
    <Section title={`By ${groupingWords(label)}`} flush>
      <DataTable caption="Groups of usage" columns={columns} minWidth={560}>
        {rows.map(({ meter, group, all }) => {
          const total = totalOf(breakdown.buckets, meter, group.key);
          const onChoose = group.key === 'others' ? null : choose(group.key);
          return (
            <Table.Tr key={`${meter} ${group.key}`}>
              <Table.Td className={classes.name}>
                {onChoose ? (
                  <Anchor component="button" type="button" ta="left" onClick={onChoose}>
                    {group.label}
                  </Anchor>
                ) : (
                  <Text span inherit {...(group.key === 'others' && { c: 'dimmed' })}>
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
