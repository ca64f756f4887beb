import type {
  PaymentState,
  PhaseEnd,
  PlanDefinition,
  Subscription,
  SubscriptionPhase,
  SubscriptionState,
  SuspensionReason,
} from '#domain';
import { NEWEST_TERMS } from '../catalog/newest-terms.js';
import type { Transaction } from '../database/unit-of-work.js';
import { SubscriptionEntity, SubscriptionPhaseEntity } from './subscription-entity.js';

/** Adds a subscription; false, and nothing added, when the application has an active one to the product. */
export async function insertSubscription(transaction: Transaction, subscription: Subscription): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO subscription (id, organization_id, application_id, api_product_id, state, anchor_at, created_at, canceled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (application_id, api_product_id) WHERE state <> 'canceled' DO NOTHING RETURNING 1`,
    [
      subscription.id,
      subscription.organizationId,
      subscription.applicationId,
      subscription.apiProductId,
      subscription.state,
      subscription.anchorAt,
      subscription.createdAt,
      subscription.canceledAt,
    ],
  );
  return rows.length > 0;
}

export async function insertSubscriptionPhase(transaction: Transaction, phase: SubscriptionPhase): Promise<void> {
  await transaction.repository(SubscriptionPhaseEntity).insert(phase);
}

/** True when the application has a subscription to the product that is active at `at`. */
export async function hasActiveSubscription(
  transaction: Transaction,
  { applicationId, apiProductId, at }: { applicationId: string; apiProductId: string; at: Date },
): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM subscription WHERE application_id = $1 AND api_product_id = $2 AND state <> 'canceled'
                    AND (cancel_at IS NULL OR cancel_at > $3))`,
    [applicationId, apiProductId, at],
  );
  return row!.exists;
}

/**
 * The subscription, locked against other changes until the transaction ends; null when there is none. Rows that refer to it
 * can be written meanwhile: whoever closes its period writes an invoice, and may hold what this transaction waits for.
 */
export async function lockSubscription(transaction: Transaction, id: string): Promise<Subscription | null> {
  return transaction.repository(SubscriptionEntity).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
}

/** Gives phases their new ends, one after the other. */
export async function updatePhaseEnds(transaction: Transaction, ends: readonly PhaseEnd[]): Promise<void> {
  for (const { phaseId, endsAt } of ends)
    await transaction.repository(SubscriptionPhaseEntity).update({ id: phaseId }, { endsAt });
}

/** Says when a subscription ends by itself; null for never. */
export async function updateCancelAt(transaction: Transaction, id: string, cancelAt: Date | null): Promise<void> {
  await transaction.repository(SubscriptionEntity).update({ id }, { cancelAt });
}

/** Lets a subscription that waited for approval begin: its phases as long as they were to be, from then on. */
export async function approvePending(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE subscription_phase SET starts_at = starts_at + ($2::timestamptz - subscription.anchor_at),
            ends_at = ends_at + ($2::timestamptz - subscription.anchor_at)
     FROM subscription WHERE subscription.id = subscription_id AND subscription_id = $1`,
    [id, at],
  );
  await transaction.repository(SubscriptionEntity).update({ id }, { state: 'active', anchorAt: at });
}

/** True when the person belongs to the team that publishes the product. */
export async function isPublisherOfProduct(
  transaction: Transaction,
  apiProductId: string,
  userId: string,
): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM api_product JOIN publisher_team_member USING (publisher_team_id)
                    WHERE api_product.id = $1 AND user_id = $2)`,
    [apiProductId, userId],
  );
  return row!.exists;
}

export async function markCanceled(transaction: Transaction, id: string, canceledAt: Date): Promise<void> {
  await transaction.repository(SubscriptionEntity).update({ id }, { state: 'canceled', canceledAt, cancelAt: null });
}

