import { createHash } from 'node:crypto';
import {
  type Api,
  type ApiProduct,
  type ApiVersion,
  type Application,
  type Credential,
  type KeyRestrictions,
  type Meter,
  type Mode,
  type Organization,
  type Pepper,
  type Plan,
  type PlanDefinition,
  type PlanVersion,
  type PublisherTeam,
  type Subscription,
  type SubscriptionPhase,
  generateApiKey,
  hashApiKeySecret,
  monthlyPeriodAt,
} from '#domain';
import { type ChangedNoun, type Transaction, appendChange } from '#persistence';
import type { ObjectLiteral } from 'typeorm';
import type { SubscriptionRow } from './billing-rows.js';
import type { TestDatabase } from './database.js';
import { PATIENT_MS } from './eventually.js';

/** The pepper ring of tests: the current one and an older one. */
export const testPeppers: readonly [Pepper, Pepper] = [
  { id: '2', secret: Buffer.alloc(32, 2) },
  { id: '1', secret: Buffer.alloc(32, 1) },
];

/** Table and row, with the names of the entity's fields. */
type Rows = readonly (readonly [string, ObjectLiteral])[];

/** Inserts rows and tells the gateways, in one transaction, as a service does. */
async function insert(database: TestDatabase, rows: Rows, noun: ChangedNoun | null, nounId = ''): Promise<void> {
  await database.unitOfWork.inSystem(async (transaction: Transaction) => {
    for (const [table, row] of rows) await transaction.repository(table).insert(row);
    if (noun) await appendChange(transaction, noun, nounId, database.clock.now());
  });
}

const nextId = (database: TestDatabase) => database.context.ids.next();
const slugFrom = (prefix: string, id: string) => `${prefix}-${id.slice(-8)}`;

export async function anOrganization(
  database: TestDatabase,
  overrides: Partial<Organization> = {},
): Promise<Organization> {
  const id = nextId(database);
  const organization: Organization = {
    id,
    slug: slugFrom('ada', id),
    name: 'Ada Ltd',
    billingEmail: 'billing@ada.test',
    providerCustomerId: null,
    createdAt: database.clock.now(),
    suspendedAt: null,
    ...overrides,
  };
  await insert(database, [['organization', organization]], null);
  return organization;
}

/** An application of `organizationId`, or of an organization of its own. */
export async function anApplication(
  database: TestDatabase,
  overrides: Partial<Application> = {},
): Promise<Application> {
  const id = nextId(database);
  const application: Application = {
    id,
    organizationId: overrides.organizationId ?? (await anOrganization(database)).id,
    name: `Application ${id.slice(-8)}`,
    createdAt: database.clock.now(),
    suspendedAt: null,
    ...overrides,
  };
  await insert(database, [['application', application]], 'application', application.id);
  return application;
}

export interface CredentialOptions {
  readonly application: Application;
  readonly mode?: Mode;
  readonly pepper?: Pepper;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
  readonly restrictions?: Partial<KeyRestrictions>;
}

/** A credential and the key as its owner saw it once. */
export async function aCredential(
  database: TestDatabase,
  { application, mode = 'live', pepper = testPeppers[0], expiresAt, revokedAt, restrictions }: CredentialOptions,
): Promise<{ readonly credential: Credential; readonly key: string }> {
  const { key, parsed } = generateApiKey(mode, database.context.fillRandom);
  const credential: Credential = {
    id: nextId(database),
    organizationId: application.organizationId,
    applicationId: application.id,
    keyId: parsed.keyId,
    mode,
    name: 'Default',
    secretHash: hashApiKeySecret(parsed.secret, pepper),
    hashAlgorithm: 'peppered_sha256',
    hashSalt: null,
    pepperId: pepper.id,
    importedPrefix: null,
    restrictions: restrictions ? { allowedAddresses: [], products: [], operations: [], ...restrictions } : null,
    rotatedFromId: null,
    isTryIt: false,
    createdAt: database.clock.now(),
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
    lastUsedAt: null,
  };
  await insert(database, [['credential', credential]], 'credential', credential.id);
  return { credential, key };
}

export interface CatalogOptions {
  readonly upstreamUrl: string;
  readonly version?: Partial<ApiVersion>;
  readonly product?: Partial<ApiProduct>;
  readonly meters?: readonly Partial<Meter>[];
  readonly definition?: Partial<PlanDefinition>;
}

export interface Catalog {
  readonly team: PublisherTeam;
  readonly api: Api;
  readonly version: ApiVersion;
  readonly product: ApiProduct;
  readonly meters: readonly Meter[];
  readonly plan: Plan;
  readonly planVersion: PlanVersion;
}

/**
 * An API with one published version in front of `upstreamUrl`, at a base path of its own, in a product of its own with a
 * meter "requests" for all operations and a published plan without limits. Routes: `/things`, `/things/{id}`.
 */
