import type { ApiProduct, Plan } from '#domain';
import {
  findDraftPlanVersion,
  findPlan,
  findPublishedPlanVersion,
  hasPlanVersions,
  listInvitedSlugs,
  publishPlanVersion,
  replaceInvitations,
  retirePlanVersion,
  saveDraftPlanVersion,
  savePlan,
} from '#persistence';
import { changedFields, contentHash } from './catalog-change.js';
import type { ChangeWork } from './change-catalog.js';
import { type PlanInFile, type PlanMeter, type PlanTerms, definitionOf } from './plan-in-file.js';
import { RefusedInPlacesError } from './refused-in-places-error.js';

/** What is said of a plan beside its terms, and takes effect at once. */
export type PlanOffer = Pick<PlanInFile, 'slug' | 'title' | 'summary' | 'position' | 'visibility' | 'invited'>;

/** Creates or updates a plan, who is invited to it, and the version that its state asks for. */
export async function applyPlan(
  work: ChangeWork,
  product: Pick<ApiProduct, 'id' | 'slug'>,
  file: PlanInFile & { readonly meters: readonly PlanMeter[] },
  order: number,
): Promise<void> {
  const plan = await applyPlanOffer(work, product, file, order);
  await applyPlanVersion(work, plan, `${product.slug}/${file.slug}`, file);
}

/** Creates or updates a plan and who is invited to it; `order` is its position when the file gives none. */
export async function applyPlanOffer(
  work: ChangeWork,
  product: Pick<ApiProduct, 'id' | 'slug'>,
  file: PlanOffer,
  order: number,
): Promise<Plan> {
  const { context, transaction, changes } = work;
  const name = `${product.slug}/${file.slug}`;
  const current = await findPlan(transaction, product.id, file.slug);
  const plan: Plan = {
    id: current?.id ?? context.ids.next(),
    apiProductId: product.id,
    slug: file.slug,
    title: file.title,
    summary: file.summary,
    position: file.position ?? order,
    visibility: file.visibility,
    createdAt: current?.createdAt ?? context.clock.now(),
  };
  const fields = current ? changedFields<Plan>(current, plan) : [];
  if (!current || fields.length > 0) {
    await savePlan(transaction, plan);
    changes.push({ action: current ? 'update' : 'create', noun: 'plan', name, fields });
  }
  await applyInvitations(work, plan, name, file);
  return plan;
}

async function applyInvitations(
  { context, transaction, changes }: ChangeWork,
  plan: Plan,
  name: string,
  file: Pick<PlanInFile, 'visibility' | 'invited'>,
): Promise<void> {
  const current = await listInvitedSlugs(transaction, plan.id);
  const desired = file.visibility === 'invited' ? [...new Set(file.invited ?? current)].sort() : [];
  const fields = changedFields({ invited: current }, { invited: desired });
  if (fields.length === 0) return;
  const [unknown] = await replaceInvitations(transaction, plan.id, desired, context.clock.now());
  if (unknown !== undefined)
    throw new RefusedInPlacesError('organization_unknown', `products.${name}`, [
      {
        path: 'invited',
        message: `there is no organization "${unknown}". Only one that has signed up can be invited.`,
      },
    ]);
  changes.push({ action: 'update', noun: 'plan', name, fields });
}

/**
 * Writes the draft of a plan, publishes a version, or retires it, as the state says; does nothing when it is so. A plan without any
 * version that is to be retired gets one, which is retired at once, so that it can be looked up as where it comes from.
 */
export async function applyPlanVersion(
  { context, transaction, changes }: ChangeWork,
  plan: Pick<Plan, 'id'>,
  name: string,
  file: PlanTerms & Pick<PlanInFile, 'state'> & { readonly meters: readonly PlanMeter[] },
): Promise<void> {
  const retire = async () => {
    const number = await retirePlanVersion(transaction, plan.id);
    if (number !== null)
      changes.push({ action: 'retire', noun: 'plan version', name: `${name}@${number}`, fields: [] });
  };
  const isFirst = !(await hasPlanVersions(transaction, plan.id));
  if (file.state === 'retired' && !isFirst) return retire();
  const definition = definitionOf(file, file.meters);
  const definitionHash = contentHash(definition);
  const version = {
    id: context.ids.next(),
    planId: plan.id,
    definition,
    definitionHash,
    publishedAt: context.clock.now(),
  };
  const draft = await findDraftPlanVersion(transaction, plan.id);
  if (file.state === 'draft') {
    if (draft?.definitionHash === definitionHash) return;
    const number = await saveDraftPlanVersion(transaction, version);
    const fields = draft ? changedFields(draft.definition, definition) : [];
    changes.push({ action: draft ? 'update' : 'create', noun: 'plan draft', name: `${name}@${number}`, fields });
    return;
  }
  const published = await findPublishedPlanVersion(transaction, plan.id);
  if (published?.definitionHash === definitionHash) return;
  const number = await publishPlanVersion(transaction, version);
  changes.push({
    action: 'publish',
    noun: 'plan version',
    name: `${name}@${number}`,
    fields: published ? changedFields(published.definition, definition) : [],
  });
  if (file.state === 'retired') await retire();
}
