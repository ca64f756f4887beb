import { Group, Paper, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAdjustments } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { installationSettingsQuery } from '../../api/installation-settings.js';
import type { SettingInForce } from '../../api/types.js';
import { EmptyState } from '../../components/empty-state.js';
import { FindField } from '../../components/find-field.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { Page } from '../../shell/page.js';
import { ProcessTable } from './process-table.js';
import { type SettingFilter, settingGroups } from './setting-lines.js';
import { SettingList } from './setting-list.js';

/** With which settings the processes really run, and where they differ. */
export function SettingsPage(): ReactNode {
  const settings = useQuery({ ...installationSettingsQuery, refetchInterval: 5_000 });
  return (
    <Page>
      <PageHeader
        title="Settings in force"
        description="With which settings each process was started. They are read at the start only: a change counts once the processes that read it were restarted. Of secrets it is told whether they are set."
      />
      <Loaded query={settings} skeleton={<TableSkeleton rows={8} />}>
        {({ processes, missing, settings: all }) => (
          <Stack gap="lg">
            <ProcessTable processes={processes} missing={missing} />
            <Settings settings={all} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Settings({ settings }: { readonly settings: readonly SettingInForce[] }) {
  const [filter, setFilter] = useState<SettingFilter>({ text: '', isChanged: false, isDiffering: false });
  const groups = settingGroups(settings, filter);
  const differing = settings.filter(({ differs }) => differs).length;
  return (
    <>
      <Group gap="md" align="flex-end">
        <FindField
          label="Find a setting"
          placeholder="Name or what it is for"
          onFind={(text) => setFilter((before) => ({ ...before, text }))}
        />
        <Switch
          label="Only what is not the default"
          checked={filter.isChanged}
          onChange={(event) => setFilter({ ...filter, isChanged: event.currentTarget.checked })}
        />
        <Switch
          label="Only where processes differ"
          checked={filter.isDiffering}
          onChange={(event) => setFilter({ ...filter, isDiffering: event.currentTarget.checked })}
        />
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {differenceWords(differing)}
      </Text>
      {groups.length === 0 && (
        <Paper>
          <EmptyState icon={IconAdjustments} title={settings.length === 0 ? 'No settings are known' : 'Nothing fits'}>
            {settings.length === 0
              ? 'Processes tell of their settings within seconds of their start.'
              : 'No setting is as you look for it.'}
          </EmptyState>
        </Paper>
      )}
      {groups.map(({ group, settings: members }) => (
        <SettingList key={group} group={group} settings={members} />
      ))}
    </>
  );
}

function differenceWords(count: number): string {
  if (count === 0) return 'Processes of one kind have the same settings.';
  return `Processes of one kind differ in ${count} ${count === 1 ? 'setting' : 'settings'}.`;
}
