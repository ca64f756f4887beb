import type { ImportOptions, ImportedCatalog } from '../imported-catalog.js';
import { ImportNames, titleFrom } from '../import-names.js';
import { ImportReport } from '../import-report.js';
import { standInDocument } from '../stand-in-document.js';
import { type KongRoute, type KongService, readKongFile } from './kong-file.js';
import { type KongPlugin, effectivePlugins } from './kong-plugin.js';
import { policiesOf } from './kong-policies.js';
import { type ImportedVersion, KongPlaces } from './kong-places.js';
import { readRateLimiting } from './kong-rate-limit.js';
import { readRoute } from './kong-route.js';
import { type ImportedUpstream, readService } from './kong-service.js';

const RATE_LIMITING = 'rate-limiting';

/** A product of the file: the APIs whose calls one rate limit counts together, or of one service without any. */
interface Group {
  readonly name: string;
  readonly limiting: KongPlugin | null;
  readonly apis: string[];
}

/**
 * A declarative file of Kong as a catalogue: an API for each path of a route, a product with a plan for those whose calls are limited
 * together. @throws InvalidError `import_invalid`
 */
export function importKong(document: unknown, options: ImportOptions): ImportedCatalog {
  const report = new ImportReport();
  const file = readKongFile(document, report);
  const apis: Record<string, unknown>[] = [];
  const groups = new Map<string, Group>();
  const apiNames = new ImportNames();
  const places = new KongPlaces();
  for (const service of file.services) {
    const upstream = readService(service, file.upstreams);
    if (service.routes.length === 0) report.leftOut(service.part.place, 'it has no routes, so nothing reaches it.');
    for (const route of service.routes) {
      const plugins = effectivePlugins([...route.plugins, ...service.plugins, ...file.globalPlugins]);
      const versions = upstream === null ? [] : versionsOf(route, plugins, upstream);
      if (versions.length === 0) continue;
      const limiting = plugins.find(({ name }) => name === RATE_LIMITING) ?? null;
      const group = groupOf(groups, { service, route, limiting });
      for (const version of versions) {
        const where = { route, group: group.name };
        if (!places.isFree(version)) {
          places.join(version, where);
          continue;
        }
        const slug = apiNames.slug(route.name);
        apis.push({
          slug,
          title: titleFrom(route.name),
          publisher: options.publisher,
          versions: places.open(version, where),
        });
        group.apis.push(slug);
      }
    }
  }
  return { report, apis, products: productsOf([...groups.values()], options, report) };
}

function versionsOf(route: KongRoute, plugins: readonly KongPlugin[], upstream: ImportedUpstream): ImportedVersion[] {
  const { part } = route;
  const { report } = part;
  const read = readRoute(route);
  if (read === null) return [];
  const own = plugins.filter(({ name }) => name !== RATE_LIMITING).map(policiesOf);
  const policies = Object.assign({}, ...own, read.transport && { transport: read.transport }) as Record<
    string,
    unknown
  >;
  if (policies['authentication'] === undefined)
    report.changed(part.place, 'anybody may call it in Kong as far as its file says; here a call needs a key.');
  return read.places.map(({ host, basePath }) => {
    const path = upstream.path + (read.stripsPath || basePath === '/' ? '' : basePath);
    return {
      name: 'v1',
      document: standInDocument(titleFrom(route.name), read.methods),
      ...(host !== null && { host }),
      basePath,
      ...(read.versionHeader && { versionHeader: read.versionHeader }),
      upstream: { ...placesOf(upstream, path), ...upstream.others },
      ...(Object.keys(policies).length > 0 && { policies }),
    };
  });
}

function placesOf({ places }: ImportedUpstream, path: string): Record<string, unknown> {
  if (places.length === 1) return { url: places[0]!.origin + path };
  return { targets: places.map(({ origin, weight }) => ({ url: origin + path, weight })) };
}

function groupOf(
  groups: Map<string, Group>,
  { service, route, limiting }: { service: KongService; route: KongRoute; limiting: KongPlugin | null },
): Group {
  const scope = limiting?.scope ?? 'service';
  const name = { route: route.name, service: service.name, global: 'kong' }[scope];
  // A limit of its own counts by itself, also where a route has the name of its service.
  const key = `${scope} ${scope === 'route' ? `${service.name} ` : ''}${name} ${limiting?.place ?? ''}`;
  const known = groups.get(key);
  if (known) return known;
  const group = { name, limiting, apis: [] };
  groups.set(key, group);
  return group;
}

function productsOf(
  groups: readonly Group[],
  { publisher, currency }: ImportOptions,
  report: ImportReport,
): Record<string, unknown>[] {
  const names = new ImportNames();
  return groups.map(({ name, limiting, apis }) => {
    const slug = names.slug(name);
    report.toDo(
      `products.${slug}`,
      `whoever calls ${apis.join(', ')} subscribes to ${slug}/standard; it is free until you say what it costs.`,
    );
    const limits = limiting === null ? {} : readRateLimiting(limiting);
    return {
      slug,
      title: titleFrom(name),
      publisher,
      apis,
      meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
      plans: [{ slug: 'standard', title: 'Standard', currency, ...limits }],
    };
  });
}
