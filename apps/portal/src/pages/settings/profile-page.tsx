import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { userQuery } from '../../api/user.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { EmailSection } from '../../user/email-section.js';
import { NameSection } from '../../user/name-section.js';

export function ProfilePage(): ReactNode {
  const user = useQuery(userQuery);
  return (
    <>
      <PageHeader title="Profile" description="Who you are here, in all organizations." />
      <Loaded query={user} skeleton={<CardsSkeleton cards={2} height={220} />}>
        {(profile) => (
          <Stack gap="lg">
            <NameSection profile={profile} />
            <EmailSection profile={profile} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}
