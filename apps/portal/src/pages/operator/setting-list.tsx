import { Group, Stack, Table, Text } from '@mantine/core';
import type { SettingInForce } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';
import classes from './setting-list.module.css';
import { type SettingLine, settingLines } from './setting-lines.js';

const columns = [{ label: 'Setting' }, { label: 'Value' }] as const;

interface SettingListProps {
  readonly group: string;
  readonly settings: readonly SettingInForce[];
}

/** The settings of one group, what each is for, and who has which value. */
export function SettingList({ group, settings }: SettingListProps) {
  return (
    <Section title={group} flush>
      <DataTable caption={group} columns={columns}>
        {settings.map((setting) => (
          <Table.Tr key={setting.name}>
            <Table.Td className={classes.setting}>
              <div style={{ minWidth: 0 }}>
                <Group gap="xs">
                  <Text size="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
                    {setting.name}
                  </Text>
                  {setting.differs && <StatusBadge tone="warning">Differs</StatusBadge>}
                </Group>
                <Text size="xs" c="dimmed">
                  {setting.description || 'This version of the control plane does not know it.'}
                </Text>
              </div>
            </Table.Td>
            <Table.Td className={classes.value}>
              <Stack gap={6} miw={0}>
                {settingLines(setting).map((line) => (
                  <ValueLine key={`${line.words} ${line.who}`} line={line} />
                ))}
              </Stack>
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}

function ValueLine({ line: { words, isValue, isDefault, who } }: { readonly line: SettingLine }) {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      <Text span size="sm" {...(isValue ? { className: 'mono' } : { c: 'dimmed' })}>
        {words}
      </Text>
      <Text size="xs" c="dimmed">
        {isValue && isDefault ? `Default · ${who}` : who}
      </Text>
    </div>
  );
}
