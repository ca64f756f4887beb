import {
  type BillabilityRow,
  ConflictError,
  NotFoundError,
  type PlanVersion,
  PreconditionFailedError,
  type Route,
  billabilityTable,
  distinctOperations,
} from '#domain';
import {
  type Actor,
  type ListedPlanVersion,
  type PlanToEdit,
  type Transaction,
  deleteDraftPlanVersion,
  findDraftPlanVersion,
  findPlan,
  findPublishedPlanVersion,
  listMetersOfProduct,
  listPlanVersions,
  listRoutesOfProduct,
  nextPlanPosition,
} from '#persistence';
import { type PlanOffer, applyPlanOffer, applyPlanVersion } from '../catalog/apply-plan.js';
import { type ChangeWork, changeCatalog } from '../catalog/change-catalog.js';
import { type PlanMeter, type PlanTerms, termsOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { requireTaxableProducts } from '../tax/seller-tax.js';
import { checkTerms, findOwnPlan, findOwnProduct } from './own-plan.js';
import { type PlanDifference, planDifferences } from './plan-differences.js';

/** A person who edits the plans of their publisher teams. */
export interface PlanEditor {
  readonly publisherUserId: string;
  readonly actor: Actor;
}

/** Which plan, and who edits it. */
export interface EditedPlan extends PlanEditor {
  readonly planId: string;
}

/** A draft that was seen as it was then; another one is not touched. */
export interface SeenDraft extends EditedPlan {
  /** The tag that came with it; null for whatever is there. */
  readonly tag: string | null;
}

/** The draft of a plan. */
export interface PlanDraft {
  readonly planId: string;
  readonly number: number;
  readonly savedAt: Date;
  readonly terms: PlanTerms;
  /** Changes with the terms. */
  readonly tag: string;
  /** What publishing it would change of the published version; all of it when there is none. */
  readonly differences: readonly PlanDifference[];
}

/** What is given changes. */
export type OfferChanges = {
  readonly [Field in 'title' | 'summary' | 'visibility' | 'invited']?: PlanOffer[Field] | undefined;
};

export interface PlanPage extends PlanToEdit {
  readonly meters: readonly (PlanMeter & { readonly title: string; readonly unit: string })[];
  /** What its entitlements can name; an operation that several versions have is there once. */
  readonly operations: readonly Route[];
  /** What is billed where a plan says nothing of it. */
  readonly usualBillability: readonly BillabilityRow[];
  /** The newest first, the draft too. */
  readonly versions: readonly ListedPlanVersion[];
}

/**
 * A plan as its publisher edits it.
 * @throws NotFoundError `plan_not_found`
 */
export function findPlanPage(context: ServiceContext, { planId, publisherUserId }: Omit<EditedPlan, 'actor'>) {
  return context.unitOfWork.inSystem(async (transaction): Promise<PlanPage> => {
    const plan = await findOwnPlan(transaction, { planId, publisherUserId });
    const at = context.clock.now();
    return {
      ...plan,
      meters: await listMetersOfProduct(transaction, plan.apiProductId),
      operations: distinctOperations(await listRoutesOfProduct(transaction, plan.apiProductId)),
      usualBillability: billabilityTable({}),
      versions: await listPlanVersions(transaction, { publisherUserId, at, planId }),
    };
  });
}

/**
 * Creates a plan that is nothing but a draft; returns its id.
 * @throws NotFoundError `product_not_found`; ConflictError `plan_exists`; RefusedInPlacesError with every fault of the terms
 */
export function createPlan(
  context: ServiceContext,
  { product: slug, offer, terms, ...editor }: PlanEditor & { product: string; offer: PlanOffer; terms: PlanTerms },
): Promise<string> {
  return changeCatalog(context, editor.actor, async (work) => {
    const { publisherUserId } = editor;
    const product = await findOwnProduct(work.transaction, { slug, publisherUserId });
    if (await findPlan(work.transaction, product.id, offer.slug)) {
      throw new ConflictError('plan_exists', `${slug} has a plan "${offer.slug}" already: edit it, or choose another.`);
    }
    const order = await nextPlanPosition(work.transaction, product.id);
    const plan = await applyPlanOffer(work, product, offer, order);
    await saveDraft(work, { ...plan, product }, terms);
    return plan.id;
  });
}

/** What a plan is called and who sees it. */
export type ShownOffer = Pick<PlanToEdit, 'title' | 'summary' | 'visibility' | 'invited'>;

export interface ChangePlanOfferInput extends EditedPlan {
  readonly offer: OfferChanges;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: ShownOffer) => void;
}

/**
 * Changes what a plan is called and who sees it, at once.
 * @throws NotFoundError `plan_not_found`; RefusedInPlacesError `organization_unknown`, and what `check` throws
 */
export function changePlanOffer(
  context: ServiceContext,
  { offer, check, ...edited }: ChangePlanOfferInput,
): Promise<void> {
  return changeCatalog(context, edited.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, edited);
    const { slug, title, summary, visibility, invited, position } = plan;
    check?.({ title, summary, visibility, invited });
    const desired = {
      slug,
      title: offer.title ?? title,
      summary: offer.summary ?? summary,
      visibility: offer.visibility ?? visibility,
      invited: offer.invited ?? [...invited],
      position,
    };
    await applyPlanOffer(work, plan.product, desired, position);
  });
}

/**
 * The draft of a plan.
 * @throws NotFoundError `plan_not_found`, `plan_draft_not_found`
 */
