import {
  type DistinctValue,
  type HashAlgorithm,
  type IdentityKind,
  type KeyRestrictions,
  type MeterBinding,
  type Mode,
  type PlanDefinition,
  type Route,
  type SigningAlgorithm,
  type SuspensionReason,
  type Upstream,
  type VersionHeader,
  type VersionPolicies,
  consumersNamedIn,
} from '#domain';
import { readInBatches } from '../database/read-in-batches.js';
import type { Transaction } from '../database/unit-of-work.js';
import { type NamedConsumers, readNamedConsumers } from './named-consumers.js';

/*
 * What a gateway holds in memory, in the form in which it is also kept on disk: plain JSON. Instants are milliseconds
 * since the Unix epoch, bytes are base64.
 */

export interface CredentialRecord {
  readonly id: string;
  readonly keyId: string;
  readonly applicationId: string;
  readonly mode: Mode;
  readonly secretHash: string;
  readonly hashAlgorithm: HashAlgorithm;
  readonly hashSalt: string | null;
  readonly pepperId: string | null;
  readonly expiresAtMs: number | null;
  readonly isRevoked: boolean;
  readonly restrictions: KeyRestrictions | null;
}

/** A name that an application has elsewhere. */
export interface IdentityRecord {
  readonly id: string;
  readonly applicationId: string;
  readonly kind: IdentityKind;
  readonly issuer: string;
  readonly value: string;
}

export interface ApplicationRecord {
  readonly id: string;
  readonly organizationId: string;
  /** It or its organization. */
  readonly isSuspended: boolean;
}

export interface PhaseRecord {
  readonly id: string;
  readonly planVersionId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  /** Absent from copies on disk of before there were any. */
  readonly isTrial?: boolean;
}

/** An active subscription, suspended or not. */
export interface SubscriptionRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly anchorMs: number;
  readonly createdAtMs: number;
  /** Absent from copies on disk of before there were reasons. */
  readonly suspendedFor?: readonly SuspensionReason[];
  /** Only in such copies. */
  readonly paymentState?: string;
  /** Its owner has set one; how much it is, only the lender of units needs to know. */
  readonly hasMoneyCap: boolean;
  /** In the order in which they begin. */
  readonly phases: readonly PhaseRecord[];
}

/** A version that is served: published or deprecated. */
export interface ApiVersionRecord {
  readonly id: string;
  readonly apiId: string;
  readonly name: string;
  readonly host: string | null;
  readonly basePath: string;
  /** Absent from copies on disk of before there was one. */
  readonly versionHeader?: VersionHeader | null;
  readonly routes: readonly Route[];
  /** Null for a version that is only mocked. */
  readonly upstream: Upstream | null;
  /** Null unless requests are checked or mocked. */
  readonly contract: Readonly<Record<string, unknown>> | null;
  readonly policies: VersionPolicies;
  /** Null unless it is deprecated; absent from copies on disk of before that was told. */
  readonly deprecation?: DeprecationRecord | null;
  readonly upstreamSecret: SealedSecretRecord | null;
  /** Absent from copies on disk of before there were any. */
  readonly clientKeySecret?: SealedSecretRecord | null;
}

/** Since when a version should not be used any more, and until when it answers. */
export interface DeprecationRecord {
  /** Slug of its API. */
  readonly api: string;
  readonly since: string;
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
}

export interface ApiProductRecord {
  readonly id: string;
  readonly slug: string;
  readonly position: number;
  readonly testQuota: number;
  readonly apiIds: readonly string[];
  readonly meters: readonly {
    readonly slug: string;
    readonly bindings: readonly MeterBinding[];
    /** Absent from copies on disk of before there were any. */
    readonly distinctValue?: DistinctValue | null;
  }[];
}

export interface PlanVersionRecord {
  readonly id: string;
  readonly planSlug: string;
  readonly definition: PlanDefinition;
  /** Absent from copies on disk of before plans had operations of their own, like what follows. */
  readonly apiProductId?: string;
  readonly planPosition?: number;
  /** Anybody can subscribe to it. */
  readonly isOffered?: boolean;
}

/** A secret as it is in the database. */
export interface SealedSecretRecord {
  readonly keyId: string;
  readonly nonce: string;
  readonly ciphertext: string;
}

/** A key that signs tokens to upstreams. */
export interface SigningKeyRecord {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly activeFromMs: number;
  readonly secret: SealedSecretRecord;
}

export interface CatalogRecord {
  /** Absent from copies on disk of before there were any. */
  readonly signingKeys?: readonly SigningKeyRecord[];
  readonly versions: readonly ApiVersionRecord[];
  /** Those whom the rules of upstreams name; absent where none does. */
  readonly namedConsumers?: NamedConsumers;
  readonly products: readonly ApiProductRecord[];
  readonly planVersions: readonly PlanVersionRecord[];
}

const MS = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

const CREDENTIALS = `
  SELECT id, key_id AS "keyId", application_id AS "applicationId", mode, pepper_id AS "pepperId",
         encode(secret_hash, 'base64') AS "secretHash", hash_algorithm AS "hashAlgorithm", hash_salt AS "hashSalt",
         ${MS('expires_at')} AS "expiresAtMs", revoked_at IS NOT NULL AS "isRevoked", restrictions
  FROM credential`;

const APPLICATIONS = `
  SELECT application.id, organization_id AS "organizationId",
         num_nonnulls(application.suspended_at, application.deleted_at, organization.suspended_at) > 0 AS "isSuspended"
  FROM application JOIN organization ON organization.id = organization_id`;

