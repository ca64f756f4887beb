import type { CorsPolicy } from '#domain';
import type { Exchange } from '../exchange.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import { OriginMatcher } from './origin-matcher.js';

/** The fields of the gateway itself that pages may read. */
const OWN_FIELDS = [
  'Tollgate-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Usage',
  'Retry-After',
  'Idempotency-Replayed',
  'Cache-Status',
  'Deprecation',
  'Sunset',
  'Link',
];

/** A CORS policy, made once when the snapshot loads. */
export interface CorsRules {
  readonly matcher: OriginMatcher;
  /** The answer is the same for every page. */
  readonly isPublic: boolean;
  /** Null: those that the path has. */
  readonly methods: string | null;
  /** Null: those that are asked for. */
  readonly requestFields: string | null;
  readonly exposedFields: string;
  readonly allowsCredentials: boolean;
  readonly maxAge: string;
}

/** `versionHeader` is what pages must be able to send to be let into the version. */
export function compileCors(policy: CorsPolicy, versionHeader?: string): CorsRules {
  const matcher = new OriginMatcher(policy.allowOrigins);
  const list = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : null);
  return {
    matcher,
    isPublic: matcher.isAny && !policy.allowCredentials,
    methods: list(policy.allowMethods),
    requestFields: list(
      policy.allowHeaders.length > 0 && versionHeader !== undefined
        ? [...policy.allowHeaders, versionHeader]
        : policy.allowHeaders,
    ),
    exposedFields: [...OWN_FIELDS, ...policy.exposeHeaders].join(', '),
    allowsCredentials: policy.allowCredentials,
    maxAge: String(policy.maxAgeSeconds),
  };
}

/** The rules of the version that a path belongs to, whatever the method; of several versions, the first that has some. */
export function corsOf(operations: ReadonlyMap<string, OperationEntry>): CorsRules | null {
  for (const { version } of operations.values()) if (version.cors !== null) return version.cors;
  return null;
}

/** True for the question of a browser whether a page may make a call (CORS preflight): not a call itself. */
export function isPreflight({ request, head }: Exchange): boolean {
  return (
    request.method === 'OPTIONS' &&
    head.valueOf('origin') !== null &&
    head.valueOf('access-control-request-method') !== null
  );
}

/**
 * Answers a preflight. A page of another origin gets an answer that allows nothing, which is how browsers are told no.
 * `allow` has the methods of the path; `closes`: no other request is answered on its connection.
 */
export function answerPreflight(
  { head, response, requestId }: Exchange,
  rules: CorsRules,
  allow: string,
  closes: boolean,
): void {
  const headers = ['tollgate-request-id', requestId, 'cache-control', 'no-store'];
  const origin = head.valueOf('origin')!;
  if (rules.isPublic) headers.push('vary', 'Access-Control-Request-Headers');
  else headers.push('vary', 'Origin, Access-Control-Request-Headers');
  if (rules.matcher.matches(origin)) {
    pushOrigin(headers, rules, origin);
    headers.push('access-control-allow-methods', rules.methods ?? allow);
    const fields = rules.requestFields ?? head.valueOf('access-control-request-headers');
    if (fields !== null) headers.push('access-control-allow-headers', fields);
    headers.push('access-control-max-age', rules.maxAge);
  }
  if (closes) headers.push('connection', 'close');
  response.writeHead(204, headers);
  response.end();
}

/** Adds what lets a page read an answer, a refusal too. */
export function pushCorsHeaders(headers: string[], { cors, head }: Exchange): void {
  if (cors === null) return;
  if (!cors.isPublic) headers.push('vary', 'Origin');
  const origin = head.valueOf('origin');
  if (origin === null || !cors.matcher.matches(origin)) return;
  pushOrigin(headers, cors, origin);
  headers.push('access-control-expose-headers', cors.exposedFields);
}

/** Fields that the upstream must not say once the gateway says them. */
export function isCorsField(lowerCaseName: string): boolean {
  return lowerCaseName.startsWith('access-control-');
}

function pushOrigin(headers: string[], { isPublic, allowsCredentials }: CorsRules, origin: string): void {
  headers.push('access-control-allow-origin', isPublic ? '*' : origin);
  if (allowsCredentials) headers.push('access-control-allow-credentials', 'true');
}
