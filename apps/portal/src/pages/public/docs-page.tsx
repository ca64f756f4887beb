import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconBook2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { productsQuery } from '../../api/catalog.js';
import { ButtonLink } from '../../components/links.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { Page } from '../../shell/page.js';
import { VersionList } from './version-list.js';

const portalApi = [
  {
    slug: 'tollgate',
    title: 'Portal API',
    versions: [
      {
        id: 'v1',
        name: 'v1',
        state: 'published',
        host: null,
        basePath: '/api/v1',
        versionHeader: null,
        title: 'Portal API',
        latest: true,
      },
    ],
  },
] as const;

export function DocsPage(): ReactNode {
  const products = useQuery(productsQuery);
  return (
    <Page narrow>
      <PageHeader
        title="Documentation"
        description="Every operation of every API, with its parameters and answers."
        actions={
          <ButtonLink to="/agents" variant="default">
            Use with an AI agent
          </ButtonLink>
        }
      />
      <Loaded query={products} skeleton={<CardsSkeleton cards={1} height={220} />}>
        {(list) => (
          <Stack gap="xl">
            {list.length === 0 && (
              <EmptyState icon={IconBook2} title="Nothing is documented yet">
                Each API that a product team publishes brings its own documentation.
              </EmptyState>
            )}
            {list.map((product) => (
              <Section key={product.id} title={product.title} description={product.summary} flush>
                <VersionList apis={product.apis} />
              </Section>
            ))}
            <Section title="This portal" description="All that the portal does can be done with its own API." flush>
              <VersionList apis={[...portalApi].map((api) => ({ ...api, versions: [...api.versions] }))} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
