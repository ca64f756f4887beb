import { type ApiProduct, InvalidError, unknownOperationFaults } from '#domain';
import { findApi, findApiProduct, findPublisherTeam, listRoutesOfProduct, nextProductPosition } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { applyPlan } from './apply-plan.js';
import type { ProductInFile } from './catalog-file.js';
import { writeProduct } from '../product/write-product.js';

/** Creates or updates a product with its APIs, meters and plans. */
export async function applyProduct(work: ApplyWork, file: ProductInFile, order: number): Promise<void> {
  const { transaction } = work;
  const publisher = await findPublisherTeam(transaction, file.publisher);
  if (!publisher)
    throw new InvalidError(
      'publisher_unknown',
      `products.${file.slug}.publisher: there is no publisher "${file.publisher}". Name it under "publishers".`,
    );
  const current = await findApiProduct(transaction, file.slug);
  const product = await writeProduct(work, current, {
    slug: file.slug,
    publisherTeamId: publisher.id,
    position: work.ordersProducts
      ? (file.position ?? order)
      : (current?.position ?? (await nextProductPosition(transaction))),
    words: file,
    apiIds: await idsOfApis(work, file),
  });
  await checkEntitlements(work, product, file);
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
