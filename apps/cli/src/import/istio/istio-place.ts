import type { IstioMatch } from './istio-match.js';
import type { IstioRoute } from './istio-route.js';

/** A path of the gateway that becomes a version of an API of its own. */
export interface IstioPlace {
  readonly basePath: string;
  /** Nothing is below it. */
  readonly isExact: boolean;
}

/** A route as it holds at a place. */
export interface RouteAtPlace {
  readonly route: IstioRoute;
  /** The conditions of its alternatives there; empty when one of them is for every call. */
  readonly conditions: readonly IstioMatch['conditions'][];
  /** What the upstream is asked for in the place of the base path. */
  readonly path: string;
}

/** The places that the routes tell apart, the root where a route is for every path. */
export function placesOf(routes: readonly IstioRoute[]): readonly IstioPlace[] {
  const uris = routes.flatMap(({ matches }) => matches).map(({ uri }) => uri ?? { path: '/', isExact: false });
  const paths = [...new Set(uris.map(({ path }) => path))];
  return paths.map((basePath) => ({
    basePath,
    isExact: uris.every(({ path, isExact }) => path !== basePath || isExact),
  }));
}

/** The routes that hold at a place, in their order, up to the first that is for every call there. */
export function routesAt({ basePath }: IstioPlace, routes: readonly IstioRoute[]): readonly RouteAtPlace[] {
  const found: RouteAtPlace[] = [];
  for (const route of routes) {
    const matches = route.matches.filter(({ uri }) => uri === null || isAt(basePath, uri));
    if (matches.length === 0) continue;
    const isForAll = matches.some(({ conditions }) => Object.keys(conditions).length === 0);
    found.push({
      route,
      conditions: isForAll ? [] : matches.map(({ conditions }) => conditions),
      path: pathOf(basePath, matches[0]!, route.rewrite),
    });
    if (isForAll) break;
  }
  return found;
}

function isAt(basePath: string, { path, isExact }: NonNullable<IstioMatch['uri']>): boolean {
  return basePath === path || (!isExact && (path === '/' || basePath.startsWith(`${path}/`)));
}

/** Istio puts the rewritten path in the place of the prefix that has matched, and keeps what follows it. */
function pathOf(basePath: string, { uri }: IstioMatch, rewrite: string | undefined): string {
  const kept = basePath === '/' ? '' : basePath;
  if (rewrite === undefined) return kept;
  const matched = uri === null || uri.path === '/' ? '' : uri.path;
  return rewrite.replace(/\/+$/, '') + kept.slice(matched.length);
}
