import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { productQuery, productTermsQuery } from '../../api/catalog.js';
import { ProblemError } from '../../api/problem.js';
import { paragraphsOf } from '../../catalog/text-paragraphs.js';
import { DateTime } from '../../components/date-time.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/products/$slug/terms');

/** What those who subscribe to a product agree to. */
export function TermsPage(): ReactNode {
  const { slug } = route.useParams();
  const product = useQuery(productQuery(slug));
  const terms = useQuery(productTermsQuery(slug));
  if ([product.error, terms.error].some((error) => error instanceof ProblemError && error.status === 404))
    return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={terms} skeleton={<LinesSkeleton lines={12} />}>
        {({ version, publishedAt, text }) => (
          <>
            <PageHeader
              title={`Terms of ${product.data?.title ?? slug}`}
              description={
                <>
                  Version {version}, since <DateTime at={publishedAt} format="date" />
                </>
              }
              above={
                <TextLink to="/products/$slug" params={{ slug }}>
                  {product.data?.title ?? 'Product'}
                </TextLink>
              }
            />
            <Stack gap="md">
              {paragraphsOf(text).map((paragraph) => (
                <Text key={paragraph} maw="68ch">
                  {paragraph}
                </Text>
              ))}
            </Stack>
          </>
        )}
      </Loaded>
    </Page>
  );
}
