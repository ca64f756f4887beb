import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeader } from '../../components/page-header.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { InvitationsSection } from './invitations-section.js';
import { MembersSection } from './members-section.js';
import { OrganizationDataSections } from '../../personal-data/organization-data-sections.js';
import { OrganizationSection } from './organization-section.js';
import { RoleTable } from './role-table.js';

export function TeamPage(): ReactNode {
  const { permissions } = useOrganization().current;
  const may = mayManage(permissions);
  return (
    <>
      <PageHeader title="Team" description="Who works in this organization, and what each of them may do." />
      <Stack gap="lg">
        <MembersSection />
        {may.members && <InvitationsSection />}
        <RoleTable />
        <OrganizationSection mayRename={may.organization} />
        <OrganizationDataSections />
      </Stack>
    </>
  );
}
