import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconPackage } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { productsQuery } from '../../api/catalog.js';
import type { Product } from '../../api/types.js';
import { chargeWords } from '../../catalog/billability-words.js';
import { CostCalculator } from '../../catalog/cost-calculator.js';
import { PlanComparison } from '../../catalog/plan-comparison.js';
import { ProductCard } from '../../catalog/product-card.js';
import { ProductFilter } from '../../catalog/product-filter.js';
import { searchProducts, tagsOf } from '../../catalog/product-search.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { hasFailed } from '../../components/query-state.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { formatUnits } from '../../format/number.js';
import { Hero } from './hero.js';
import classes from './home-page.module.css';

const route = getRouteApi('/');

export function HomePage(): ReactNode {
  const products = useQuery(productsQuery);
  return (
    <>
      <Hero
        product={products.data?.[0]}
        plans={products.data?.flatMap(({ plans }) => plans) ?? []}
        hasSample={!hasFailed(products) && products.data?.length !== 0}
      />
      <section className={classes.section} aria-labelledby="products">
        <h2 id="products">API products</h2>
        <Loaded query={products} skeleton={<CardsSkeleton height={190} />}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconPackage} title="No API products yet">
                As soon as a product team publishes one, it appears here with its plans.
              </EmptyState>
            ) : (
              <ProductList products={list} />
            )
          }
        </Loaded>
      </section>
      {products.data && products.data.length > 0 && <Pricing products={products.data} />}
    </>
  );
}

function ProductList({ products }: { readonly products: readonly Product[] }) {
  const search = route.useSearch();
  const { q: text = '', tag } = search;
  const navigate = route.useNavigate();
  const filter = (changed: { readonly text: string; readonly tag: string | undefined }) => {
    const { product } = search;
    const kept = {
      ...(product !== undefined && { product }),
      ...(changed.text !== '' && { q: changed.text }),
      ...(changed.tag !== undefined && { tag: changed.tag }),
    };
    void navigate({ to: '/', search: kept, replace: true, resetScroll: false });
  };
  const found = searchProducts(products, { text, tag });
  return (
    <>
      {products.length > 1 && <ProductFilter text={text} tag={tag} tags={tagsOf(products)} onChange={filter} />}
      <p className="visually-hidden" role="status">
        {formatUnits(found.length, 'product')}
      </p>
      {found.length === 0 ? (
        <EmptyState
          icon={IconPackage}
          title="No product matches"
          action={
            <Button variant="default" onClick={() => filter({ text: '', tag: undefined })}>
              Show all products
            </Button>
          }
        >
          Try another word or another tag.
        </EmptyState>
      ) : (
        <div className={classes.cards}>
          {found.map((product) => (
            <ProductCard key={product.id} product={product} />
          ))}
        </div>
      )}
    </>
  );
}

function Pricing({ products }: { readonly products: readonly Product[] }) {
  const { product: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const product = products.find(({ slug }) => slug === chosen) ?? products[0];
  if (!product) return null;
  return (
    <>
      <section className={classes.section} aria-labelledby="plans">
        <div className={classes.head}>
          <div>
            <h2 id="plans">Plans and prices</h2>
            <p>
              Prices are before tax. {chargeWords(product.plans)}{' '}
              <TextLink to="/products/$slug" params={{ slug: product.slug }} hash="billed" inherit underline="always">
                Which calls are billed
              </TextLink>
            </p>
          </div>
          {products.length > 1 && (
            <SegmentedControl
              aria-label="Product"
              data={products.map(({ slug, title }) => ({ value: slug, label: title }))}
              value={product.slug}
              onChange={(slug) =>
                void navigate({
                  to: '/',
                  search: (now) => ({ ...now, product: slug }),
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          )}
        </div>
        <PlanComparison product={product} />
      </section>
      <section className={classes.section} aria-labelledby="calculator">
        <h2 id="calculator">What would it cost?</h2>
        <p>Set a month’s volume. The lines are those that an invoice would have.</p>
        <CostCalculator key={product.id} product={product} />
      </section>
    </>
  );
}
