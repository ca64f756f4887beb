import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { userQuery } from '../../api/user.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { PasswordSection } from '../../user/password-section.js';
import { SessionSection } from '../../user/session-section.js';
import { TwoFactorSection } from '../../user/two-factor-section.js';

export function SecurityPage(): ReactNode {
  const user = useQuery(userQuery);
  return (
    <>
      <PageHeader title="Security" description="How you sign in, and where you are signed in." />
      <Loaded query={user} skeleton={<CardsSkeleton cards={3} height={240} />}>
        {(profile) => (
          <Stack gap="lg">
            <TwoFactorSection profile={profile} />
            <PasswordSection profile={profile} />
            <SessionSection />
          </Stack>
        )}
      </Loaded>
    </>
  );
}
