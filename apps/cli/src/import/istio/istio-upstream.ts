import { InvalidError } from '#domain';
import { type ImportReport, shown } from '../import-report.js';
import { ImportNames } from '../import-names.js';
import type { HostPolicy, IstioDestination } from './istio-destination.js';
import type { RouteAtPlace } from './istio-place.js';

export interface TargetsOption {
  /** URLs by "host" or "host/subset", in the place of names made of those. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

interface Work {
  readonly policies: ReadonlyMap<string, HostPolicy>;
  readonly options: TargetsOption;
  readonly used: Set<string>;
}

interface Member {
  readonly subset: string;
  readonly urls: readonly string[];
}

/** The upstream of a place: rules for the routes with conditions, a default for the one without, or none. */
export function upstreamOf(
  routes: readonly RouteAtPlace[],
  { policies, options, used }: Work,
  report: ImportReport,
): Record<string, unknown> {
  // All targets of an upstream have one path: that of most calls.
  const { path } = routes.find(({ conditions }) => conditions.length === 0) ?? routes[0]!;
  const carried = routes.filter(({ route, path: other }) => {
    if (other === path) return true;
    report.leftOut(
      route.place,
      `for it the path would be ${shown(other || '/')}, which differs from that of the other routes there; calls go to the next one that matches.`,
    );
    return false;
  });
  const members = new Map<string, Member>();
  const names = new ImportNames();
  for (const destination of carried.flatMap(({ route }) => route.destinations)) {
    const key = keyOf(destination);
    if (members.has(key)) continue;
    used.add(destination.host);
    const policy = policies.get(destination.host);
    const urls = urlsOf(destination, policy, options, report).map((url) => url + path);
    members.set(key, { subset: names.slug(destination.subset ?? destination.host.split('.')[0]!), urls });
  }
  const hosts = [...new Set(carried.flatMap(({ route }) => route.destinations.map(({ host }) => host)))];
  const terms = policies.get(hosts[0]!)?.terms ?? {};
  for (const host of hosts.slice(1).filter((one) => Object.keys(policies.get(one)?.terms ?? {}).length > 0))
    report.leftOut(`trafficPolicy of ${shown(host)}`, `that of ${shown(hosts[0]!)} holds for the whole upstream.`);
  const rest = carried.find(({ conditions }) => conditions.length === 0);
  const rules = carried.filter((one) => one !== rest);
  const common = {
    ...terms,
    ...(rest?.route.retries && { retries: rest.route.retries }),
    ...(rest?.route.timeoutMs !== undefined && { responseTimeoutMs: rest.route.timeoutMs }),
  };
  for (const { route } of carried)
    if (route.timeoutMs === undefined)
      report.changed(route.place, 'Istio waits without end for an answer; here the default is 30 s until its head.');
  const only = [...members.values()];
  if (rules.length === 0 && only.length === 1 && only[0]!.urls.length === 1)
    return { url: only[0]!.urls[0], ...common };
  const shareOf = (destinations: readonly IstioDestination[]) => choiceOf(destinations, members);
  const ruleNames = new ImportNames();
  return {
    targets: only.flatMap(({ subset, urls }) => urls.map((url) => ({ url, subset }))),
    traffic: {
      rules: rules.map(({ route, conditions }) => ({
        name: ruleNames.slug(route.name),
        match: conditions,
        ...shareOf(route.destinations),
        ...retriesOfRule(route, rest, report),
        ...(route.timeoutMs !== undefined && { responseTimeoutMs: route.timeoutMs }),
      })),
      default: rest ? shareOf(rest.route.destinations) : { refuse: true },
    },
    ...common,
  };
}

/** Those of a rule, where they are not those of the upstream. */
function retriesOfRule(
  route: RouteAtPlace['route'],
  rest: RouteAtPlace | undefined,
  report: ImportReport,
): Record<string, unknown> {
  const usual = rest?.route.retries ?? null;
  if (route.retries !== null) return route.retries === usual ? {} : { retries: route.retries };
  if (usual !== null)
    report.changed(route.place, 'it wants no repeats, and gets those of the route for all other calls.');
  return {};
}

function keyOf({ host, subset, port }: IstioDestination): string {
  return `${host} ${subset ?? ''} ${port ?? ''}`;
}

function choiceOf(destinations: readonly IstioDestination[], members: ReadonlyMap<string, Member>): object {
  const weights = new Map<string, number>();
  for (const destination of destinations) {
    const { subset } = members.get(keyOf(destination))!;
    weights.set(subset, (weights.get(subset) ?? 0) + destination.weight);
  }
  const split = [...weights].map(([subset, weight]) => ({ subset, weight }));
  return split.length === 1 ? { subset: split[0]!.subset } : { split };
}

/** Where a destination is: as was said on the command line, else at a Service of Kubernetes for each subset. */
function urlsOf(
  { host, subset, port }: IstioDestination,
  policy: HostPolicy | undefined,
  { targets }: TargetsOption,
  report: ImportReport,
): readonly string[] {
  const given = targets.get(subset === undefined ? host : `${host}/${subset}`);
  if (given) return given;
  const [first, ...others] = host.split('.');
  const name = subset === undefined ? host : [`${first}-${subset}`, ...others].join('.');
  const scheme = policy?.scheme ?? 'http';
  const url = `${scheme}://${name}:${port ?? (scheme === 'https' ? 443 : 80)}`;
  if (!URL.canParse(url)) throw new InvalidError('import_invalid', `${shown(host)} is no host that can be called.`);
  if (subset !== undefined) {
    const labels = policy?.subsets.get(subset);
    const what =
      labels === undefined ? 'is in no DestinationRule of these files' : `is what has the labels ${shown(labels)}`;
    report.toDo(
      `subset ${shown(`${host}/${subset}`)}`,
      `it ${what}; here it is at ${url}: make a Service of that name, or give --target ${host}/${subset}=URL.`,
    );
  }
  return [new URL(url).origin];
}
