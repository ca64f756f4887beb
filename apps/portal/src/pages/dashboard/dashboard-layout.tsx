import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { IconBuilding } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/session.js';
import { EmptyState } from '../../components/empty-state.js';
import { PlainLink } from '../../components/links.js';
import { CreateOrganizationDialog } from '../../organization/create-organization-dialog.js';
import { OrganizationProvider, useOrganizationId } from '../../organization/organization-context.js';
import { SuspendedBanner } from '../../organization/suspended-banner.js';
import { UnpaidBanner } from '../../dunning/unpaid-banner.js';
import { AreaTabs, areaTab } from '../../shell/area-tabs.js';
import { OrganizationSwitcher } from '../../shell/organization-switcher.js';
import { Page } from '../../shell/page.js';

export function DashboardLayout(): ReactNode {
  // Read again by itself: an organization may be suspended, and restored, while a page is open.
  const { data: session } = useQuery({ ...sessionQuery, refetchInterval: 15_000 });
  const isOfApplication = useLocation({
    select: ({ pathname }) => /^\/dashboard\/subscri(be|ptions)\b/.test(pathname),
  });
  if (!session?.user) return null;
  return (
    <OrganizationProvider memberships={session.memberships} fallback={<NoOrganization />}>
      <AreaTabs label="Dashboard" end={<OrganizationSwitcher />}>
        <PlainLink to="/dashboard" activeOptions={{ exact: true, includeSearch: false }} className={areaTab}>
          Overview
        </PlainLink>
        <PlainLink
          to="/dashboard/applications"
          className={areaTab}
          {...(isOfApplication && { 'data-status': 'active' })}
        >
          Applications
        </PlainLink>
        <PlainLink to="/dashboard/usage" activeOptions={{ includeSearch: false }} className={areaTab}>
          Usage
        </PlainLink>
        <PlainLink to="/dashboard/billing" className={areaTab}>
          Billing
        </PlainLink>
        <PlainLink to="/dashboard/webhooks" className={areaTab}>
          Webhooks
        </PlainLink>
        <PlainLink to="/dashboard/team" className={areaTab}>
          Team
        </PlainLink>
        <PlainLink to="/dashboard/audit-log" className={areaTab}>
          Audit log
        </PlainLink>
      </AreaTabs>
      <OrganizationPage />
    </OrganizationProvider>
  );
}

/** What is begun on a page of one organization, such as a form, does not go on in another. */
function OrganizationPage() {
  const organizationId = useOrganizationId();
  return (
    <Page key={organizationId}>
      <SuspendedBanner />
      <UnpaidBanner />
      <Outlet />
    </Page>
  );
}

function NoOrganization() {
  const [creating, dialog] = useDisclosure(false);
  return (
    <Page>
      <EmptyState
        icon={IconBuilding}
        title="You are not a member of an organization"
        action={<Button onClick={dialog.open}>Create organization</Button>}
      >
        Applications, keys and invoices belong to an organization. Create one, or ask for an invitation to yours.
      </EmptyState>
      <CreateOrganizationDialog opened={creating} onClose={dialog.close} onCreated={dialog.close} />
    </Page>
  );
}
