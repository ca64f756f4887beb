import type { FastifyRequest } from 'fastify';

/** OpenTelemetry's exporters add `/v1/logs` and `/v1/metrics` to it. */
export const OTLP_PREFIX = 'api/v1/otlp/v1';

/** True for the routes that OpenTelemetry's exporters send to. */
export function isOtlpRoute(url: string | undefined): boolean {
  return url?.startsWith(`/${OTLP_PREFIX}/`) ?? false;
}

/** The same of a request, whatever its route answers. */
export function isOtlpRequest({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return isOtlpRoute(routeOptions.url);
}