const ACTIVE_SUBSCRIPTIONS = `
  SELECT id, organization_id AS "organizationId", application_id AS "applicationId", api_product_id AS "apiProductId",
         suspended_for AS "suspendedFor", money_cap_minor IS NOT NULL AS "hasMoneyCap",
         ${MS('anchor_at')} AS "anchorMs", ${MS('created_at')} AS "createdAtMs",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', phase.id, 'planVersionId', plan_version_id,
                   'startsAtMs', ${MS('starts_at')}, 'endsAtMs', ${MS('ends_at')}, 'isTrial', is_trial) ORDER BY starts_at), '[]')
          FROM subscription_phase AS phase
          WHERE subscription_id = subscription.id AND ends_at IS DISTINCT FROM starts_at) AS phases
  FROM subscription WHERE state = 'active'`;

export function readCredentialRecords(transaction: Transaction, ids: readonly string[]): Promise<CredentialRecord[]> {
  return transaction.query(`${CREDENTIALS} WHERE id = ANY($1::uuid[])`, [ids]);
}

/** Every credential, in batches. */
export function readAllCredentialRecords(transaction: Transaction): AsyncGenerator<CredentialRecord[]> {
  return readInBatches(transaction, 'all_credentials', CREDENTIALS);
}

const IDENTITIES = `SELECT id, application_id AS "applicationId", kind, issuer, value FROM application_identity`;

export function readIdentityRecords(transaction: Transaction, ids: readonly string[]): Promise<IdentityRecord[]> {
  return transaction.query(`${IDENTITIES} WHERE id = ANY($1::uuid[])`, [ids]);
}

/** Every identity, in batches. */
export function readAllIdentityRecords(transaction: Transaction): AsyncGenerator<IdentityRecord[]> {
  return readInBatches(transaction, 'all_identities', IDENTITIES);
}

export function readApplicationRecords(transaction: Transaction, ids: readonly string[]): Promise<ApplicationRecord[]> {
  return transaction.query(`${APPLICATIONS} WHERE application.id = ANY($1::uuid[])`, [ids]);
}

/** Every application, in batches. */
export function readAllApplicationRecords(transaction: Transaction): AsyncGenerator<ApplicationRecord[]> {
  return readInBatches(transaction, 'all_applications', APPLICATIONS);
}

/** Those of the subscriptions that are active. */
export function readSubscriptionRecords(
  transaction: Transaction,
  ids: readonly string[],
): Promise<SubscriptionRecord[]> {
  return transaction.query(`${ACTIVE_SUBSCRIPTIONS} AND id = ANY($1::uuid[])`, [ids]);
}

/** Every active subscription, in batches. */
export function readAllSubscriptionRecords(transaction: Transaction): AsyncGenerator<SubscriptionRecord[]> {
  return readInBatches(transaction, 'all_subscriptions', ACTIVE_SUBSCRIPTIONS);
}

const sealed = (secret: string) => `CASE WHEN ${secret}.id IS NULL THEN NULL ELSE jsonb_build_object(
  'keyId', ${secret}.key_id, 'nonce', encode(${secret}.nonce, 'base64'),
  'ciphertext', replace(encode(${secret}.ciphertext, 'base64'), E'\\n', '')) END`;

/** All that is for sale: served API versions without their documents, products, and every plan version. */
export async function readCatalogRecord(transaction: Transaction): Promise<CatalogRecord> {
  const versions = await transaction.query<ApiVersionRecord>(
    `SELECT version.id, api_id AS "apiId", name, host, base_path AS "basePath",
            version_header AS "versionHeader", routes, upstream, contract, policies,
            CASE WHEN state = 'deprecated' THEN json_build_object('api', api.slug, 'since', deprecated_at,
              'sunsetOn', sunset_on) END AS deprecation,
            ${sealed('secret')} AS "upstreamSecret", ${sealed('client_key')} AS "clientKeySecret"
     FROM api_version AS version JOIN api ON api.id = api_id LEFT JOIN secret ON secret.id = upstream_secret_id
       LEFT JOIN secret AS client_key ON client_key.id = client_key_secret_id
     WHERE state IN ('published', 'deprecated') ORDER BY version.position, version.id`,
  );
  const products = await transaction.query<ApiProductRecord>(
    `SELECT id, slug, position, test_quota AS "testQuota",
            ARRAY(SELECT api_id::text FROM api_product_api WHERE api_product_id = product.id ORDER BY 1) AS "apiIds",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('slug', slug, 'bindings', bindings,
                      'distinctValue', distinct_value) ORDER BY slug), '[]')
             FROM meter WHERE api_product_id = product.id) AS meters
     FROM api_product AS product ORDER BY position, id`,
  );
  const planVersions = await transaction.query<PlanVersionRecord>(
    `SELECT version.id, slug AS "planSlug", definition, api_product_id AS "apiProductId", position AS "planPosition",
            version.state = 'published' AND visibility = 'public' AS "isOffered"
     FROM plan_version AS version JOIN plan ON plan.id = plan_id WHERE version.state <> 'draft' ORDER BY version.id`,
  );
  const signingKeys = await transaction.query<SigningKeyRecord>(
    `SELECT key.id, algorithm, ${MS('active_from')} AS "activeFromMs", ${sealed('secret')} AS secret
     FROM signing_key AS key JOIN secret ON secret.id = secret_id ORDER BY active_from, key.id`,
  );
  const named = consumersNamedIn(versions.map(({ upstream }) => upstream));
  const namesNobody = named.organizations.length + named.applications.length === 0;
  const consumers = namesNobody ? {} : { namedConsumers: await readNamedConsumers(transaction, named) };
  return { signingKeys, versions, ...consumers, products, planVersions };
}
