import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { publisherApisQuery } from '../../api/api-versions.js';
import { ProblemError } from '../../api/problem.js';
import { productToEditQuery } from '../../api/products.js';
import { publisherProductsQuery } from '../../api/publisher.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { EditProductForm } from '../../product-editor/edit-product-form.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/publisher/products/$slug/edit');

export function EditProductPage(): ReactNode {
  const { slug } = route.useParams();
  const product = useQuery(productToEditQuery(slug));
  const apis = useQuery(publisherApisQuery);
  const products = useQuery(publisherProductsQuery);
  if (product.error instanceof ProblemError && product.error.status === 404) return <NotFoundPage />;
  const skeleton = <CardsSkeleton cards={2} height={320} />;
  return (
    <Page>
      <PageHeader
        title={product.data ? `Edit ${product.data.words.title}` : 'Edit product'}
        above={<TextLink to="/publisher">Publisher</TextLink>}
        description="What changes here changes at once, for everybody."
      />
      <Loaded query={products} skeleton={skeleton}>
        {(listed) => (
          <Loaded query={apis} skeleton={skeleton}>
            {(list) => (
              <Loaded query={product} skeleton={skeleton}>
                {(read) => (
                  <EditProductForm
                    key={slug}
                    read={read}
                    apis={list}
                    subscriptionCount={listed.find((one) => one.slug === slug)?.subscriptionCount ?? 0}
                  />
                )}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}
