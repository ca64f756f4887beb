import { Stack } from '@mantine/core';
import { usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditLogQuery, gatewaysQuery } from '../../api/operator.js';
import { settingsQuery } from '../../api/settings.js';
import { PageHeader } from '../../components/page-header.js';
import { isSettled } from '../../components/query-state.js';
import { Page } from '../../shell/page.js';
import { AuditLog } from './audit-log.js';
import { ClockControl } from './clock-control.js';
import { GatewayTable } from './gateway-table.js';
import { OrganizationTable } from './organization-table.js';
import { WebhookInbox } from './webhook-inbox.js';

export function OperatorPage(): ReactNode {
  const { data: settings } = useQuery(settingsQuery);
  const gateways = useQuery({ ...gatewaysQuery, refetchInterval: 2000 });
  usePrefetchInfiniteQuery(auditLogQuery);
  return (
    <Page>
      <PageHeader title="Operator" description="The gateways of this installation, and what was done in it." />
      <Stack gap="lg">
        <GatewayTable gateways={gateways} />
        {/* What stands above has no height until it is there. */}
        {isSettled(gateways) && (
          <>
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
