import { Stack } from '@mantine/core';
import { usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditLogQuery, gatewaysQuery, healthQuery } from '../../api/operator.js';
import { settingsQuery } from '../../api/settings.js';
import { PageHeader } from '../../components/page-header.js';
import { isSettled } from '../../components/query-state.js';
import { Page } from '../../shell/page.js';
import { AuditLog } from './audit-log.js';
import { ClockControl } from './clock-control.js';
import { GatewayTable } from './gateway-table.js';
import { Health } from './health.js';
import { OrganizationTable } from './organization-table.js';
import { WebhookInbox } from './webhook-inbox.js';
import { WorkerTable } from './worker-table.js';

export function OperatorPage(): ReactNode {
  const { data: settings } = useQuery(settingsQuery);
  const health = useQuery(healthQuery);
  const gateways = useQuery({ ...gatewaysQuery, refetchInterval: 2000 });
  usePrefetchInfiniteQuery(auditLogQuery({ actor: '', noun: '' }));
  return (
    <Page>
      <PageHeader title="Operator" description="How this installation is, what runs in it, and what was done." />
      <Stack gap="lg">
        <Health />
        {/* What stands above has no height until it is there. */}
        {isSettled(health) && <GatewayTable gateways={gateways} />}
        {isSettled(health) && isSettled(gateways) && (
          <>
            <WorkerTable />
            {settings?.timeMachine && <ClockControl />}
            <OrganizationTable />
            <WebhookInbox />
            <AuditLog />
          </>
        )}
      </Stack>
    </Page>
  );
}
