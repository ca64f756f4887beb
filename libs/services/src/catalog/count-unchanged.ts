import type { CatalogChange } from './catalog-change.js';
import type { CatalogFile } from './catalog-file.js';

/** What is told of under another noun is a part of these. */
const WHOLES: Partial<Record<CatalogChange['noun'], CatalogChange['noun']>> = {
  'plan draft': 'plan',
  'plan version': 'plan',
  terms: 'API product',
};

/** How many of the things that a file names, meters, sellers and tax rates apart, are already as it says. */
export function countUnchanged(file: CatalogFile, changes: readonly CatalogChange[]): number {
  const changed = new Set(changes.map(({ noun, name }) => `${WHOLES[noun] ?? noun} ${name.replace(/@.*/, '')}`));
  const named = [
    ...file.publishers.map(({ slug }) => `publisher ${slug}`),
    ...file.apis.flatMap(({ slug, versions }) => [
      `API ${slug}`,
      ...versions.map(({ name }) => `API version ${slug}/${name}`),
    ]),
    ...file.products.flatMap(({ slug, plans }) => [
      `API product ${slug}`,
      ...plans.map((plan) => `plan ${slug}/${plan.slug}`),
    ]),
    ...file.coupons.map(({ slug }) => `coupon ${slug}`),
  ];
  return named.filter((name) => !changed.has(name)).length;
}
