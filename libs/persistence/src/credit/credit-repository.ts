import { type CreditGrant, type CreditSource, type InvoicedLine, type PayingGrant, cutMinorOf } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A grant that is to be written down: the database computes what is left of it. */
export interface NewCreditGrant {
  readonly id: string;
  readonly organizationId: string;
  readonly sellerSlug: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly source: CreditSource;
  readonly priority: number;
  readonly apiProductId: string | null;
  readonly meter: string | null;
  readonly reason: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date | null;
  readonly actor: Actor;
}

export async function insertCreditGrant(transaction: Transaction, grant: NewCreditGrant): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_grant (id, organization_id, seller_slug, currency, amount_minor, source, priority, api_product_id,
       meter, reason, granted_at, expires_at, actor_kind, actor_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      grant.id,
      grant.organizationId,
      grant.sellerSlug,
      grant.currency,
      grant.amountMinor.toString(),
      grant.source,
      grant.priority,
      grant.apiProductId,
      grant.meter,
      grant.reason,
      grant.grantedAt,
      grant.expiresAt,
      grant.actor.kind,
      grant.actor.id,
    ],
  );
}

/**
 * Waits for everybody else who burns or ends credits of these organizations; nobody else can until the transaction ends.
 * Organizations that never had any are not waited for; returns how many had some, as what is burned may come back.
 */
