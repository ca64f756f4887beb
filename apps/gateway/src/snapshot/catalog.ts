import {
  type AddressRules,
  CLIENT_KEY_PURPOSE,
  type CircuitBreakerPolicy,
  type Clock,
  DEFAULT_IDLE_TIMEOUT_MS,
  type EncryptionKey,
  type HealthCheckPolicy,
  type IdempotencyPolicy,
  type PlanDefinition,
  type Route,
  type TransportPolicy,
  UPSTREAM_SECRET_PURPOSE,
  type Upstream,
  type UpstreamProtocol,
  type VersionHeader,
  type VersionPolicies,
  defaultSizePolicy,
  definitionOfPhase,
  featureField,
  openSecret,
} from '#domain';
import type { MockAnswers } from '#openapi';
import type { ApiProductRecord, ApiVersionRecord, CatalogRecord, PlanVersionRecord } from '#persistence';
import type { Billability } from '../metering/billability.js';
import type { KeySetPlace } from '../identity/key-sets.js';
import { type BillableWhen, billableWhenOf } from '../metering/billable-when.js';
import { type Metering, meterOperation } from '../metering/metering.js';
import type { TargetWatches } from '../discovery/target-watches.js';
import type { Translation } from '../translation/translation.js';
import type { TranslationBook } from './translation-book.js';
import type { ValidatorBook } from './validator-book.js';
import { checksOf, mockOf, translationsOf } from './version-parts.js';
import { compileAddresses } from '../policies/admit-address.js';
import { type CacheRules, compileCache } from '../cache/cache-rules.js';
import { type OriginRules, compileOrigins } from '../policies/admit-origin.js';
import { requiredScopesOf } from '../policies/authenticate-jwt.js';
import { type Identification, compileIdentification } from '../policies/identify.js';
import { type CorsRules, compileCors } from '../policies/cors.js';
import type { RequestChecks } from '../policies/validate-request.js';
import { PathParameters } from '../routing/path-parameters.js';
import { type KeyPlacesEntry, compileKeyPlaces } from '../policies/key-places.js';
import { deprecationFields } from '../responses/deprecation-headers.js';
import { type RetryRules, compileRetries } from '../proxy/retry-rules.js';
import type { KnownNames, TrafficRules } from '../proxy/subsets/traffic-rules.js';
import type { CallHashRules } from '../proxy/hash/call-hash.js';
import type { TargetChooser } from '../proxy/targets/balancer.js';
import { type TlsEntry, tlsEntryOf } from '../proxy/upstream-tls.js';
import { replayRulesOf } from '../replay/replay-rules.js';
import { RouteTable } from '../routing/route-table.js';
import { type Transformation, transformationOf } from '../transformation/transformation.js';
import { BillabilityTables } from './billability-tables.js';
import { offersOf, plansWith } from './offers.js';
import { OperationLists } from './operation-lists.js';
import { SigningKeys } from './signing-keys.js';
import { UpstreamTokens } from '../upstream-token/upstream-tokens.js';
import { sealedSecret } from './sealed-secret.js';
import { namesIn, placedUpstream } from './upstream-targets.js';

/** A place to connect to. */
export interface ConnectTo {
  /** An address, or a name that is looked up for each connection. */
  readonly hostname: string;
  readonly port: string;
}

export interface UpstreamEntry {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Before the path that is relative to the version; empty or begins with a slash and ends with none. */
  readonly pathPrefix: string;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** How long it may be silent in the middle of its answer. */
  readonly idleTimeoutMs: number;
  /** Null when off. */
  readonly retries: RetryRules | null;
  readonly circuitBreaker: CircuitBreakerPolicy | null;
  /** Sent with every request: the publisher's own credential for its upstream. */
  readonly credentialHeader: string | null;
  readonly credential: string | null;
  /** Tell it who calls; null when off. */
  readonly tokens: UpstreamTokens | null;
  /** Null for what everybody trusts. */
  readonly tls: TlsEntry | null;
  readonly protocol: UpstreamProtocol;
  /** Where to connect to, in the place of host and port of the origin; null for these. */
  readonly connectTo: ConnectTo | null;
  /** Null where only calls tell how it does. */
  readonly healthCheck: HealthCheckPolicy | null;
  /** Of the places where it is, when there are several or they are found out; this entry is none of them then. */
  readonly balancer: TargetChooser<UpstreamEntry> | null;
  /** What its calls are hashed by; null where the balancer does not go by it. */
  readonly hashBy: CallHashRules | null;
  /** Which of its subsets a call goes to; this entry is none of them then. Null where it has none. */
  readonly traffic: TrafficRules<UpstreamEntry> | null;
  /** The subset that this is; null for none. */
  readonly subset: string | null;
}

