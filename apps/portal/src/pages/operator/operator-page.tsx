import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { settingsQuery } from '../../api/settings.js';
import { PageHeader } from '../../components/page-header.js';
import { Page } from '../../shell/page.js';
import { AuditLog } from './audit-log.js';
import { ClockControl } from './clock-control.js';
import { GatewayTable } from './gateway-table.js';

export function OperatorPage(): ReactNode {
  const { data: settings } = useQuery(settingsQuery);
  return (
    <Page>
      <PageHeader title="Operator" description="The gateways of this installation, and what was done in it." />
      <Stack gap="lg">
        <GatewayTable />
        {settings?.timeMachine && <ClockControl />}
        <AuditLog />
      </Stack>
    </Page>
  );
}
