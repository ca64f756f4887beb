import { type UuidV7Generator, trustedProxies } from '#domain';
import type { Logger } from '#observability';
import { MAX_DOCUMENT_BYTES } from '#openapi';
import helmet from '@fastify/helmet';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TooManyRequestsError } from './problem/request-error.js';
import { sentRefusal } from './problem/sent-refusal.js';
import { toProblem } from './problem/to-problem.js';
import { ControlPlaneRate } from './rate-limit/control-plane-rate.js';
import { API_CONTENT_SECURITY_POLICY } from './security/content-security-policy.js';
import { checkOrigin } from './security/origin-check.js';
import { trustedOrigins } from './security/trusted-origins.js';
import { MAX_TELEMETRY_BYTES, unpackBody } from './telemetry/compressed-body.js';
import { PROTOBUF } from './telemetry/otlp-encoding.js';
import { isOtlpRequest, isOtlpRoute } from './telemetry/otlp-route.js';
import type { ApiSettings } from './tokens.js';

const BODY_LIMIT_BYTES = 1_048_576;
/** As a text within JSON a document may take twice its bytes. */
const DOCUMENT_BODY_LIMIT_BYTES = 2 * MAX_DOCUMENT_BYTES;
/** The routes that take an OpenAPI document, or policies with the description of another protocol. */
const TAKES_DOCUMENT =
  /\/publisher\/(catalog|apis\/:api\/(document-check|versions|versions\/:version\/(document|policies)))$/;
/** CloudEvents come under names of their own; their one route reads the bytes. */
const JSON_TYPES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
const REQUEST_TIMEOUT_MS = 30_000;

/** This machine's own proxies. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * The HTTP server below Nest: each request gets an id of ours, and addresses are believed of this machine's proxies and of those that
 * are trusted.
 * @throws InvalidError `trusted_proxies_invalid`
 */
export function createHttpAdapter(ids: UuidV7Generator, trusted: readonly string[]): FastifyAdapter {
  const proxies = trustedProxies([...LOOPBACK, ...trusted]);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: (address) => proxies.has(address),
    genReqId: () => ids.next(),
    requestIdHeader: false,
    logger: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    if (TAKES_DOCUMENT.test(route.url)) route.bodyLimit = DOCUMENT_BODY_LIMIT_BYTES;
    if (isOtlpRoute(route.url)) {
      route.bodyLimit = MAX_TELEMETRY_BYTES;
      route.preParsing = unpackBody;
    }
  });
  return adapter;
}

/** JSON as the only form of bodies (and OTLP's own at its routes), security headers, the origin check, and one log line per request, for every route. */
export async function secureServer(
  app: NestFastifyApplication,
  settings: Pick<ApiSettings, 'PORTAL_URL'>,
  logger: Logger,
): Promise<void> {
  const isHttps = settings.PORTAL_URL.startsWith('https:');
  await app.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: isHttps && { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
  const trusted = trustedOrigins(settings.PORTAL_URL);
  const rate = app.get(ControlPlaneRate);
  const server = app.getHttpAdapter().getInstance();
  server.removeAllContentTypeParsers();
  for (const type of JSON_TYPES) app.useBodyParser(type, { bodyLimit: BODY_LIMIT_BYTES });
  app.useBodyParser(PROTOBUF, { bodyLimit: BODY_LIMIT_BYTES }, (request, body, done) => {
    if (isOtlpRequest(request)) done(null, body);
    else done(new UnsupportedMediaTypeException('Send JSON to this address.'));
  });
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'x-request-id': request.id, 'content-security-policy': API_CONTENT_SECURITY_POLICY });
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    try {
      rate.admitNetwork(request, performance.now());
      checkOrigin(request, trusted);
    } catch (error) {
      if (error instanceof TooManyRequestsError) void reply.header('retry-after', String(error.retryAfterSeconds));
      const { status, headers, body } = sentRefusal(toProblem(error, request.id), request);
      await reply.status(status).headers(headers).send(body);
    }
  });
  server.addHook('onResponse', async (request, reply) => {
    // The route's pattern, not the address: an address may hold a token.
    const route = request.routeOptions.url;
    const { method, id: requestId } = request;
    logger.info(
      { requestId, method, route, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) },
      'request',
    );
  });
}