export interface ProductEntry {
  readonly id: string;
  readonly slug: string;
  /** Calls that an application may make with test keys in a UTC day. */
  readonly testQuota: number;
}

export interface ApiVersionEntry {
  readonly id: string;
  readonly name: string;
  readonly basePath: string;
  /** By which it is told apart from others at its place; null for one that is alone there. */
  readonly versionHeader: VersionHeader | null;
  /** Null when there is none, or while its stored credential or translation cannot be read: then nothing is sent to it. */
  readonly upstream: UpstreamEntry | null;
  /** For calls with test keys. */
  readonly testUpstream: UpstreamEntry | null;
  /** Null when nothing is mocked. */
  readonly mock: MockAnswers | null;
  readonly isMockedForAll: boolean;
  /** Null when requests are not checked. */
  readonly checks: RequestChecks | null;
  readonly policies: VersionPolicies;
  /** Null where plain HTTP is as good as HTTPS. */
  readonly transport: TransportPolicy | null;
  /** Null where keys are all that counts. */
  readonly identification: Identification | null;
  /** Null when off. */
  readonly cors: CorsRules | null;
  readonly origins: OriginRules | null;
  /** Largest request body. */
  readonly maxBodyBytes: number;
  /** The limits are told in `X-RateLimit-*` as well. */
  readonly hasClassicLimitHeaders: boolean;
  /** The fields that say that it is deprecated, as name, value, name, value; null when it is not. */
  readonly deprecationFields: readonly string[] | null;
  /** Null when calls may come from any address. */
  readonly addresses: AddressRules | null;
  readonly keyPlaces: KeyPlacesEntry;
  /** Products that contain the API, in the order of the catalogue. */
  readonly products: readonly ProductEntry[];
}

/** One operation of a version. */
export interface OperationEntry {
  readonly version: ApiVersionEntry;
  readonly operation: string;
  readonly route: Route;
  readonly pathParameters: PathParameters;
  readonly transformation: Transformation | null;
  /** Null where the upstream speaks HTTP as the document has it. */
  readonly translation: Translation | null;
  /** Null when calls are not told apart by an Idempotency-Key. */
  readonly idempotency: IdempotencyPolicy | null;
  /** Null when nothing of it is kept. */
  readonly cache: CacheRules | null;
  /** That a token must have; null for none. */
  readonly requiredScopes: readonly string[] | null;
  /** Null when no rule tells soft errors. */
  readonly billableWhen: BillableWhen | null;
  /** By the product that pays. */
  readonly meterings: ReadonlyMap<string, Metering>;
  /** The lists of plans that lack it; null when every plan has it. */
  readonly lackedBy: ReadonlySet<string> | null;
  /** Where some lack it: the plans that have it and that anybody can subscribe to, as "product/plan". */
  readonly offeredIn: readonly string[];
}

export interface PlanVersionEntry {
  readonly id: string;
  readonly planSlug: string;
  readonly definition: PlanDefinition;
  readonly billability: Billability;
  /** Null when the plan has every operation. Versions that say the same have the same, in every catalogue. */
  readonly operations: string | null;
  /** What the upstream is told of the plan's features; null for none. */
  readonly featureField: string | null;
  /** The same as it holds during its trial; null when it has none. */
  readonly trial: PlanVersionEntry | null;
}

/** What calls of a version go to: an upstream, a subset of it, or the test upstream. */
export interface UpstreamInUse {
  readonly version: ApiVersionEntry;
  readonly upstream: UpstreamEntry;
}

