import type { Plan, PlanDefinition, PlanVersionState, PlanVisibility } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A plan version as its publisher sees it. */
export interface ListedPlanVersion {
  readonly id: string;
  readonly product: { readonly id: string; readonly slug: string; readonly title: string; readonly position: number };
  readonly plan: {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    readonly position: number;
    readonly visibility: PlanVisibility;
  };
  readonly number: number;
  readonly state: Exclude<PlanVersionState, 'custom'>;
  readonly definition: PlanDefinition;
  /** Of a draft, when it was written. */
  readonly publishedAt: Date;
  /** Subscriptions that are under it at the instant asked for. */
  readonly subscriptionCount: number;
}

/** Where a list of plan versions goes on. */
export interface PlanVersionPlace {
  readonly product: { readonly position: number; readonly slug: string };
  readonly plan: { readonly position: number; readonly slug: string };
  readonly number: number;
}

/** All versions, but for those of one subscription alone, of the plans of the person's publisher teams, or of one of them, drafts too, by product and plan, the newest first. */
export function listPlanVersions(
  transaction: Transaction,
  {
    publisherUserId,
    at,
    planId,
  }: { readonly publisherUserId: string; readonly at: Date; readonly planId?: string | undefined },
  { after, limit }: Slice<PlanVersionPlace> = {},
): Promise<ListedPlanVersion[]> {
  return transaction.query<ListedPlanVersion>(
    `SELECT version.id, version.number, version.state, version.definition, version.published_at AS "publishedAt",
            json_build_object('id', product.id, 'slug', product.slug, 'title', product.title, 'position', product.position) AS product,
            json_build_object('id', plan.id, 'slug', plan.slug, 'title', plan.title, 'visibility', plan.visibility,
                              'position', plan.position) AS plan,
            (SELECT count(*)::integer FROM subscription_phase AS phase JOIN subscription ON subscription.id = subscription_id
             WHERE plan_version_id = version.id AND subscription.state = 'active' AND starts_at <= $2
               AND (ends_at IS NULL OR ends_at > $2)) AS "subscriptionCount"
     FROM plan_version AS version JOIN plan ON plan.id = plan_id JOIN api_product AS product ON product.id = api_product_id
     WHERE publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $1)
       AND ($3::uuid IS NULL OR plan.id = $3) AND version.state <> 'custom'
       AND ($4::integer IS NULL OR (product.position, product.slug, plan.position, plan.slug, -version.number)
              > ($4, $5::text, $6::integer, $7::text, -$8::integer))
     ORDER BY product.position, product.slug, plan.position, plan.slug, version.number DESC LIMIT $9`,
    [
      publisherUserId,
      at,
      planId ?? null,
      after?.product.position ?? null,
      after?.product.slug ?? null,
      after?.plan.position ?? null,
      after?.plan.slug ?? null,
      after?.number ?? null,
      limit ?? null,
    ],
  );
}

/** Active subscriptions that are under another version of the plan, with no end or change planned; the oldest first. */
export async function listSubscribersOfOtherVersions(
  transaction: Transaction,
  { planId, planVersionId, at }: { readonly planId: string; readonly planVersionId: string; readonly at: Date },
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT subscription.id FROM subscription
     JOIN subscription_phase AS phase ON phase.subscription_id = subscription.id
     JOIN plan_version ON plan_version.id = phase.plan_version_id
     WHERE plan_id = $1 AND plan_version.id <> $2 AND subscription.state = 'active' AND cancel_at IS NULL
       AND phase.starts_at <= $3 AND phase.ends_at IS NULL
     ORDER BY subscription.id`,
    [planId, planVersionId, at],
  );
  return rows.map(({ id }) => id);
}

/** A plan as its publisher edits it, with the product that it belongs to. */
export interface PlanToEdit extends Plan {
  readonly product: { readonly id: string; readonly slug: string; readonly title: string };
  /** Slugs of the organizations that it is offered to, sorted. */
  readonly invited: readonly string[];
}

/** A plan of the person's publisher teams by its id; null when there is none, or it is somebody else's. */
export async function findPlanToEdit(
  transaction: Transaction,
  { planId, publisherUserId }: { readonly planId: string; readonly publisherUserId: string },
): Promise<PlanToEdit | null> {
  const [row] = await transaction.query<PlanToEdit>(
    `SELECT plan.id, plan.api_product_id AS "apiProductId", plan.slug, plan.title, plan.summary, plan.position, plan.visibility,
            plan.created_at AS "createdAt", json_build_object('id', product.id, 'slug', product.slug, 'title', product.title) AS product,
            ARRAY(SELECT organization.slug FROM plan_invitation JOIN organization ON organization.id = organization_id
                  WHERE plan_id = plan.id ORDER BY 1) AS invited
     FROM plan JOIN api_product AS product ON product.id = plan.api_product_id
     WHERE plan.id = $1
       AND publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $2)`,
    [planId, publisherUserId],
  );
  return row ?? null;
}
