import { type ApiProduct, InvalidError, type Meter, unknownOperationFaults } from '#domain';
import {
  findApi,
  findApiProduct,
  findMeter,
  findPublisherTeam,
  listApiSlugsOfProduct,
  listRoutesOfProduct,
  replaceApisOfProduct,
  saveApiProduct,
  saveMeter,
} from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { applyPlan } from './apply-plan.js';
import { applyTerms } from './apply-terms.js';
import { changedFields } from './catalog-change.js';
import type { ProductInFile } from './catalog-file.js';

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
    tags: file.tags,
    position: file.position ?? order,
    testQuota: file.testQuota,
    taxCategory: file.taxCategory,
    taxCode: file.taxCode === undefined ? (current?.taxCode ?? null) : file.taxCode,
    creditPacks: file.creditPacks,
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
  await checkEntitlements(work, product, file);
  await applyTerms(work, product, file);
  for (const meter of file.meters) await applyMeter(work, product, meter);
  for (const [position, plan] of file.plans.entries())
    await applyPlan(work, product, { ...plan, meters: file.meters }, position);
}

/** @throws InvalidError for plans that name operations which no API of the product has. */
async function checkEntitlements(
  { transaction }: ApplyWork,
  { id, slug }: ApiProduct,
  { plans }: ProductInFile,
): Promise<void> {
  const routes = await listRoutesOfProduct(transaction, id);
  const lines = plans
    .filter(({ state }) => state !== 'retired')
    .flatMap((plan) =>
      unknownOperationFaults(plan.entitlements, routes).map(
        ({ path, message }) => `  products.${slug}.plans.${plan.slug}.${path}: ${message}`,
      ),
    );
  if (lines.length === 0) return;
  throw new InvalidError('catalog_invalid', `The catalogue file has faults:\n${lines.join('\n')}`);
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
