import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ButtonLink } from '../components/links.js';
import { usePageTitle } from '../components/page-header.js';
import { Page } from './page.js';

export function NotFoundPage(): ReactNode {
  usePageTitle('Page not found');
  return (
    <Page narrow>
      <Text className="mono" c="dimmed" mt={64}>
        404
      </Text>
      <Title order={1} mt={4}>
        This page does not exist
      </Title>
      <Text c="dimmed" mt="xs" maw="52ch">
        The address may have a typing error, the thing may be gone, or it belongs to an organization that you are not a
        member of.
      </Text>
      <Group mt="lg">
        <ButtonLink to="/">Go to the products</ButtonLink>
        <ButtonLink to="/dashboard" variant="default">
          Go to the dashboard
        </ButtonLink>
      </Group>
    </Page>
  );
}
