import { upstreamFault, upstreamTlsFault } from './upstream-faults.js';
import { productFaults } from '../product/product-in-words.js';
import type { CatalogFile } from './catalog-file.js';
import { planFaults } from './plan-in-file.js';
import { versionHeaderOf } from './version-header-in-file.js';

/** What the operator lets publishers do with upstreams. */
export interface UpstreamRules {
  /** By UPSTREAM_ALLOW_PRIVATE. */
  readonly allowsPrivateUpstreams: boolean;
  /** By UPSTREAM_ALLOW_UNVERIFIED_TLS; default false. */
  readonly allowsUnverifiedUpstreams?: boolean;
  /** By UPSTREAM_TARGETS_DIR; default false. */
  readonly allowsTargetFiles?: boolean;
}

/** What the file's schema cannot see: names used twice, plans that cannot be rated, upstreams in forbidden places, … */
export function catalogFaults(
  file: CatalogFile,
  { allowsPrivateUpstreams, allowsUnverifiedUpstreams = false, allowsTargetFiles = false }: UpstreamRules,
): readonly string[] {
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
      const header = upstream?.token?.header.toLowerCase();
      if (header !== undefined && header === upstream?.credential?.header.toLowerCase())
        faults.push(`apis.${api.slug}.versions.${name}.upstream.token.header: this header carries the credential.`);
      const url = upstream?.url ?? upstream?.targets?.[0]?.url;
      const tlsFault = upstream?.tls && url && upstreamTlsFault(url, upstream.tls.verify, allowsUnverifiedUpstreams);
      if (tlsFault) faults.push(`apis.${api.slug}.versions.${name}.upstream.tls: ${tlsFault}`);
      const { url: testUrl, tls } = policies.testUpstream ?? {};
      const testFault = testUrl && tls && upstreamTlsFault(testUrl, tls.verify, allowsUnverifiedUpstreams);
      if (testFault) faults.push(`apis.${api.slug}.versions.${name}.policies.testUpstream.tls: ${testFault}`);
      if (!upstream && !policies.mock)
        faults.push(`apis.${api.slug}.versions.${name}.upstream: give one, or turn policies.mock on.`);
    }
  }
  for (const api of file.apis)
    faults.push(
      ...duplicates(
        `apis.${api.slug}.versions`,
        api.versions.map((version) => version.name),
      ),
    );
  for (const api of file.apis) {
    for (const { name, upstream, policies } of api.versions) {
      const places = {
        'upstream.url': upstream?.url,
        ...Object.fromEntries(
          (upstream?.targets ?? []).map(({ url }, index) => [`upstream.targets.${index}.url`, url]),
        ),
        'policies.testUpstream.url': policies.testUpstream?.url,
      };
      const at = `apis.${api.slug}.versions.${name}.upstream.discovery`;
      const { dns, file: targetFile } = upstream?.discovery ?? {};
      const nameFault = dns?.name && upstreamFault(`http://${dns.name}`, allowsPrivateUpstreams);
      if (nameFault) faults.push(`${at}.dns.name: ${nameFault}`);
      if (targetFile && !allowsTargetFiles)
        faults.push(
          `${at}.file: an operator can allow files of targets by UPSTREAM_TARGETS_DIR, the folder that they are in.`,
        );
      for (const [field, url] of Object.entries(places)) {
        const fault = url && upstreamFault(url, allowsPrivateUpstreams);
        if (fault) faults.push(`apis.${api.slug}.versions.${name}.${field}: ${fault}`);
      }
    }
  }
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