/** All that is for sale, in the form in which requests look it up. Never changes: a change makes a new one. */
export interface Catalog {
  readonly routes: RouteTable<OperationEntry>;
  readonly planVersions: ReadonlyMap<string, PlanVersionEntry>;
  /** All that calls go to; those of a version are the subsets where it has some. */
  readonly upstreams: readonly UpstreamInUse[];
  /** Where the keys of the issuers are whose tokens some version takes. */
  readonly keySetPlaces: readonly KeySetPlace[];
}

export interface CatalogOptions {
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly clock: Clock;
  /** The public address of the portal: who signs tokens to upstreams, as it publishes the keys, and where documentation is. */
  readonly portalUrl: string;
  /** Whether publishers may turn off the check of an upstream's certificate. */
  readonly allowsUnverifiedUpstreams: boolean;
  /** What requests are checked by, from catalogue to catalogue. */
  readonly validators: ValidatorBook;
  /** The targets of upstreams that are found out, from catalogue to catalogue. */
  readonly targetWatches: TargetWatches;
  /** How operations are asked in other protocols, from catalogue to catalogue. */
  readonly translations: TranslationBook;
  /** Told about a version whose upstream credential does not open. */
  readonly onFault: (version: ApiVersionRecord, error: Error) => void;
}

export function emptyCatalog(): Catalog {
  return { routes: new RouteTable(), planVersions: new Map(), upstreams: [], keySetPlaces: [] };
}

export function buildCatalog(record: CatalogRecord, options: CatalogOptions): Catalog {
  const routes = new RouteTable<OperationEntry>();
  const upstreams: UpstreamInUse[] = [];
  const keySetPlaces: KeySetPlace[] = [];
  const lists = new OperationLists();
  const tables = new BillabilityTables();
  const planVersions = record.planVersions.map((version) => planVersionOf(version, lists, tables));
  const offers = offersOf(record.planVersions, lists);
  const signingKeys = new SigningKeys(record.signingKeys ?? [], options.encryptionKeys);
  const names = namesIn(record);
  for (const version of record.versions) {
    const products = record.products.filter(({ apiIds }) => apiIds.includes(version.apiId));
    const translations = translationsOf(version, options);
    const entry: ApiVersionEntry = {
      id: version.id,
      name: version.name,
      basePath: version.basePath,
      versionHeader: version.versionHeader ?? null,
      upstream: translations === null ? null : upstreamOf(version, signingKeys, names, options),
      testUpstream: translations === null ? null : testUpstreamOf(version.policies.testUpstream, options),
      mock: mockOf(version),
      isMockedForAll: version.upstream === null || version.policies.mock?.for === 'all',
      checks: checksOf(version, options.validators),
      policies: version.policies,
      addresses: compileAddresses(version.policies.addresses),
      cors: version.policies.cors ? compileCors(version.policies.cors, version.versionHeader?.name) : null,
      origins: version.policies.origins ? compileOrigins(version.policies.origins) : null,
      hasClassicLimitHeaders: version.policies.limits?.classicHeaders ?? false,
      deprecationFields: version.deprecation
        ? deprecationFields(version.name, version.deprecation, options.portalUrl)
        : null,
      transport: version.policies.transport ?? null,
      identification: compileIdentification(version.policies.authentication ?? {}, version.host),
      maxBodyBytes: (version.policies.sizes ?? defaultSizePolicy).maxBodyBytes,
      keyPlaces: compileKeyPlaces(version.policies.authentication?.keys),
      products: products.map(({ id, slug, testQuota }) => ({ id, slug, testQuota })),
    };
    for (const upstream of [entry.upstream, entry.testUpstream])
      if (upstream !== null)
        for (const one of upstream.traffic?.all ?? [upstream]) upstreams.push({ version: entry, upstream: one });
    const jwt = version.policies.authentication?.jwt;
    if (jwt) keySetPlaces.push(jwt);
    for (const route of version.routes) {
      const lackedBy = lists.without(route);
      const operation: OperationEntry = {
        version: entry,
        operation: route.operation,
        route,
        pathParameters: new PathParameters(route.template),
        transformation: transformationOf(version.policies.transformations ?? [], route),
        translation: translations?.get(route.operation) ?? null,
        idempotency: replayRulesOf(version.policies.idempotency, route),
        cache: compileCache(version.policies.cache, route),
        requiredScopes: jwt ? requiredScopesOf(jwt, route) : null,
        billableWhen: billableWhenOf(version.policies.billableWhen ?? [], route),
        meterings: meteringsOf(products, route),
        lackedBy,
        offeredIn: lackedBy === null ? [] : plansWith(lackedBy, products, offers),
      };
      routes.add(version, route.method, route.template, operation);
    }
  }
  options.validators.keepOnly(record.versions.map(({ id }) => id));
  options.translations.keepOnly(record.versions.map(({ id }) => id));
  return {
    routes,
    planVersions: new Map(planVersions.map((planVersion) => [planVersion.id, planVersion])),
    upstreams,
    keySetPlaces,
  };
}

