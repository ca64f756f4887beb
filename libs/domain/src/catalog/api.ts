import type { CircuitBreakerPolicy } from './circuit-breaker-policy.js';
import type { Guide } from './guide.js';
import type { HealthCheckPolicy } from './health-check-policy.js';
import type { RetryPolicy } from './retry-policy.js';
import type { TrafficPolicy } from './traffic-policy.js';
import type { UpstreamDiscovery } from './upstream-discovery.js';
import type { Balancing, HashKey, UpstreamTarget } from './upstream-target.js';
import type { UpstreamTls } from './upstream-tls.js';
import type { UpstreamToken } from './upstream-token.js';
import type { VersionHeader } from './version-header.js';
import type { VersionPolicies } from './version-policies.js';

export interface Api {
  readonly id: string;
  readonly publisherTeamId: string;
  readonly slug: string;
  readonly title: string;
  readonly createdAt: Date;
}

export type ApiVersionState = 'draft' | 'published' | 'deprecated' | 'retired';

/** One operation as the gateway matches it: `template` is relative to the version's base path. */
export interface Route {
  readonly method: string;
  readonly template: string;
  /** The operation id, else "METHOD /template". */
  readonly operation: string;
  readonly tags: readonly string[];
}

export const DEFAULT_IDLE_TIMEOUT_MS = 300_000;

/** `h2` is by TLS where the upstream is https, else with prior knowledge. */
export type UpstreamProtocol = 'http1' | 'h2';

/** Where a version's requests go. `url` has a scheme, a host and maybe a path prefix. */
export interface Upstream {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** How long it may be silent in the middle of its answer; default: `DEFAULT_IDLE_TIMEOUT_MS`. */
  readonly idleTimeoutMs?: number | undefined;
  readonly retries?: RetryPolicy | undefined;
  readonly circuitBreaker?: CircuitBreakerPolicy | undefined;
  /** Header that carries the version's upstream secret, when it has one. */
  readonly credentialHeader?: string | undefined;
  /** Tells it who calls; absent for no token. */
  readonly token?: UpstreamToken | undefined;
  readonly tls?: UpstreamTls | undefined;
  /** Where it is in several places: all of them, that of `url` first. They differ in nothing but the host. */
  readonly targets?: readonly UpstreamTarget[] | undefined;
  /** Which subset of the targets a call goes to; absent where they are all one. */
  readonly traffic?: TrafficPolicy | undefined;
  /** Default `round-robin`. */
  readonly balancing?: Balancing | undefined;
  /** With `consistent-hash`: the first of these that a call has; default: its application. */
  readonly hashBy?: readonly HashKey[] | undefined;
  /** Where its targets are found out, in the place of `targets`; absent where `url` or `targets` say it. */
  readonly discovery?: UpstreamDiscovery | undefined;
  /** Absent where only calls tell how its targets do. */
  readonly healthCheck?: HealthCheckPolicy | undefined;
  /** Default `http1`. */
  readonly protocol?: UpstreamProtocol | undefined;
}

/** One OpenAPI document + routes + upstream. */
export interface ApiVersion {
  readonly id: string;
  readonly apiId: string;
  readonly name: string;
  readonly state: ApiVersionState;
  /** Order among the versions of the API; the highest published one is the latest. */
  readonly position: number;
  /** Requests are matched by host, when given, and by path prefix. */
  readonly host: string | null;
  readonly basePath: string;
  /** By which it is told apart from other versions of the API at the same place; null for one that is alone there. */
  readonly versionHeader: VersionHeader | null;
  readonly document: Readonly<Record<string, unknown>>;
  readonly documentHash: string;
  /** What gateways need of the document to check requests or to answer in its place; null when they do neither. */
  readonly contract: Readonly<Record<string, unknown>> | null;
  readonly routes: readonly Route[];
  /** Null for a version that is only mocked. */
  readonly upstream: Upstream | null;
  readonly policies: VersionPolicies;
  /** The sealed value of `upstream.credentialHeader`. */
  readonly upstreamSecretId: string | null;
  /** The sealed key of `upstream.tls.clientCertificate`. */
  readonly clientKeySecretId: string | null;
  /** When readers first saw it; null for a version that was never more than a draft. */
  readonly publishedAt: Date | null;
  /** Since when it should not be used any more; null for one that was never deprecated, or is published again. */
  readonly deprecatedAt: Date | null;
  /** The UTC day from which on it is switched off, as "2027-03-31"; null for none. */
  readonly sunsetOn: string | null;
  readonly guides: readonly Guide[];
  readonly createdAt: Date;
}

/** What an upstream secret is sealed for. */
export const UPSTREAM_SECRET_PURPOSE = 'upstream-credential';