/** True when the organization has had a trial of the product. */
export async function hasHadTrial(
  transaction: Transaction,
  organizationId: string,
  apiProductId: string,
): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM subscription_phase JOIN subscription ON subscription.id = subscription_id
                    WHERE is_trial AND subscription.organization_id = $1 AND api_product_id = $2)`,
    [organizationId, apiProductId],
  );
  return row!.exists;
}

/** A trial that nothing follows yet. */
export interface EndingTrial {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly planVersionId: string;
  readonly endsAt: Date;
}

/** When trials are looked at: all instants. */
export interface TrialWindow {
  readonly at: Date;
  /** Trials that end by then. */
  readonly endsBy: Date;
  /** Those that were looked at since are left alone, unless they have ended since. */
  readonly checkedBefore: Date;
}

/** Trials that end soon or have ended, that nothing follows and of whose end nothing was decided yet; the first to end first. */
export function listEndingTrials(
  transaction: Transaction,
  { at, endsBy, checkedBefore }: TrialWindow,
  limit: number,
): Promise<EndingTrial[]> {
  return transaction.query<EndingTrial>(
    `SELECT subscription.id AS "subscriptionId", subscription.organization_id AS "organizationId",
            phase.plan_version_id AS "planVersionId", phase.ends_at AS "endsAt"
     FROM subscription_phase AS phase JOIN subscription ON subscription.id = phase.subscription_id
     WHERE phase.is_trial AND phase.ends_at <= $2 AND phase.ends_at <> phase.starts_at
       AND subscription.state = 'active' AND subscription.cancel_at IS NULL AND 'trial_ended' <> ALL (subscription.suspended_for)
       AND (trial_checked_at IS NULL OR trial_checked_at < $3 OR (phase.ends_at <= $1 AND trial_checked_at < phase.ends_at))
       AND NOT EXISTS (SELECT FROM subscription_phase AS next WHERE next.subscription_id = phase.subscription_id
                       AND next.starts_at >= phase.ends_at AND next.ends_at IS DISTINCT FROM next.starts_at)
     ORDER BY phase.ends_at, subscription.id LIMIT $4`,
    [at, endsBy, checkedBefore, limit],
  );
}

export async function markTrialChecked(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.repository(SubscriptionEntity).update({ id }, { trialCheckedAt: at });
}

/** Subscriptions whose scheduled end has come, the oldest end first, at most `limit`, locked; others' locks are passed over. */
export function lockEndedSubscriptions(
  transaction: Transaction,
  { at, limit }: { readonly at: Date; readonly limit: number },
): Promise<Subscription[]> {
  return transaction
    .repository(SubscriptionEntity)
    .createQueryBuilder('subscription')
    .setLock('for_no_key_update')
    .setOnLocked('skip_locked')
    .where(`subscription.state = 'active' AND subscription.cancelAt <= :at`, { at })
    .orderBy('subscription.cancelAt')
    .addOrderBy('subscription.id')
    .take(limit)
    .getMany();
}

/** The one of the application to the product whose scheduled end has come, locked; null when there is none. */
export function lockEndedSubscription(
  transaction: Transaction,
  { applicationId, apiProductId, at }: { applicationId: string; apiProductId: string; at: Date },
): Promise<Subscription | null> {
  return transaction
    .repository(SubscriptionEntity)
    .createQueryBuilder('subscription')
    .setLock('for_no_key_update')
    .where(
      `subscription.applicationId = :applicationId AND subscription.apiProductId = :apiProductId
       AND subscription.state = 'active' AND subscription.cancelAt <= :at`,
      { applicationId, apiProductId, at },
    )
    .getOne();
}

export async function updatePaymentState(
  transaction: Transaction,
  id: string,
  paymentState: PaymentState,
): Promise<void> {
  await transaction.repository(SubscriptionEntity).update({ id }, { paymentState });
}

export async function updateSuspension(
  transaction: Transaction,
  id: string,
  suspendedFor: readonly SuspensionReason[],
): Promise<void> {
  await transaction.query('UPDATE subscription SET suspended_for = $2::text[] WHERE id = $1', [id, suspendedFor]);
}

export async function updateMoneyCap(
  transaction: Transaction,
  id: string,
  moneyCapMinor: bigint | null,
): Promise<void> {
  await transaction.repository(SubscriptionEntity).update({ id }, { moneyCapMinor });
}

/** A subscription with the names that people know its parts by. */
export interface ListedSubscription {
  readonly id: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly application: { readonly id: string; readonly name: string };
  readonly product: { readonly id: string; readonly slug: string; readonly title: string };
  readonly plan: { readonly slug: string; readonly title: string; readonly versionNumber: number };
  readonly planVersionId: string;
  /** Of that version, which may not be offered any more. */
  readonly definition: PlanDefinition;
  /** Of the version of the plan, where the subscription has terms of its own instead; null where it has not. */
  readonly planDefinition: PlanDefinition | null;
  /** The phase in force is a trial. */
  readonly isTrial: boolean;
  readonly state: SubscriptionState;
  readonly paymentState: PaymentState;
  readonly suspendedFor: readonly SuspensionReason[];
  /** In minor units; null for none. */
  readonly moneyCapMinor: string | null;
  readonly currency: string;
  readonly anchorAt: Date;
  readonly createdAt: Date;
  readonly cancelAt: Date | null;
  readonly canceledAt: Date | null;
  /** When the trial ends that is under way, or has ended without a plan after it; null when there is none. */
  readonly trialEndsAt: Date | null;
  /** The plan that a later phase brings; null when no change is planned. */
  readonly plannedChange: PlannedChange | null;
  /** The terms of its product that are in force; null when it has none. */
  readonly terms: { readonly version: string; readonly isAccepted: boolean } | null;
  /** The coupon that it has redeemed last; null for none. */
  readonly coupon: ListedRedemption | null;
  /** When the first phase that is no trial begins; null while there is none. */
  readonly costsFrom: Date | null;
}

/** A coupon that was redeemed, in the currency of its subscription. */
export interface ListedRedemption {
  readonly title: string;
  readonly percentOff: string | null;
  /** In minor units. */
  readonly amountOffMinor: string | null;
  readonly months: number | null;
  /** It is for the plan in force. */
  readonly isForPlan: boolean;
  /** The start of the month from which it counts; null from the first of the subscription. */
  readonly countsFrom: Date | null;
  /** The end of the month with which somebody removed it; null for nobody. */
  readonly endsAt: Date | null;
}

/** A change of plan that can still be taken back. */
export interface PlannedChange {
  readonly planVersionId: string;
  readonly plan: ListedSubscription['plan'];
  readonly startsAt: Date;
}

/** Which subscriptions: every condition that is given must hold. */
export interface SubscriptionFilter {
  readonly organizationId?: string | undefined;
  readonly subscriptionId?: string | undefined;
  /** Only to products of the teams that this person belongs to. */
  readonly publisherUserId?: string | undefined;
  readonly state?: SubscriptionState | undefined;
  /** Part of the name of its organization or application, in any case. */
  readonly name?: string | undefined;
}

/** A part of a list, newest first: at most so many, of those that are older than `before`. */
export interface SubscriptionPage {
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** Subscriptions with the plan in force at `at`, newest first. */
export async function listSubscriptionsMatching(
  transaction: Transaction,
  filter: SubscriptionFilter,
  at: Date,
  { before, limit }: SubscriptionPage = {},
): Promise<ListedSubscription[]> {
  const rows = await transaction.query<
    Omit<ListedSubscription, 'plannedChange' | 'coupon'> & {
      plannedChange: Omit<PlannedChange, 'startsAt'> | null;
      plannedAt: Date | null;
      coupon: Omit<ListedRedemption, 'countsFrom' | 'endsAt'> | null;
      countsFrom: Date | null;
      couponEndsAt: Date | null;
    }
  >(
    `SELECT subscription.id, subscription.state, subscription.payment_state AS "paymentState",
            subscription.suspended_for AS "suspendedFor",
            subscription.money_cap_minor AS "moneyCapMinor", plan_version.definition ->> 'currency' AS currency,
            subscription.anchor_at AS "anchorAt", subscription.created_at AS "createdAt",
            CASE WHEN phase.is_trial THEN phase.ends_at END AS "trialEndsAt", phase.is_trial AS "isTrial",
            plan_version.definition, base.definition AS "planDefinition",
            subscription.cancel_at AS "cancelAt", subscription.canceled_at AS "canceledAt",
            json_build_object('id', organization.id, 'name', organization.name) AS organization,
            json_build_object('id', application.id, 'name', application.name) AS application,
            json_build_object('id', product.id, 'slug', product.slug, 'title', product.title) AS product,
            json_build_object('slug', plan.slug, 'title', plan.title, 'versionNumber', plan_version.number) AS plan,
            plan_version.id AS "planVersionId", planned.change AS "plannedChange", planned.starts_at AS "plannedAt",
            (SELECT json_build_object('version', version, 'isAccepted', EXISTS (SELECT FROM terms_acceptance
                      WHERE subscription_id = subscription.id AND product_terms_id = product_terms.id))
             FROM product_terms WHERE api_product_id = product.id ${NEWEST_TERMS}) AS terms,
            redeemed.coupon, redeemed.counts_from AS "countsFrom", redeemed.ends_at AS "couponEndsAt",
            (SELECT min(starts_at) FROM subscription_phase WHERE subscription_id = subscription.id AND NOT is_trial
               AND ends_at IS DISTINCT FROM starts_at) AS "costsFrom"
     FROM subscription
     JOIN organization ON organization.id = subscription.organization_id
     JOIN application ON application.id = subscription.application_id
     JOIN api_product product ON product.id = subscription.api_product_id
     JOIN LATERAL (SELECT plan_version_id, is_trial, ends_at FROM subscription_phase
                   WHERE subscription_id = subscription.id AND starts_at <= $4 AND ends_at IS DISTINCT FROM starts_at
                   ORDER BY starts_at DESC LIMIT 1) phase ON true
     JOIN plan_version ON plan_version.id = phase.plan_version_id
     JOIN plan ON plan.id = plan_version.plan_id
     LEFT JOIN subscription_override AS override ON override.plan_version_id = plan_version.id
     LEFT JOIN plan_version AS base ON base.id = override.base_version_id
     LEFT JOIN LATERAL (SELECT counts_from, ends_at, json_build_object('title', coupon.title,
                          'percentOff', trim_scale(percent_off)::text, 'amountOffMinor', amount_off_minor::text,
                          'months', months, 'isForPlan', offers = '{}' OR product.slug = ANY (offers)
                            OR product.slug || '/' || plan.slug = ANY (offers)) AS coupon
                        FROM coupon_redemption JOIN coupon ON coupon.id = coupon_id
                        WHERE subscription_id = subscription.id
                        ORDER BY redeemed_at DESC, coupon_id DESC LIMIT 1) AS redeemed ON true
     LEFT JOIN LATERAL (SELECT next.starts_at, json_build_object('planVersionId', next.plan_version_id, 'plan',
                          json_build_object('slug', plan.slug, 'title', plan.title, 'versionNumber', version.number)) AS change
                        FROM subscription_phase AS next JOIN plan_version AS version ON version.id = next.plan_version_id
                          JOIN plan ON plan.id = version.plan_id
                        WHERE next.subscription_id = subscription.id AND next.starts_at > $4
                          AND next.plan_version_id <> phase.plan_version_id
                          AND next.ends_at IS DISTINCT FROM next.starts_at
                        ORDER BY next.starts_at LIMIT 1) AS planned ON true
     WHERE ($1::uuid IS NULL OR subscription.organization_id = $1)
       AND ($2::uuid IS NULL OR subscription.id = $2)
       AND ($3::text IS NULL OR product.publisher_team_id IN
            (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $3))
       AND ($5::text IS NULL OR subscription.state = $5)
       AND ($6::text IS NULL OR strpos(lower(organization.name), lower($6)) > 0
            OR strpos(lower(application.name), lower($6)) > 0)
       AND ($7::uuid IS NULL OR subscription.id < $7)
     ORDER BY subscription.id DESC LIMIT $8`,
    [
      filter.organizationId ?? null,
      filter.subscriptionId ?? null,
      filter.publisherUserId ?? null,
      at,
      filter.state ?? null,
      filter.name ?? null,
      before ?? null,
      limit ?? null,
    ],
  );
  return rows.map(({ plannedAt, plannedChange, coupon, countsFrom, couponEndsAt, ...row }) => ({
    ...row,
    plannedChange: plannedChange && { ...plannedChange, startsAt: plannedAt! },
    coupon: coupon && { ...coupon, countsFrom, endsAt: couponEndsAt },
  }));
}

/** A subscription's billing period, by its start. */
export interface PeriodOfSubscription {
  readonly subscriptionId: string;
  readonly periodStart: Date;
}

/** Units of each meter that were used in these periods, billable or not; exact. Meters without use are left out. */
export function sumUsageOfPeriods(
  transaction: Transaction,
  periods: readonly PeriodOfSubscription[],
): Promise<{ subscriptionId: string; meter: string; quantity: string }[]> {
  return transaction.query(
    `SELECT subscription_id AS "subscriptionId", meter, trim_scale(sum(quantity_sum))::text AS quantity
     FROM usage_hour
     WHERE (subscription_id, period_start) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
     GROUP BY subscription_id, meter`,
    [periods.map((period) => period.subscriptionId), periods.map((period) => period.periodStart)],
  );
}