function planVersionOf(record: PlanVersionRecord, lists: OperationLists, tables: BillabilityTables): PlanVersionEntry {
  const { id, planSlug, definition } = record;
  const entry = {
    id,
    planSlug,
    definition,
    billability: tables.of(definition),
    operations: lists.of(definition),
    featureField: featureField(definition.entitlements),
    trial: null,
  };
  return definition.trial ? { ...entry, trial: { ...entry, definition: definitionOfPhase(definition, true) } } : entry;
}

function meteringsOf(products: readonly ApiProductRecord[], route: Route): ReadonlyMap<string, Metering> {
  return new Map(products.map(({ id, meters }) => [id, meterOperation(meters, route)]));
}

function upstreamOf(
  version: ApiVersionRecord,
  keys: SigningKeys,
  names: KnownNames,
  options: CatalogOptions,
): UpstreamEntry | null {
  const { upstream, upstreamSecret: secret } = version;
  if (upstream === null) return null;
  try {
    const credential = secret && openSecret(sealedSecret(secret), UPSTREAM_SECRET_PURPOSE, options.encryptionKeys);
    const entry = {
      ...placeOf(upstream, credential),
      tokens: tokensOf(upstream, keys, options),
      tls: tlsOf(version, options),
    };
    return placedUpstream(entry, version, names, options.targetWatches);
  } catch (error) {
    options.onFault(version, error as Error);
    return null;
  }
}

function tokensOf(
  { token, url }: Upstream,
  keys: SigningKeys,
  { portalUrl, clock }: CatalogOptions,
): UpstreamTokens | null {
  if (!token) return null;
  keys.open();
  return new UpstreamTokens(token, token.audience ?? url, portalUrl, keys, clock);
}

function testUpstreamOf(
  upstream: Upstream | undefined,
  { allowsUnverifiedUpstreams }: CatalogOptions,
): UpstreamEntry | null {
  if (!upstream) return null;
  const tls = upstream.tls ? tlsEntryOf(upstream.tls, null, allowsUnverifiedUpstreams) : null;
  return { ...placeOf(upstream, null), tls };
}

function tlsOf(
  { upstream, clientKeySecret }: ApiVersionRecord,
  { encryptionKeys, allowsUnverifiedUpstreams }: CatalogOptions,
): TlsEntry | null {
  if (!upstream?.tls) return null;
  const key = clientKeySecret ? openSecret(sealedSecret(clientKeySecret), CLIENT_KEY_PURPOSE, encryptionKeys) : null;
  return tlsEntryOf(upstream.tls, key, allowsUnverifiedUpstreams);
}

function placeOf(upstream: Upstream, credential: string | null): UpstreamEntry {
  const { url, connectTimeoutMs, responseTimeoutMs, credentialHeader, idleTimeoutMs } = upstream;
  const { retries, circuitBreaker, healthCheck } = upstream;
  const { origin, pathname } = new URL(url);
  return {
    origin,
    pathPrefix: pathname.replace(/\/+$/, ''),
    connectTimeoutMs,
    responseTimeoutMs,
    idleTimeoutMs: idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
    retries: retries ? compileRetries(retries) : null,
    circuitBreaker: circuitBreaker ?? null,
    credentialHeader: credential === null ? null : (credentialHeader ?? null),
    credential,
    tokens: null,
    tls: null,
    protocol: upstream.protocol ?? 'http1',
    connectTo: null,
    healthCheck: healthCheck ?? null,
    balancer: null,
    hashBy: null,
    traffic: null,
    subset: null,
  };
}
