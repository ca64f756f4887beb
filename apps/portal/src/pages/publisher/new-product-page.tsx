import { useQuery } from '@tanstack/react-query';
import { IconApi } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { publisherApisQuery } from '../../api/api-versions.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NewProductForm } from '../../product-editor/new-product-form.js';
import { Page } from '../../shell/page.js';

export function NewProductPage(): ReactNode {
  const apis = useQuery(publisherApisQuery);
  return (
    <Page>
      <PageHeader
        title="New product"
        above={<TextLink to="/publisher">Publisher</TextLink>}
        description="A product sells APIs, with meters and plans of its own. Nobody else sees it until you publish a plan of it."
      />
      <Loaded query={apis} skeleton={<CardsSkeleton cards={2} height={320} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              icon={IconApi}
              title="An API comes first"
              action={<ButtonLink to="/publisher/apis">APIs</ButtonLink>}
            >
              A product sells at least one. Add it, and come back.
            </EmptyState>
          ) : (
            <NewProductForm apis={list} />
          )
        }
      </Loaded>
    </Page>
  );
}
