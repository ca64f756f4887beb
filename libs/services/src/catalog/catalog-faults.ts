import { productFaults } from '../product/product-in-words.js';
import type { CatalogFile } from './catalog-file.js';
import { type UpstreamRules, upstreamInFileFaults } from './upstream-in-file-faults.js';
import { planFaults } from './plan-in-file.js';
import { policiesInFileFaults } from './policies-in-file-faults.js';
import { versionHeaderOf } from './version-header-in-file.js';

/** What the file's schema cannot see: names used twice, plans that cannot be rated, upstreams in forbidden places, … */
export function catalogFaults(file: CatalogFile, upstreamRules: UpstreamRules): readonly string[] {
  const faults: string[] = [
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
  for (const api of file.apis) {
    for (const { name, upstream, policies } of api.versions) {
      const at = `apis.${api.slug}.versions.${name}`;
      for (const { path, message } of upstream ? upstreamInFileFaults(upstream, upstreamRules) : [])
        faults.push(`${at}.upstream.${path}: ${message}`);
      for (const { path, message } of policiesInFileFaults(policies, upstreamRules))
        faults.push(`${at}.policies.${path}: ${message}`);
      if (!upstream && !policies.mock) faults.push(`${at}.upstream: give one, or turn policies.mock on.`);
    }
  }
  for (const api of file.apis)
    faults.push(
      ...duplicates(
        `apis.${api.slug}.versions`,
        api.versions.map((version) => version.name),
      ),
    );
  for (const product of file.products) {
    const at = `products.${product.slug}`;
    faults.push(
      ...duplicates(
        `${at}.plans`,
        product.plans.map((plan) => plan.slug),
      ),
    );
    for (const { path, message } of productFaults(product, (slug) => slug)) faults.push(`${at}.${path}: ${message}`);
    for (const plan of product.plans) {
      for (const fault of planFaults(plan, product.meters))
        faults.push(`${at}.plans.${plan.slug}.${fault.path}: ${fault.message}`);
    }
  }
  return faults;
}

function duplicates(where: string, names: readonly string[]): string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${where}: "${name}" is there twice.`);
}
