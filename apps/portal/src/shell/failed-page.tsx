import { Button, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../components/problem-alert.js';
import { Page } from './page.js';

interface FailedPageProps {
  readonly error: unknown;
  readonly reset: () => void;
}

/** In place of a page that broke while it was shown. The rest of the portal goes on working. */
export function FailedPage({ error, reset }: FailedPageProps): ReactNode {
  return (
    <Page narrow>
      <Title order={1} mt={48} mb="lg">
        This page could not be shown
      </Title>
      <ProblemAlert error={error} onRetry={reset} />
      <Button mt="md" variant="default" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </Page>
  );
}
