import { ApiProblem } from './api-problem.js';
import type { ApiRoute } from './api-route.js';

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: ApiRoute; readonly path: Readonly<Record<string, string>> }
  /** The resource exists, but not with this method; `allow` lists those that it has. */
  | { readonly kind: 'other-method'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' };

export type Router = (method: string, pathname: string) => RouteMatch;

/**
 * A router over path templates. A literal segment wins over a parameter, GET serves HEAD, and parameter values are
 * percent-decoded once.
 */
export function createRouter(routes: readonly ApiRoute[]): Router {
  const compiled = routes
    .map((route) => ({ route, segments: route.template.split('/') }))
    .toSorted((a, b) => parameterCount(a.segments) - parameterCount(b.segments));
  return (method, pathname) => {
    const segments = pathname.split('/').map(decodeSegment);
    const resource = compiled.find((candidate) => matches(candidate.segments, segments));
    if (resource === undefined) return { kind: 'not-found' };
    const methods = compiled.filter((candidate) => candidate.route.template === resource.route.template);
    const wanted = method === 'HEAD' ? 'GET' : method;
    const found = methods.find((candidate) => candidate.route.method === wanted);
    if (found === undefined) return { kind: 'other-method', allow: allowedMethods(methods.map(({ route }) => route)) };
    return { kind: 'found', route: found.route, path: parametersOf(found.segments, segments) };
  };
}

function allowedMethods(routes: readonly ApiRoute[]): string[] {
  const methods = routes.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
  return [...methods, 'OPTIONS'];
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]))
  );
}

function parametersOf(template: readonly string[], segments: readonly string[]): Record<string, string> {
  const entries = template.flatMap((part, index) =>
    isParameter(part) ? [[part.slice(1, -1), segments[index] ?? ''] as const] : [],
  );
  return Object.fromEntries(entries);
}

function parameterCount(template: readonly string[]): number {
  return template.filter(isParameter).length;
}

function isParameter(part: string): boolean {
  return part.startsWith('{');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiProblem(400, 'malformed_path', 'The path is not valid percent-encoded UTF-8.');
  }
}
