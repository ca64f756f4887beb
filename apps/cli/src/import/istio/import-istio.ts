import { ImportNames, titleFrom } from '../import-names.js';
import { ImportReport, shown } from '../import-report.js';
import type { ImportOptions, ImportedCatalog } from '../imported-catalog.js';
import { STAND_IN_DEPTH, standInDocument } from '../stand-in-document.js';
import { type HostPolicy, readHostPolicies } from './istio-destination.js';
import { type IstioResource, readIstioFile } from './istio-file.js';
import { placesOf, routesAt } from './istio-place.js';
import { readRoute } from './istio-route.js';
import { type TargetsOption, upstreamOf } from './istio-upstream.js';

export interface IstioOptions extends ImportOptions, TargetsOption {
  readonly organization: string | undefined;
}

const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/**
 * VirtualServices of Istio as a catalogue, with what DestinationRules say of their destinations: an API for each host and path that they
 * tell apart, a product for each of them. @throws InvalidError `import_invalid`
 */
export function importIstio(documents: readonly unknown[], options: IstioOptions): ImportedCatalog {
  const report = new ImportReport();
  const file = readIstioFile(documents, report);
  const policies = readHostPolicies(file.destinationRules);
  const names = { apis: new ImportNames(), products: new ImportNames() };
  const taken = new Set<string>();
  const apis: Record<string, unknown>[] = [];
  const products: Record<string, unknown>[] = [];
  const used = new Set<string>();
  for (const service of file.virtualServices) {
    const versions = versionsOf(service, { policies, options, taken, used });
    if (versions.length === 0) continue;
    const { publisher } = options;
    const title = titleFrom(service.name);
    const added = versions.map((version) => ({
      slug: names.apis.slug(service.name),
      title,
      publisher,
      versions: [version],
    }));
    apis.push(...added);
    products.push(productOf({ slug: names.products.slug(service.name), title }, added, options));
  }
  for (const { name, spec } of file.destinationRules) {
    const host = spec.text('host') ?? '';
    if (!used.has(host))
      report.leftOut(`DestinationRule ${shown(name)}`, 'no VirtualService of these files sends calls to its host.');
  }
  for (const { slug } of products as { slug: string }[])
    report.toDo(
      `products.${slug}`,
      `whoever calls it subscribes to ${slug}/standard; it is free until you say what it costs.`,
    );
  return { report, apis, products };
}

interface Work {
  readonly policies: ReadonlyMap<string, HostPolicy>;
  readonly options: IstioOptions;
  readonly taken: Set<string>;
  /** Hosts that calls are sent to. */
  readonly used: Set<string>;
}

function versionsOf({ name, spec }: IstioResource, work: Work): Record<string, unknown>[] {
  const { report } = spec;
  spec.ignore('exportTo');
  if ((spec.texts('gateways') ?? []).some((gateway) => gateway !== 'mesh'))
    report.changed(spec.at('gateways'), 'Tollgate is the gateway: its ports and certificates are settings of its own.');
  for (const key of ['tcp', 'tls']) spec.leaveOut(key, 'the gateway speaks HTTP.');
  const hosts = hostsOf(spec.texts('hosts') ?? ['*'], spec.at('hosts'), report);
  const routes = spec
    .parts('http')
    .map((part, index) => readRoute(part, index, work.options))
    .filter((route) => route !== null);
  spec.leaveRest();
  return hosts.flatMap((host) =>
    placesOf(routes).flatMap((place) => {
      const { basePath, isExact } = place;
      const at = `${host ?? '*'}${basePath}`;
      if (work.taken.has(at)) {
        report.leftOut(spec.place, `another VirtualService is at ${at} already.`);
        return [];
      }
      work.taken.add(at);
      const upstream = upstreamOf(routesAt(place, routes), work, report);
      if (isExact)
        report.changed(
          spec.place,
          `${basePath} is a path of its own: what is below it is not found, also where another route has it.`,
        );
      else
        report.changed(
          spec.place,
          `paths of up to ${STAND_IN_DEPTH} segments below ${basePath}, without a slash at the end: put the OpenAPI document of the API in the place of the stand-in.`,
        );
      const document = standInDocument(titleFrom(name), undefined, isExact ? 0 : STAND_IN_DEPTH);
      return [{ name: 'v1', document, ...(host !== null && { host }), basePath, upstream }];
    }),
  );
}

/** Null for every host. */
function hostsOf(hosts: readonly string[], place: string, report: ImportReport): readonly (string | null)[] {
  return hosts.flatMap((host) => {
    if (host === '*') return [null];
    if (!HOST.test(host)) {
      report.leftOut(place, `${shown(host)}: a host is a name, without "*" in it.`);
      return [];
    }
    report.toDo(
      place,
      `callers reach the gateway by the name ${host}, and say so in Host; take "host" out of the file for any name.`,
    );
    return [host.toLowerCase()];
  });
}

function productOf(
  product: { readonly slug: string; readonly title: string },
  apis: readonly { readonly slug: string }[],
  { publisher, currency }: ImportOptions,
): Record<string, unknown> {
  return {
    ...product,
    publisher,
    apis: apis.map(({ slug }) => slug),
    meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
    plans: [{ slug: 'standard', title: 'Standard', currency }],
  };
}
