import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { userQuery } from '../../api/user.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { DeleteAccountSection } from '../../personal-data/delete-account-section.js';
import { ExportSection } from '../../personal-data/export-section.js';

export function DataPage(): ReactNode {
  const user = useQuery(userQuery);
  return (
    <>
      <PageHeader title="Your data" description="What is kept of you, and the end of it." />
      <Loaded query={user} skeleton={<CardsSkeleton cards={2} height={260} />}>
        {(profile) => (
          <Stack gap="lg">
            <ExportSection
              profile={profile}
              organizationId={null}
              description="Your account, sessions, tokens without secrets, memberships and what you did, and a folder for each organization whose data you may have."
            />
            <DeleteAccountSection profile={profile} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}
