import type { CreditPack } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

/** Credits that were bought, as they were offered then. */
export interface NewCreditPurchase {
  readonly id: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly invoiceId: string;
  readonly sellerSlug: string;
  readonly currency: string;
  readonly pack: string;
  readonly title: string;
  readonly priceMinor: bigint;
  readonly creditedMinor: bigint;
  readonly validDays: number | null;
  readonly origin: 'person' | 'top_up';
  readonly actor: Actor;
  readonly createdAt: Date;
}

/** Writes a purchase; where its invoice is paid already, the database grants its credits at once. */
export async function insertCreditPurchase(transaction: Transaction, purchase: NewCreditPurchase): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_purchase (id, organization_id, subscription_id, invoice_id, seller_slug, currency, pack, title,
       price_minor, credited_minor, valid_days, origin, actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      purchase.id,
      purchase.organizationId,
      purchase.subscriptionId,
      purchase.invoiceId,
      purchase.sellerSlug,
      purchase.currency,
      purchase.pack,
      purchase.title,
      purchase.priceMinor.toString(),
      purchase.creditedMinor.toString(),
      purchase.validDays,
      purchase.origin,
      purchase.actor.kind,
      purchase.actor.id,
      purchase.createdAt,
    ],
  );
}

/** Which credits: those of a seller in one currency. */
export interface CreditStoreKey {
  readonly organizationId: string;
  readonly sellerSlug: string;
  readonly currency: string;
}

/** A purchase whose invoice is neither paid nor void. */
export interface PurchaseUnderWay extends CreditStoreKey {
  readonly invoiceId: string;
  readonly invoiceNumber: string | null;
  readonly title: string;
  readonly priceMinor: bigint;
  readonly origin: 'person' | 'top_up';
  /** The last attempt to collect it failed. */
  readonly hasFailed: boolean;
  /** It is paid on a page of the provider, which is still open. */
  readonly isOnPage: boolean;
}

/** Purchases of an organization that wait for their payment; at most one for each seller and currency. */
export async function listPurchasesUnderWay(
  transaction: Transaction,
  organizationId: string,
): Promise<PurchaseUnderWay[]> {
  const rows = await transaction.query<Omit<PurchaseUnderWay, 'priceMinor'> & { price: string }>(
    `SELECT purchase.organization_id AS "organizationId", purchase.seller_slug AS "sellerSlug", purchase.currency,
       invoice.id AS "invoiceId", invoice.number AS "invoiceNumber", purchase.title, purchase.price_minor AS price,
       purchase.origin, invoice.state NOT IN ('draft', 'review', 'locked', 'issued') AS "hasFailed",
       EXISTS (SELECT FROM checkout WHERE checkout.invoice_id = invoice.id AND ended_at IS NULL) AS "isOnPage"
     FROM credit_purchase purchase JOIN invoice ON invoice.id = purchase.invoice_id
     WHERE purchase.organization_id = $1 AND NOT purchase.is_settled ORDER BY purchase.id`,
    [organizationId],
  );
  return rows.map(({ price, ...row }) => ({ ...row, priceMinor: BigInt(price) }));
}

/** What top-ups have charged since an instant, in minor units before tax, void ones left out. */
export async function sumTopUpsSince(
  transaction: Transaction,
  { organizationId, sellerSlug, currency }: CreditStoreKey,
  since: Date,
): Promise<bigint> {
  const [row] = await transaction.query<{ sum: string }>(
    `SELECT coalesce(sum(price_minor), 0) AS sum FROM credit_purchase purchase
     JOIN invoice ON invoice.id = purchase.invoice_id AND invoice.state <> 'void'
     WHERE purchase.organization_id = $1 AND purchase.seller_slug = $2 AND purchase.currency = $3 AND origin = 'top_up'
       AND purchase.created_at >= $4`,
    [organizationId, sellerSlug, currency, since],
  );
  return BigInt(row!.sum);
}

/** What a product sells of credits, and to whom it is invoiced. */
export interface CreditOffer {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly product: { readonly id: string; readonly title: string };
  readonly sellerSlug: string;
  readonly planVersionId: string;
  readonly phaseId: string;
  /** Of the plan that is in force: credits of another could not be used. */
  readonly currency: string;
  readonly anchorAt: Date;
  readonly packs: readonly CreditPack[];
}

