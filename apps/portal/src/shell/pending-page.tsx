import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from './page.js';

/** While the code of a page arrives. */
export function PendingPage(): ReactNode {
  return (
    <Page>
      <div role="status" aria-busy="true" aria-label="Loading">
        <Stack gap="lg">
          <Skeleton h={34} w={260} />
          <Skeleton h={180} radius="lg" />
          <Skeleton h={240} radius="lg" />
        </Stack>
      </div>
    </Page>
  );
}
