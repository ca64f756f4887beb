import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { productQuery } from '../../api/catalog.js';
import { ProblemError } from '../../api/problem.js';
import type { ProductDetails as ShownProduct } from '../../api/types.js';
import { BillabilityTable } from '../../catalog/billability-table.js';
import { CostCalculator } from '../../catalog/cost-calculator.js';
import { PlanComparison } from '../../catalog/plan-comparison.js';
import { SampleCall } from '../../catalog/sample-call.js';
import { Loaded } from '../../components/loaded.js';
import { TextLink } from '../../components/links.js';
import { PageHeader } from '../../components/page-header.js';
import { Prose } from '../../components/prose.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import classes from './product-page.module.css';
import { VersionList } from './version-list.js';

const route = getRouteApi('/products/$slug');

export function ProductPage(): ReactNode {
  const { slug } = route.useParams();
  const product = useQuery(productQuery(slug));
  if (product.error instanceof ProblemError && product.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={product} skeleton={<CardsSkeleton height={320} />}>
        {(loaded) => <ProductDetails product={loaded} />}
      </Loaded>
    </Page>
  );
}

function ProductDetails({ product }: { readonly product: ShownProduct }) {
  return (
    <>
      <PageHeader title={product.title} description={product.summary} above={<TextLink to="/">Products</TextLink>} />
      <div className={classes.intro}>
        <div className={classes.words}>
          {product.descriptionHtml !== '' && (
            <section aria-labelledby="overview">
              <h2 id="overview" className="visually-hidden">
                Overview
              </h2>
              <Prose html={product.descriptionHtml} />
            </section>
          )}
          <Text size="sm" c="dimmed">
            Published by {product.publisher.name}
            {product.termsVersion !== null && (
              <>
                {' · '}
                <TextLink to="/products/$slug/terms" params={{ slug: product.slug }} underline="always">
                  Terms
                </TextLink>
              </>
            )}
          </Text>
        </div>
        <div className={classes.sample}>
          <SampleCall product={product} title="First call" />
        </div>
      </div>
      <section className={classes.section} aria-labelledby="plans">
        <h2 id="plans">Plans</h2>
        <PlanComparison product={product} />
      </section>
      <section className={classes.section} aria-labelledby="billed">
        <h2 id="billed">Which calls are billed</h2>
        <BillabilityTable product={product} />
      </section>
      <section className={classes.section} aria-labelledby="calculator">
        <h2 id="calculator">What would it cost?</h2>
        <CostCalculator key={product.id} product={product} />
      </section>
      <section className={classes.section}>
        <Section title="Documentation" flush>
          <VersionList apis={product.apis} />
        </Section>
      </section>
    </>
  );
}