export function findPlanDraft(context: ServiceContext, edited: Omit<EditedPlan, 'actor'>): Promise<PlanDraft> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const plan = await findOwnPlan(transaction, edited);
    const draft = await findDraft(transaction, { ...edited, tag: null });
    const published = await findPublishedPlanVersion(transaction, plan.id);
    return {
      planId: plan.id,
      number: draft.number,
      savedAt: draft.publishedAt,
      terms: termsOf(draft.definition),
      tag: draft.definitionHash,
      differences: planDifferences(published ? termsOf(published.definition) : null, termsOf(draft.definition)),
    };
  });
}

/**
 * Begins a draft of a plan that has none, as one of its versions is.
 * @throws NotFoundError `plan_not_found`, `plan_version_not_found`; ConflictError `plan_draft_exists`;
 *   RefusedInPlacesError when the version does not fit the meters or operations any more
 */
export function createPlanDraft(
  context: ServiceContext,
  { fromVersionId, ...edited }: EditedPlan & { readonly fromVersionId: string },
): Promise<void> {
  return changeCatalog(context, edited.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, edited);
    if (await findDraftPlanVersion(work.transaction, plan.id))
      throw new ConflictError('plan_draft_exists', 'The plan has a draft already: edit that one, or delete it first.');
    const { publisherUserId, planId } = edited;
    const at = context.clock.now();
    const versions = await listPlanVersions(work.transaction, { publisherUserId, at, planId });
    const version = versions.find(({ id }) => id === fromVersionId);
    if (!version) throw new NotFoundError('plan version');
    await saveDraft(work, plan, termsOf(version.definition));
  });
}

/**
 * Puts other terms in the place of a draft's.
 * @throws NotFoundError `plan_not_found`, `plan_draft_not_found`; PreconditionFailedError `plan_draft_changed`;
 *   RefusedInPlacesError with every fault of the terms
 */
export function replacePlanDraft(
  context: ServiceContext,
  { terms, ...seen }: SeenDraft & { readonly terms: PlanTerms },
): Promise<void> {
  return changeCatalog(context, seen.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, seen);
    await findDraft(work.transaction, seen);
    await saveDraft(work, plan, terms);
  });
}

/**
 * Throws a draft away, and with it a plan that has no other version.
 * @throws NotFoundError `plan_not_found`, `plan_draft_not_found`; PreconditionFailedError `plan_draft_changed`
 */
export function deletePlanDraft(context: ServiceContext, seen: SeenDraft): Promise<void> {
  return changeCatalog(context, seen.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, seen);
    await findDraft(work.transaction, seen);
    const number = await deleteDraftPlanVersion(work.transaction, plan.id);
    work.changes.push({ action: 'delete', noun: 'plan draft', name: `${nameOf(plan)}@${number}`, fields: [] });
  });
}

/**
 * Makes a draft the version that new subscriptions get; it never changes again, and the one before is retired. Returns its id.
 * @throws NotFoundError `plan_not_found`, `plan_draft_not_found`; PreconditionFailedError `plan_draft_changed`;
 *   ConflictError `plan_unchanged` when it is what is published, `seller_tax_refused` when the provider would rate its usage and compute
 *   its tax; RefusedInPlacesError when it no longer fits the meters or operations
 */
export function publishPlanDraft(context: ServiceContext, seen: SeenDraft): Promise<string> {
  return changeCatalog(context, seen.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, seen);
    const draft = await findDraft(work.transaction, seen);
    await saveVersion(work, plan, { terms: termsOf(draft.definition), state: 'published' });
    if (work.changes.length === 0)
      throw new ConflictError('plan_unchanged', 'The draft is what is published: change it, or delete it.');
    await requireTaxableProducts(work.transaction);
    return draft.id;
  });
}

/**
 * Ends the sale of a plan: its subscribers stay, and there are no more. Its draft stays as it is.
 * @throws NotFoundError `plan_not_found`; ConflictError `plan_not_published`
 */
export function retirePlan(context: ServiceContext, edited: EditedPlan): Promise<void> {
  return changeCatalog(context, edited.actor, async (work) => {
    const plan = await findOwnPlan(work.transaction, edited);
    const published = await findPublishedPlanVersion(work.transaction, plan.id);
    if (!published) throw new ConflictError('plan_not_published', 'No version of the plan is published.');
    await saveVersion(work, plan, { terms: termsOf(published.definition), state: 'retired' });
  });
}

async function findDraft(transaction: Transaction, { planId, tag }: Omit<SeenDraft, 'actor'>): Promise<PlanVersion> {
  const draft = await findDraftPlanVersion(transaction, planId);
  if (!draft) throw new NotFoundError('plan draft');
  if (tag !== null && draft.definitionHash !== tag) {
    throw new PreconditionFailedError(
      'plan_draft_changed',
      'The draft is not any more what you saw: somebody else has changed it. Read it again.',
    );
  }
  return draft;
}

type Owned = Pick<PlanToEdit, 'id' | 'apiProductId' | 'slug'> & { readonly product: { readonly slug: string } };

function saveDraft(work: ChangeWork, plan: Owned, terms: PlanTerms): Promise<void> {
  return saveVersion(work, plan, { terms, state: 'draft' });
}

async function saveVersion(
  work: ChangeWork,
  plan: Owned,
  { terms, state }: { readonly terms: PlanTerms; readonly state: 'draft' | 'published' | 'retired' },
): Promise<void> {
  const meters = await listMetersOfProduct(work.transaction, plan.apiProductId);
  if (state !== 'retired') {
    const routes = await listRoutesOfProduct(work.transaction, plan.apiProductId);
    checkTerms(terms, { meters, routes }, nameOf(plan));
  }
  await applyPlanVersion(work, plan, nameOf(plan), { ...terms, state, meters });
}

function nameOf({ product, slug }: Owned): string {
  return `${product.slug}/${slug}`;
}
