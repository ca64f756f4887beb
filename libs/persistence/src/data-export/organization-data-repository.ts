import type { Transaction } from '../database/unit-of-work.js';

/** A row of an export: what is in it is written out as it is. */
export interface ExportRow {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What of an organization is listed in an export, one row each. None has a secret, or a hash of one. */
export const ORGANIZATION_LISTS = [
  'members',
  'invitations',
  'applications',
  'keys',
  'subscriptions',
  'webhook-endpoints',
] as const;
export type OrganizationList = (typeof ORGANIZATION_LISTS)[number];

/** Each has `id` to go on after, and `data` with the columns that are written out. */
const LISTS: Readonly<Record<OrganizationList, string>> = {
  members: `SELECT user_id AS id, json_build_object('userId', user_id, 'name', "user".name, 'email', "user".email,
              'role', role, 'joinedAt', membership.created_at) AS data
            FROM membership JOIN auth."user" AS "user" ON "user".id = user_id WHERE organization_id = $1`,
  invitations: `SELECT id::text, json_build_object('id', id, 'email', email, 'role', role, 'createdAt', created_at,
              'expiresAt', expires_at, 'acceptedAt', accepted_at, 'withdrawnAt', withdrawn_at) AS data
            FROM invitation WHERE organization_id = $1`,
  applications: `SELECT id::text, json_build_object('id', id, 'name', name, 'createdAt', created_at,
              'suspendedAt', suspended_at, 'deletedAt', deleted_at) AS data
            FROM application WHERE organization_id = $1`,
  keys: `SELECT id::text, json_build_object('id', id, 'applicationId', application_id, 'keyId', key_id, 'mode', mode,
              'name', name, 'restrictions', restrictions, 'rotatedFromId', rotated_from_id, 'isTryIt', is_try_it,
              'createdAt', created_at,
              'expiresAt', expires_at, 'revokedAt', revoked_at, 'lastUsedAt', last_used_at) AS data
            FROM credential WHERE organization_id = $1`,
  subscriptions: `SELECT subscription.id::text, json_build_object('id', subscription.id, 'applicationId', application_id,
              'product', api_product.slug, 'state', state, 'createdAt', subscription.created_at, 'anchorAt', anchor_at,
              'cancelAt', cancel_at, 'canceledAt', canceled_at, 'moneyCapMinor', money_cap_minor::text,
              'phases', (SELECT json_agg(json_build_object('plan', plan.slug, 'planVersion', plan_version.number,
                  'isTrial', is_trial, 'startsAt', starts_at, 'endsAt', ends_at) ORDER BY starts_at)
                FROM subscription_phase JOIN plan_version ON plan_version.id = plan_version_id
                JOIN plan ON plan.id = plan_id WHERE subscription_id = subscription.id),
              'coupons', (SELECT coalesce(json_agg(json_build_object('title', coupon.title, 'code', code,
                  'redeemedAt', redeemed_at, 'endsAt', coupon_redemption.ends_at) ORDER BY redeemed_at), '[]')
                FROM coupon_redemption JOIN coupon ON coupon.id = coupon_id WHERE subscription_id = subscription.id),
              'acceptedTerms', (SELECT coalesce(json_agg(json_build_object('version', product_terms.version,
                  'acceptedAt', accepted_at) ORDER BY accepted_at), '[]')
                FROM terms_acceptance JOIN product_terms ON product_terms.id = product_terms_id
                WHERE subscription_id = subscription.id)) AS data
            FROM subscription JOIN api_product ON api_product.id = api_product_id
            WHERE subscription.organization_id = $1`,
  'webhook-endpoints': `SELECT id::text, json_build_object('id', id, 'url', url, 'description', description,
              'eventTypes', event_types, 'createdAt', created_at, 'disabledAt', disabled_at) AS data
            FROM webhook_endpoint WHERE organization_id = $1`,
};

/** Up to `limit` rows of a list, in the order of their ids, after `after`. */
export function listOrganizationData(
  transaction: Transaction,
  list: OrganizationList,
  { organizationId, after, limit }: { organizationId: string; after: string | null; limit: number },
): Promise<ExportRow[]> {
  return transaction.query<ExportRow>(
    `SELECT id, data FROM (${LISTS[list]}) AS listed WHERE $2::text IS NULL OR id > $2 ORDER BY id LIMIT $3`,
    [organizationId, after, limit],
  );
}

/** The organization itself with what its invoices say of it; null when there is none. */
export async function readOrganizationData(
  transaction: Transaction,
  organizationId: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const [row] = await transaction.query<{ data: Readonly<Record<string, unknown>> }>(
    `SELECT json_build_object('id', organization.id, 'slug', slug, 'name', name, 'billingEmail', billing_email,
       'createdAt', organization.created_at, 'suspendedAt', suspended_at,
       'paymentTerms', json_build_object('method', payment_method, 'netDays', net_days),
       'billingDetails', (SELECT json_build_object('legalName', legal_name, 'addressLines', address_lines,
           'country', country, 'region', region, 'postalCode', postal_code, 'taxIds', tax_ids, 'purchaseOrderNumber', purchase_order_number,
           'exemptionReason', exemption_reason)
         FROM billing_details WHERE organization_id = organization.id),
       'balances', (SELECT coalesce(json_agg(json_build_object('seller', seller_slug, 'currency', currency,
           'amountMinor', amount_minor::text)), '[]') FROM balance WHERE organization_id = organization.id),
       'creditGrants', (SELECT coalesce(json_agg(json_build_object('id', id, 'currency', currency, 'source', source,
           'amountMinor', amount_minor::text, 'remainingMinor', remaining_minor::text, 'grantedAt', granted_at,
           'expiresAt', expires_at) ORDER BY granted_at), '[]')
         FROM credit_grant WHERE organization_id = organization.id)) AS data
     FROM organization WHERE id = $1`,
    [organizationId],
  );
  return row?.data ?? null;
}

/** Usage of a day by key, operation and class of status. */
export interface UsageOfDay {
  readonly dayAt: Date;
  readonly applicationId: string;
  readonly credentialId: string;
  readonly mode: string;
  readonly productId: string;
  readonly product: string;
  readonly versionId: string;
  readonly version: string;
  readonly operation: string;
  readonly meter: string;
  readonly statusClass: number;
  readonly billable: boolean;
  readonly eventCount: bigint;
  readonly quantity: string;
}

/** Up to `limit` rows of an organization's usage by day (UTC), the oldest first, after `after`. */
export async function listUsageOfDays(
  transaction: Transaction,
  { organizationId, after, limit }: { organizationId: string; after: UsageOfDay | null; limit: number },
): Promise<UsageOfDay[]> {
  const rows = await transaction.query<Omit<UsageOfDay, 'eventCount'> & { eventCount: string }>(
    `SELECT day_at AS "dayAt", application_id AS "applicationId", credential_id AS "credentialId", mode,
            used.api_product_id AS "productId", api_product.slug AS product, used.api_version_id AS "versionId",
            api_version.name AS version, operation, meter, status_class AS "statusClass", billable,
            event_count AS "eventCount", quantity_sum AS quantity
     FROM usage_operation_day AS used JOIN api_product ON api_product.id = used.api_product_id
     JOIN api_version ON api_version.id = used.api_version_id
     WHERE organization_id = $1 AND ($2::timestamptz IS NULL OR (day_at, meter, credential_id, used.api_product_id,
       used.api_version_id, operation, status_class, billable, mode) > ($2, $3::text, $4::uuid, $5::uuid, $6::uuid, $7::text,
       $8::smallint, $9::boolean, $10::text))
     ORDER BY day_at, meter, credential_id, used.api_product_id, used.api_version_id, operation, status_class, billable, mode
     LIMIT $11`,
    [
      organizationId,
      after?.dayAt ?? null,
      after?.meter ?? null,
      after?.credentialId ?? null,
      after?.productId ?? null,
      after?.versionId ?? null,
      after?.operation ?? null,
      after?.statusClass ?? null,
      after?.billable ?? null,
      after?.mode ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({ ...row, eventCount: BigInt(row.eventCount) }));
}