export async function lockCredits(transaction: Transaction, organizationIds: readonly string[]): Promise<number> {
  // By name, as the application's role may not write the rows; in one order, so that two never wait for each other.
  const owners = await transaction.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('credits ' || id, 0))
     FROM (SELECT DISTINCT organization_id AS id FROM credit_grant
           WHERE organization_id = ANY($1::uuid[]) ORDER BY 1) AS owner`,
    [organizationIds],
  );
  return owners.length;
}

/** A grant with something in store, and why it was given. */
export interface CreditInStore extends CreditGrant {
  readonly reason: string;
}

/** What can pay for the usage of a subscription. */
export interface SubscriptionCredits {
  readonly apiProductId: string;
  readonly grants: readonly CreditInStore[];
}

type GrantRow = Omit<CreditInStore, 'amountMinor' | 'burnedMinor' | 'grantedAtMs' | 'expiresAtMs'> & {
  readonly amount: string;
  readonly burned: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date | null;
};

const GRANT = `grant_row.id, grant_row.currency, grant_row.amount_minor AS amount, grant_row.priority, grant_row.reason,
       grant_row.granted_at AS "grantedAt", grant_row.expires_at AS "expiresAt",
       grant_row.api_product_id AS "apiProductId", grant_row.meter`;

/**
 * The grants with something in store that the sellers of these subscriptions have given to their organizations, whatever
 * their currency, product and time, and those that are to get something back; subscriptions without any are left out.
 */
export async function listCreditsOfSubscriptions(
  transaction: Transaction,
  subscriptionIds: readonly string[],
  returnedTo: readonly string[] = [],
): Promise<Map<string, SubscriptionCredits>> {
  const rows = await transaction.query<GrantRow & { subscriptionId: string; productId: string }>(
    `SELECT subscription.id AS "subscriptionId", subscription.api_product_id AS "productId", ${GRANT},
       grant_row.amount_minor - grant_row.remaining_minor AS burned
     FROM subscription JOIN api_product ON api_product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
     JOIN credit_grant grant_row ON grant_row.organization_id = subscription.organization_id
       AND grant_row.seller_slug = publisher_team.seller_slug AND (grant_row.remaining_minor > 0 OR grant_row.id = ANY($2::uuid[]))
     WHERE subscription.id = ANY($1::uuid[]) ORDER BY subscription.id, grant_row.id`,
    [subscriptionIds, returnedTo],
  );
  const bySubscription = Map.groupBy(rows, ({ subscriptionId }) => subscriptionId);
  return new Map(
    [...bySubscription].map(([id, found]) => [
      id,
      { apiProductId: found[0]!.productId, grants: found.map(toCreditGrant) },
    ]),
  );
}

/** The same of a subscription to a product that an organization has not made yet. */
export async function listCreditsForProduct(
  transaction: Transaction,
  { organizationId, apiProductId }: { readonly organizationId: string; readonly apiProductId: string },
): Promise<SubscriptionCredits> {
  const rows = await transaction.query<GrantRow>(
    `SELECT ${GRANT}, grant_row.amount_minor - grant_row.remaining_minor AS burned
     FROM api_product JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
     JOIN credit_grant grant_row ON grant_row.organization_id = $1
       AND grant_row.seller_slug = publisher_team.seller_slug AND grant_row.remaining_minor > 0
     WHERE api_product.id = $2 ORDER BY grant_row.id`,
    [organizationId, apiProductId],
  );
  return { apiProductId, grants: rows.map(toCreditGrant) };
}

/** The grants that an invoice has burned, each as it was before; and the product of the invoice. */
export async function listGrantsBurnedBy(transaction: Transaction, invoiceId: string): Promise<SubscriptionCredits> {
  const rows = await transaction.query<GrantRow & { productId: string }>(
    `SELECT subscription.api_product_id AS "productId", ${GRANT},
       grant_row.amount_minor - (entry.remaining_minor - entry.amount_minor) AS burned
     FROM credit_entry entry JOIN credit_grant grant_row ON grant_row.id = entry.grant_id
     JOIN invoice ON invoice.id = entry.invoice_id JOIN subscription ON subscription.id = invoice.subscription_id
     WHERE entry.invoice_id = $1 AND entry.kind = 'burned' AND entry.created_at IS NOT NULL ORDER BY grant_row.id`,
    [invoiceId],
  );
  return { apiProductId: rows[0]?.productId ?? '', grants: rows.map(toCreditGrant) };
}

/**
 * The lines of invoices of subscriptions that burned or returned credits, by subscription and oldest first, and of those that have redeemed a
 * coupon all; no void ones. With the id of an invoice, those that were made before it and were not void then.
 */
export async function listEarlierInvoices(
  transaction: Transaction,
  subscriptionIds: readonly string[],
  before: string | null = null,
): Promise<Map<string, InvoicedLine[][]>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await transaction.query<
    Pick<InvoicedLine, 'kind' | 'meter' | 'periodStart'> & {
      subscriptionId: string;
      invoiceId: string;
      amount: string;
      unroundedAmount: string;
      currency: string;
      excess: string;
      grant: PayingGrant | null;
    }
  >(
    `SELECT invoice.subscription_id AS "subscriptionId", invoice.id AS "invoiceId", line.kind, line.meter,
       line.period_start AS "periodStart", line.amount_minor AS amount,
       line.unrounded_amount AS "unroundedAmount", invoice.currency, invoice.excess_credit_minor AS excess, CASE WHEN credit_grant.id IS NOT NULL
         THEN json_build_object('id', credit_grant.id, 'meter', credit_grant.meter, 'reason', credit_grant.reason) END AS grant
     FROM invoice JOIN invoice_line line ON line.invoice_id = invoice.id
     LEFT JOIN credit_grant ON credit_grant.id = line.credit_grant_id
     WHERE invoice.subscription_id = ANY($1::uuid[]) AND ($2::uuid IS NULL OR invoice.id < $2)
       AND (EXISTS (SELECT FROM credit_entry WHERE invoice_id = invoice.id)
         OR EXISTS (SELECT FROM coupon_redemption WHERE subscription_id = invoice.subscription_id))
       AND (invoice.state <> 'void' OR EXISTS (
         SELECT FROM audit_log JOIN invoice later ON later.id = $2 WHERE noun = 'invoice' AND action = 'void'
           AND noun_id = invoice.id::text AND audit_log.created_at > later.created_at))
     ORDER BY invoice.id, line.position`,
    [subscriptionIds, before],
  );
  const bySubscription = Map.groupBy(rows, ({ subscriptionId }) => subscriptionId);
  return new Map(
    [...bySubscription].map(([id, found]) => [
      id,
      [...Map.groupBy(found, ({ invoiceId }) => invoiceId).values()].map((lines) =>
        lines.map(({ kind, meter, periodStart, amount, unroundedAmount, currency, excess, grant }) => ({
          kind,
          meter,
          periodStart,
          amountMinor: BigInt(amount),
          cutMinor: cutMinorOf(
            { unroundedAmount, amountMinor: BigInt(amount) },
            { excessCreditMinor: BigInt(excess), currency },
          ),
          grant,
        })),
      ),
    ]),
  );
}

/**
 * True when an invoice cannot become void for its credits: a later one has returned some of what it burned, of a period and meter that it
 * charges, or what it returned itself is not there any more. That later ones have burned more of the grant since makes no difference.
 */
export async function areCreditsBound(transaction: Transaction, invoiceId: string): Promise<boolean> {
  const [row] = await transaction.query<{ bound: boolean }>(
    `SELECT EXISTS (
       SELECT FROM (
         SELECT grant_id, sum(amount_minor) AS amount FROM credit_entry WHERE invoice_id = $1 AND created_at IS NOT NULL GROUP BY 1
       ) own JOIN credit_grant ON credit_grant.id = own.grant_id JOIN invoice ON invoice.id = $1
       WHERE credit_grant.remaining_minor < own.amount OR EXISTS (
         SELECT FROM invoice later JOIN invoice_line returned ON returned.invoice_id = later.id
         JOIN invoice_line charged ON charged.invoice_id = invoice.id AND charged.meter = returned.meter
           AND charged.period_start = returned.period_start AND charged.kind IN ('usage', 'late_usage', 'minimum_commitment')
         WHERE later.subscription_id = invoice.subscription_id AND later.id > invoice.id AND later.state <> 'void'
           AND returned.credit_grant_id = own.grant_id AND returned.amount_minor > 0 AND charged.amount_minor > 0
       )
     ) AS bound`,
    [invoiceId],
  );
  return row!.bound;
}

/** A grant that has expired with something left of it. */
export interface ExpiredCredit {
  readonly grantId: string;
  readonly organizationId: string;
  readonly currency: string;
  readonly remainingMinor: bigint;
}

/**
 * Grants that have expired by `at` with something left, and that no period that ended in time can burn any more: all such
 * periods of their organizations are closed. The first to expire first.
 */
export async function listExpiredCredits(
  transaction: Transaction,
  at: Date,
  { limit, organizationId }: { readonly limit: number; readonly organizationId?: string },
): Promise<ExpiredCredit[]> {
  const rows = await transaction.query<Omit<ExpiredCredit, 'remainingMinor'> & { remaining: string }>(
    `SELECT id AS "grantId", organization_id AS "organizationId", currency, remaining_minor AS remaining
     FROM credit_grant grant_row
     WHERE expires_at <= $1 AND remaining_minor > 0 AND ($3::uuid IS NULL OR organization_id = $3)
       AND NOT EXISTS (SELECT FROM billing_period WHERE billing_period.organization_id = grant_row.organization_id
         AND billing_period.state <> 'closed' AND billing_period.ends_at <= grant_row.expires_at)
     ORDER BY expires_at, id LIMIT $2`,
    [at, limit, organizationId ?? null],
  );
  return rows.map(({ remaining, ...row }) => ({ ...row, remainingMinor: BigInt(remaining) }));
}

/** Ends what is left of a grant. The database refuses more than there is. */
export async function insertCreditExpiry(
  transaction: Transaction,
  { grantId, organizationId, remainingMinor }: ExpiredCredit,
  at: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, created_at) VALUES ($1, $2, 'expired', $3, $4)`,
    [grantId, organizationId, (-remainingMinor).toString(), at],
  );
}

function toCreditGrant({ amount, burned, grantedAt, expiresAt, ...row }: GrantRow): CreditInStore {
  return {
    ...row,
    amountMinor: BigInt(amount),
    burnedMinor: BigInt(burned),
    grantedAtMs: grantedAt.getTime(),
    expiresAtMs: expiresAt?.getTime() ?? null,
  };
}

/** A product that credits can be for: who invoices its usage, and its meters. */
export interface ProductOfCredits {
  readonly id: string;
  readonly sellerSlug: string;
  readonly meters: readonly string[];
}

export async function findProductOfCredits(transaction: Transaction, slug: string): Promise<ProductOfCredits | null> {
  const [row] = await transaction.query<ProductOfCredits>(
    `SELECT product.id, publisher_team.seller_slug AS "sellerSlug",
       ARRAY(SELECT slug FROM meter WHERE api_product_id = product.id ORDER BY slug) AS meters
     FROM api_product product JOIN publisher_team ON publisher_team.id = product.publisher_team_id WHERE product.slug = $1`,
    [slug],
  );
  return row ?? null;
}
