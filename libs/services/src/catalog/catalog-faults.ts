import { productFaults } from '../product/product-in-words.js';
import type { CatalogFile } from './catalog-file.js';
import { type UpstreamRules, upstreamInFileFaults } from './upstream-in-file-faults.js';
import { planFaults } from './plan-in-file.js';
import { policiesInFileFaults } from './policies-in-file-faults.js';
import type { PlacedFault } from './refused-in-places-error.js';
import { versionHeaderOf } from './version-header-in-file.js';

/**
 * What the file's schema cannot see: names used twice, plans that cannot be rated, upstreams in forbidden places, … The parts of lists
 * are in their paths by number.
 */
export function catalogFaults(file: CatalogFile, upstreamRules: UpstreamRules): readonly PlacedFault[] {
  const faults: PlacedFault[] = [
    ...duplicates(
      'publishers',
      file.publishers.map((publisher) => publisher.slug),
    ),
    ...duplicates('sellers', ['default', ...file.sellers.map((seller) => seller.slug)]),
    ...duplicates(
      'invoice prefixes',
      [...(file.seller ? [file.seller] : []), ...file.sellers].map((seller) => seller.invoicePrefix),
    ),
    ...duplicates(
      'apis',
      file.apis.map((api) => api.slug),
    ),
    ...duplicates(
      'products',
      file.products.map((product) => product.slug),
    ),
    ...duplicates(
      'coupons',
      file.coupons.map((coupon) => `${coupon.publisher}/${coupon.slug}`),
    ),
    ...duplicates(
      'places at the gateway',
      file.apis.flatMap((api) =>
        api.versions.map((version) => {
          const header = versionHeaderOf(version);
          return `${version.host ?? '*'}${version.basePath}${header === null ? '' : ` with ${header.name}: ${header.value}`}`;
        }),
      ),
    ),
  ];
  for (const [index, api] of file.apis.entries()) {
    for (const [number, { upstream, policies }] of api.versions.entries()) {
      const at = `apis.${index}.versions.${number}`;
      if (upstream) faults.push(...within(`${at}.upstream`, upstreamInFileFaults(upstream, upstreamRules)));
      faults.push(...within(`${at}.policies`, policiesInFileFaults(policies, upstreamRules)));
      if (!upstream && !policies.mock)
        faults.push({ path: `${at}.upstream`, message: 'give one, or turn policies.mock on.' });
    }
  }
  for (const [index, api] of file.apis.entries())
    faults.push(
      ...duplicates(
        `apis.${index}.versions`,
        api.versions.map((version) => version.name),
      ),
    );
  for (const [index, product] of file.products.entries()) {
    const at = `products.${index}`;
    faults.push(
      ...duplicates(
        `${at}.plans`,
        product.plans.map((plan) => plan.slug),
      ),
      ...within(
        at,
        productFaults(product, (_, number) => String(number)),
      ),
    );
    for (const [number, plan] of product.plans.entries())
      faults.push(...within(`${at}.plans.${number}`, planFaults(plan, product.meters)));
  }
  return faults;
}

function within(place: string, faults: readonly PlacedFault[]): PlacedFault[] {
  return faults.map(({ path, message }) => ({ path: `${place}.${path}`, message }));
}

function duplicates(path: string, names: readonly string[]): PlacedFault[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => ({ path, message: `"${name}" is there twice.` }));
}