/** The offers to an organization's active subscriptions at an instant, or to one of them; those without packs too. */
export function listCreditOffers(
  transaction: Transaction,
  {
    organizationId,
    subscriptionId,
    at,
  }: { readonly organizationId: string; readonly subscriptionId?: string; readonly at: Date },
): Promise<CreditOffer[]> {
  return transaction.query<CreditOffer>(
    `SELECT subscription.id AS "subscriptionId", subscription.organization_id AS "organizationId",
       json_build_object('id', product.id, 'title', product.title) AS product, publisher_team.seller_slug AS "sellerSlug",
       phase.plan_version_id AS "planVersionId", phase.id AS "phaseId", plan_version.definition->>'currency' AS currency,
       subscription.anchor_at AS "anchorAt", product.credit_packs AS packs
     FROM subscription JOIN api_product product ON product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = product.publisher_team_id
     JOIN subscription_phase phase ON phase.subscription_id = subscription.id
       AND phase.starts_at <= $3 AND (phase.ends_at IS NULL OR phase.ends_at > $3)
     JOIN plan_version ON plan_version.id = phase.plan_version_id
     WHERE subscription.organization_id = $1 AND ($2::uuid IS NULL OR subscription.id = $2)
       AND subscription.state IN ('active', 'trialing') AND coalesce(subscription.canceled_at, subscription.cancel_at, 'infinity') > $3
     ORDER BY subscription.id`,
    [organizationId, subscriptionId ?? null, at],
  );
}

/** When credits are bought without being asked for. */
export interface CreditTopUp extends CreditStoreKey {
  readonly subscriptionId: string;
  readonly pack: string;
  readonly amountMinor: bigint | null;
  readonly thresholdMinor: bigint;
  readonly monthlyLimitMinor: bigint;
  /** `stopped`: a payment failed, or what it buys is not sold any more. */
  readonly state: 'active' | 'stopped';
}

type TopUpRow = Omit<CreditTopUp, 'amountMinor' | 'thresholdMinor' | 'monthlyLimitMinor'> & {
  readonly amount: string | null;
  readonly threshold: string;
  readonly monthlyLimit: string;
};

const TOP_UP = `organization_id AS "organizationId", seller_slug AS "sellerSlug", currency, subscription_id AS "subscriptionId",
   pack, amount_minor AS amount, threshold_minor AS threshold, monthly_limit_minor AS "monthlyLimit", state`;

export async function listTopUps(transaction: Transaction, organizationId: string): Promise<CreditTopUp[]> {
  const rows = await transaction.query<TopUpRow>(
    `SELECT ${TOP_UP} FROM credit_top_up WHERE organization_id = $1 ORDER BY seller_slug, currency`,
    [organizationId],
  );
  return rows.map(toTopUp);
}

/** The active rules of an organization, locked until the transaction ends; those that others have locked are passed over. */
export async function lockActiveTopUps(transaction: Transaction, organizationId: string): Promise<CreditTopUp[]> {
  const rows = await transaction.query<TopUpRow>(
    `SELECT ${TOP_UP} FROM credit_top_up WHERE organization_id = $1 AND state = 'active'
     ORDER BY seller_slug, currency FOR UPDATE SKIP LOCKED`,
    [organizationId],
  );
  return rows.map(toTopUp);
}

/** Writes a rule in the place of the one for the same seller and currency. */
export async function saveTopUp(transaction: Transaction, rule: CreditTopUp): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_top_up (organization_id, seller_slug, currency, subscription_id, pack, amount_minor, threshold_minor,
       monthly_limit_minor, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (organization_id, seller_slug, currency) DO UPDATE SET subscription_id = $4, pack = $5, amount_minor = $6,
       threshold_minor = $7, monthly_limit_minor = $8, state = $9`,
    [
      rule.organizationId,
      rule.sellerSlug,
      rule.currency,
      rule.subscriptionId,
      rule.pack,
      rule.amountMinor?.toString() ?? null,
      rule.thresholdMinor.toString(),
      rule.monthlyLimitMinor.toString(),
      rule.state,
    ],
  );
}

/** True when there was one. */
export async function deleteTopUp(
  transaction: Transaction,
  { organizationId, sellerSlug, currency }: CreditStoreKey,
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH deleted AS (DELETE FROM credit_top_up WHERE organization_id = $1 AND seller_slug = $2 AND currency = $3 RETURNING 1)
     SELECT * FROM deleted`,
    [organizationId, sellerSlug, currency],
  );
  return rows.length > 0;
}

/** Organizations whose credits are to be watched: with something in store, or an active rule for buying some; by id, after one. */
export async function listWatchedOrganizations(
  transaction: Transaction,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT organization_id AS id FROM (
       SELECT organization_id FROM credit_grant WHERE remaining_minor > 0
       UNION SELECT organization_id FROM credit_top_up WHERE state = 'active'
     ) watched WHERE $1::uuid IS NULL OR organization_id > $1 ORDER BY 1 LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Notes that a threshold was told of; false when it was told before, since the newest grant. */
export async function insertCreditAlert(
  transaction: Transaction,
  alert: { readonly organizationId: string; readonly newestGrantId: string; readonly threshold: number },
  at: Date,
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO credit_alert (organization_id, newest_grant_id, threshold, raised_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING threshold`,
    [alert.organizationId, alert.newestGrantId, alert.threshold, at],
  );
  return rows.length > 0;
}

function toTopUp({ amount, threshold, monthlyLimit, ...row }: TopUpRow): CreditTopUp {
  return {
    ...row,
    amountMinor: amount === null ? null : BigInt(amount),
    thresholdMinor: BigInt(threshold),
    monthlyLimitMinor: BigInt(monthlyLimit),
  };
}
