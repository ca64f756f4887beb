import { type ApiProduct, InvalidError, type Meter, type Plan } from '#domain';
import {
  findApi,
  findApiProduct,
  findDraftPlanVersion,
  findMeter,
  findPlan,
  findPublishedPlanVersion,
  findPublisherTeam,
  listApiSlugsOfProduct,
  listInvitedSlugs,
  publishPlanVersion,
  replaceApisOfProduct,
  replaceInvitations,
  retirePlanVersion,
  saveApiProduct,
  saveDraftPlanVersion,
  saveMeter,
  savePlan,
} from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields, contentHash } from './catalog-change.js';
import { definitionOf } from './catalog-faults.js';
import type { PlanInFile, ProductInFile } from './catalog-file.js';

/** Creates or updates a product with its APIs, meters and plans. */
export async function applyProduct(work: ApplyWork, file: ProductInFile, order: number): Promise<void> {
  const { context, transaction, changes } = work;
  const publisher = await findPublisherTeam(transaction, file.publisher);
  if (!publisher)
    throw new InvalidError(
      'publisher_unknown',
      `products.${file.slug}.publisher: there is no publisher "${file.publisher}". Name it under "publishers".`,
    );
  const apiIds = await idsOfApis(work, file);
  const current = await findApiProduct(transaction, file.slug);
  const product: ApiProduct = {
    id: current?.id ?? context.ids.next(),
    publisherTeamId: publisher.id,
    slug: file.slug,
    title: file.title,
    summary: file.summary,
    description: file.description,
    position: file.position ?? order,
    testQuota: file.testQuota,
    createdAt: current?.createdAt ?? context.clock.now(),
  };
  const desiredApis = [...file.apis].sort();
  const fields = current
    ? [
        ...changedFields<ApiProduct>(current, product),
        ...changedFields({ apis: await listApiSlugsOfProduct(transaction, current.id) }, { apis: desiredApis }),
      ]
    : [];
  if (!current || fields.length > 0) {
    await saveApiProduct(transaction, product);
    await replaceApisOfProduct(transaction, product.id, apiIds);
    changes.push({ action: current ? 'update' : 'create', noun: 'API product', name: file.slug, fields });
  }
  for (const meter of file.meters) await applyMeter(work, product, meter);
  for (const [position, plan] of file.plans.entries())
    await applyPlan(work, product, { ...plan, meters: file.meters }, position);
}

async function idsOfApis({ transaction }: ApplyWork, file: ProductInFile): Promise<string[]> {
  const ids: string[] = [];
  for (const slug of new Set(file.apis)) {
    const api = await findApi(transaction, slug);
    if (!api)
      throw new InvalidError(
        'api_unknown',
        `products.${file.slug}.apis: there is no API "${slug}". Name it under "apis".`,
      );
    ids.push(api.id);
  }
  return ids;
}

async function applyMeter(
  { context, transaction, changes }: ApplyWork,
  product: ApiProduct,
  file: ProductInFile['meters'][number],
): Promise<void> {
  const current = await findMeter(transaction, product.id, file.slug);
  const meter: Meter = { id: current?.id ?? context.ids.next(), apiProductId: product.id, ...file };
  const fields = current ? changedFields<Meter>(current, meter) : [];
  if (current && fields.length === 0) return;
  await saveMeter(transaction, meter);
  changes.push({ action: current ? 'update' : 'create', noun: 'meter', name: `${product.slug}/${file.slug}`, fields });
}

async function applyPlan(
  work: ApplyWork,
  product: ApiProduct,
  file: PlanInFile & Pick<ProductInFile, 'meters'>,
  order: number,
): Promise<void> {
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
  await applyPlanVersion(work, plan, name, file);
}

async function applyInvitations(
  { context, transaction, changes }: ApplyWork,
  plan: Plan,
  name: string,
  file: PlanInFile,
): Promise<void> {
  const desired = file.visibility === 'invited' ? [...new Set(file.invited)].sort() : [];
  const current = await listInvitedSlugs(transaction, plan.id);
  const fields = changedFields({ invited: current }, { invited: desired });
  if (fields.length === 0) return;
  const [unknown] = await replaceInvitations(transaction, plan.id, desired, context.clock.now());
  if (unknown !== undefined)
    throw new InvalidError(
      'organization_unknown',
      `products.${name}.invited: there is no organization "${unknown}". Only one that has signed up can be invited.`,
    );
  changes.push({ action: 'update', noun: 'plan', name, fields });
}

async function applyPlanVersion(
  { context, transaction, changes }: ApplyWork,
  plan: Plan,
  name: string,
  file: PlanInFile & Pick<ProductInFile, 'meters'>,
): Promise<void> {
  if (file.state === 'retired') {
    const number = await retirePlanVersion(transaction, plan.id);
    if (number !== null)
      changes.push({ action: 'retire', noun: 'plan version', name: `${name}@${number}`, fields: [] });
    return;
  }
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
}