export async function aCatalog(database: TestDatabase, options: CatalogOptions): Promise<Catalog> {
  const createdAt = database.clock.now();
  const id = () => nextId(database);
  const [teamId, apiId, productId] = [id(), id(), id()];
  const team: PublisherTeam = {
    id: teamId,
    slug: slugFrom('sky', teamId),
    name: 'Sky',
    sellerSlug: 'default',
    createdAt,
  };
  const api: Api = {
    id: apiId,
    publisherTeamId: teamId,
    slug: slugFrom('weather', apiId),
    title: 'Weather',
    createdAt,
  };
  const version: ApiVersion = {
    id: id(),
    apiId,
    name: 'v1',
    state: 'published',
    position: 0,
    host: null,
    basePath: `/${api.slug}/v1`,
    versionHeader: null,
    document: {},
    documentHash: 'none',
    contract: null,
    routes: someRoutes(),
    upstream: { url: options.upstreamUrl, connectTimeoutMs: PATIENT_MS, responseTimeoutMs: PATIENT_MS },
    policies: {},
    upstreamSecretId: null,
    clientKeySecretId: null,
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    deprecatedAt: null,
    sunsetOn: null,
    guides: [],
    createdAt,
    ...options.version,
  };
  const product: ApiProduct = {
    id: productId,
    publisherTeamId: teamId,
    slug: slugFrom('weather', productId),
    title: 'Weather',
    summary: '',
    description: '',
    tags: [],
    position: 0,
    creditPacks: [],
    testQuota: 100,
    taxCategory: 'standard',
    taxCode: null,
    createdAt,
    ...options.product,
  };
  const meters = (options.meters ?? [{}]).map((meter): Meter => ({
    id: id(),
    apiProductId: productId,
    slug: 'requests',
    title: 'Requests',
    unit: 'request',
    aggregation: 'sum',
    distinctValue: null,
    bindings: [{ selector: '*', weight: '1' }],
    ...meter,
  }));
  const plan: Plan = {
    id: id(),
    apiProductId: productId,
    slug: 'pro',
    title: 'Pro',
    summary: '',
    position: 0,
    visibility: 'public',
    createdAt,
  };
  await insert(
    database,
    [
      ['publisher_team', team],
      ['api', api],
      ['api_version', version],
      ['api_product', product],
      ['api_product_api', { apiProductId: productId, apiId }],
      ...meters.map((meter) => ['meter', meter] as const),
      ['plan', plan],
    ],
    null,
  );
  const planVersion = await aPlanVersion(database, plan, options.definition);
  return { team, api, version, product, meters, plan, planVersion };
}

function someRoutes(): ApiVersion['routes'] {
  return [
    { method: 'GET', template: '/things', operation: 'listThings', tags: ['read'] },
    { method: 'POST', template: '/things', operation: 'createThing', tags: ['write'] },
    { method: 'GET', template: '/things/{id}', operation: 'getThing', tags: ['read'] },
    { method: 'DELETE', template: '/things/{id}', operation: 'DELETE /things/{id}', tags: [] },
  ];
}

/** The first published version of a plan. */
export async function aPlanVersion(
  database: TestDatabase,
  plan: Plan,
  overrides: Partial<PlanDefinition> = {},
): Promise<PlanVersion> {
  const definition: PlanDefinition = {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '0',
    prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } }],
    rateLimits: [],
    quotas: [],
    ...overrides,
  };
  const planVersion: PlanVersion = {
    id: nextId(database),
    planId: plan.id,
    number: 1,
    state: 'published',
    definition,
    definitionHash: createHash('sha256').update(JSON.stringify(definition)).digest('hex'),
    publishedAt: database.clock.now(),
  };
  await insert(database, [['plan_version', planVersion]], 'catalog', 'all');
  return planVersion;
}

export interface SubscriptionInput {
  readonly application: Application;
  readonly catalog: Catalog;
  readonly anchorAt?: Date;
}

/** An active subscription with one phase and its first billing period, anchored at `anchorAt` or now. */
export async function aSubscriptionTo(
  database: TestDatabase,
  { application, catalog, anchorAt = database.clock.now() }: SubscriptionInput,
): Promise<{ readonly subscription: Subscription; readonly phase: SubscriptionPhase }> {
  const { id: applicationId, organizationId } = application;
  const subscription: Subscription = {
    id: nextId(database),
    organizationId,
    applicationId,
    apiProductId: catalog.product.id,
    state: 'active',
    paymentState: 'current',
    suspendedFor: [],
    moneyCapMinor: null,
    anchorAt,
    createdAt: anchorAt,
    cancelAt: null,
    canceledAt: null,
  };
  const phase: SubscriptionPhase = {
    id: nextId(database),
    organizationId,
    subscriptionId: subscription.id,
    planVersionId: catalog.planVersion.id,
    startsAt: anchorAt,
    endsAt: null,
    isTrial: false,
  };
  const period = monthlyPeriodAt(anchorAt.getTime(), anchorAt.getTime());
  const billingPeriod = {
    subscriptionId: subscription.id,
    startsAt: new Date(period.startMs),
    endsAt: new Date(period.endMs),
    mode: 'live',
    organizationId,
    state: 'open',
    closedAt: null,
    heldReason: null,
  };
  await insert(
    database,
    [
      ['subscription', subscription],
      ['subscription_phase', phase],
      ['billing_period', billingPeriod],
    ],
    'subscription',
    subscription.id,
  );
  return { subscription, phase };
}

/** Somebody who may call an API: application, key and subscription to the catalog's plan. */
export async function aConsumer(database: TestDatabase, catalog: Catalog) {
  const application = await anApplication(database);
  const { subscription, phase } = await aSubscriptionTo(database, { application, catalog });
  return { application, subscription, phase, ...(await aCredential(database, { application })) };
}

/** A consumer as the events of its calls name it. */
export function subscriptionRowOf(
  { application, subscription, phase, credential }: Awaited<ReturnType<typeof aConsumer>>,
  catalog: Catalog,
): SubscriptionRow {
  return {
    id: subscription.id,
    organizationId: subscription.organizationId,
    applicationId: application.id,
    credentialId: credential.id,
    apiProductId: subscription.apiProductId,
    product: catalog.product.slug,
    apiVersionId: catalog.version.id,
    planVersionId: phase.planVersionId,
    phaseId: phase.id,
    anchorAt: subscription.anchorAt,
  };
}
