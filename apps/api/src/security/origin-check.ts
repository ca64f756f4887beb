import { ForbiddenError } from '#domain';
import type { FastifyRequest } from 'fastify';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Signed by itself; carries no cookie. */
const SIGNED_PATHS = new Set(['/api/webhooks/stripe', '/api/v1/key-leaks']);

/**
 * Refuses requests that change something on behalf of another site's page: one that names an origin must name a trusted
 * one, and one that carries a cookie must name an origin, as every browser does.
 * @throws ForbiddenError
 */
export function checkOrigin(
  request: Pick<FastifyRequest, 'method' | 'url' | 'headers'>,
  trusted: readonly string[],
): void {
  if (SAFE_METHODS.has(request.method) || SIGNED_PATHS.has(request.url)) return;
  const { origin, cookie } = request.headers;
  if (origin === undefined && cookie === undefined) return;
  if (origin !== undefined && trusted.includes(origin)) return;
  throw new ForbiddenError(
    `This request would change something on behalf of ${origin ?? 'an unnamed page'}: send it from ${trusted[0]}, with that as its Origin.`,
  );
}
