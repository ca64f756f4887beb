import { Stack } from '@mantine/core';
import { usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconPackage } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { publisherProductsQuery, publisherSubscriptionsQuery } from '../../api/publisher.js';
import { sessionQuery } from '../../api/session.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { isSettled } from '../../components/query-state.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { Page } from '../../shell/page.js';
import { PlanVersions } from './plan-versions.js';
import { PublishedProduct } from './published-product.js';
import { SubscriptionTable } from './subscription-table.js';

export function PublisherPage(): ReactNode {
  const { data: session } = useQuery(sessionQuery);
  usePrefetchInfiniteQuery(publisherSubscriptionsQuery());
  const products = useQuery(publisherProductsQuery);
  return (
    <Page>
      <PageHeader
        title="Publisher"
        description={session?.publisherTeams.map(({ name }) => name).join(', ')}
        actions={
          <ButtonLink to="/publisher/products/new" variant="default">
            New product
          </ButtonLink>
        }
      />
      <Stack gap="lg">
        <Loaded query={products} skeleton={<CardsSkeleton cards={1} height={260} />}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState
                icon={IconPackage}
                title="Nothing published yet"
                action={<ButtonLink to="/publisher/apis">Begin with an API</ButtonLink>}
              >
                An API comes first, then a product that sells it, then its plans. All of it can be in a{' '}
                <TextLink to="/publisher/catalog-file" inherit>
                  catalogue file
                </TextLink>{' '}
                too.
              </EmptyState>
            ) : (
              list.map((product) => <PublishedProduct key={product.id} product={product} />)
            )
          }
        </Loaded>
        {/* What stands above has no height until it is there. */}
        {isSettled(products) && <PlanVersions />}
        {isSettled(products) && <SubscriptionTable />}
      </Stack>
    </Page>
  );
}
