import { type PlanDefinition, isFreeOfCharge } from '#domain';
import type { CatalogProduct } from '#persistence';
import { docsPath } from '../docs/docs-page.js';
import { isNothing, unitWords } from './words/amounts.js';
import { planWords } from './words/plan-words.js';

/** The path of a product's page. */
export function productPath(slug: string): string {
  return `/products/${encodeURIComponent(slug)}`;
}

/** The portal and its products, in the words of schema.org. */
export function dataOfPortal(products: readonly CatalogProduct[], origin: string, name: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'WebSite',
    name,
    url: `${origin}/`,
    ...(products.length > 0 && {
      mainEntity: {
        '@type': 'ItemList',
        itemListElement: products.map(({ slug, title }, index) => ({
          '@type': 'ListItem',
          position: index + 1,
          name: title,
          url: origin + productPath(slug),
        })),
      },
    }),
  };
}

/**
 * A product and what its public plans cost, in the words of schema.org. An offer has a price only where that is all that the plan costs:
 * where usage costs something beside, its fee and its prices of a unit stand as specifications, and all of it in words.
 */
export function dataOfProduct(product: CatalogProduct, origin: string): object {
  const { slug, title, summary, publisher, apis, plans, meters, tags } = product;
  const documentation = apis.flatMap((api) =>
    api.versions.filter(({ latest }) => latest).map(({ name }) => origin + docsPath(api.slug, name)),
  );
  return {
    '@context': 'https://schema.org',
    '@type': 'WebAPI',
    name: title,
    ...(summary !== '' && { description: summary }),
    ...(tags.length > 0 && { keywords: tags.join(', ') }),
    url: origin + productPath(slug),
    provider: { '@type': 'Organization', name: publisher.name },
    ...(documentation.length > 0 && { documentation }),
    offers: plans.map((plan) => ({
      '@type': 'Offer',
      name: plan.title,
      url: origin + productPath(slug),
      ...priceOf(plan.version.definition, meters),
    })),
  };
}

function priceOf(definition: PlanDefinition, meters: CatalogProduct['meters']): object {
  const { currency: priceCurrency, fixedFee, billingInterval, prices } = definition;
  if (isFreeOfCharge(definition)) return { price: '0', priceCurrency };
  const { included, usage, terms } = planWords(definition, meters);
  const fees = isNothing(fixedFee) ? [] : [unitPrice('Fixed fee', fixedFee, priceCurrency, `1 ${billingInterval}`)];
  const units = prices.flatMap(({ price, meter, conversion }) => {
    if (price.model !== 'per_unit' || conversion || isNothing(price.unitAmount)) return [];
    const found = meters.find(({ slug }) => slug === meter);
    return [unitPrice(found?.title ?? meter, price.unitAmount, priceCurrency, unitWords(1, found?.unit ?? 'unit'))];
  });
  const words = [...included.map((line) => `${line} included`), ...usage, terms].filter((line) => line !== '');
  return {
    ...(words.length > 0 && { description: words.join('; ') }),
    priceCurrency,
    ...(fees.length + units.length > 0 && { priceSpecification: [...fees, ...units] }),
  };
}

function unitPrice(name: string, price: string, priceCurrency: string, unitText: string): object {
  return {
    '@type': 'UnitPriceSpecification',
    name,
    price,
    priceCurrency,
    unitText,
    valueAddedTaxIncluded: false,
  };
}
