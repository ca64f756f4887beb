import { type ApiProduct, ConflictError } from '#domain';
import {
  type Actor,
  type Transaction,
  findApiProduct,
  findPublisherApi,
  findTerms,
  listApiSlugsOfProduct,
  listMeters,
  nextProductPosition,
} from '#persistence';
import { changeCatalog } from '../catalog/change-catalog.js';
import type { ServiceContext } from '../context.js';
import { findOwnProduct } from '../plan/own-plan.js';
import { findOwnTeam } from '../publisher/own-team.js';
import { requireTaxableProducts } from '../tax/seller-tax.js';
import { type PlacedFault, RefusedInPlacesError } from '../catalog/refused-in-places-error.js';
import { type ProductInWords, productFaults } from './product-in-words.js';
import { writeProduct } from './write-product.js';

/** Which product, and who edits it. */
export interface EditedProduct {
  /** Slug of the product. */
  readonly product: string;
  readonly publisherUserId: string;
}

/** A product as its publisher edits it. */
export interface ProductToEdit {
  readonly slug: string;
  readonly words: ProductInWords;
}

export interface CreateProductInput extends EditedProduct {
  readonly words: ProductInWords;
  /** Slug of the publisher team that it is of; null for the only one of the person. */
  readonly publisher: string | null;
  readonly actor: Actor;
}

/** @throws NotFoundError `product_not_found`, also for one of other publishers */
export function findProductToEdit(context: ServiceContext, edited: EditedProduct): Promise<ProductToEdit> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const product = await findOwnProduct(transaction, { slug: edited.product, ...edited });
    return { slug: product.slug, words: await wordsOf(transaction, product) };
  });
}

/**
 * Adds a product behind all others. Only its publishers see it until a plan of it is published.
 * @throws ConflictError `product_exists`, also for one of other publishers; RefusedInPlacesError with every fault of the words; what
 *   `findOwnTeam` throws
 */
export function createProduct(
  context: ServiceContext,
  { product: slug, words, publisher, publisherUserId, actor }: CreateProductInput,
): Promise<void> {
  return changeCatalog(context, actor, async (work) => {
    const { transaction } = work;
    const team = await findOwnTeam(transaction, { publisher, publisherUserId });
    if (await findApiProduct(transaction, slug))
      throw new ConflictError('product_exists', `There is a product "${slug}" already: choose another short name.`);
    const apiIds = await requireSound(transaction, { product: slug, publisherUserId }, words, []);
    const position = await nextProductPosition(transaction);
    await writeProduct(work, null, { slug, publisherTeamId: team.id, position, words, apiIds });
    await requireTaxableProducts(transaction);
  });
}

export interface ReplaceProductInput extends EditedProduct {
  readonly words: ProductInWords;
  readonly actor: Actor;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check: (current: ProductToEdit) => void;
}

/**
 * Makes a product what the words say, at once. Meters stay for good, as usage and prices name them; published plan versions keep what they
 * took over of them.
 * @throws NotFoundError `product_not_found`; RefusedInPlacesError with every fault of the words; InvalidError `terms_version_taken`; what
 *   `check` throws
 */
export function replaceProduct(
  context: ServiceContext,
  { words, actor, check, ...edited }: ReplaceProductInput,
): Promise<void> {
  return changeCatalog(context, actor, async (work) => {
    const { transaction } = work;
    const { publisherUserId } = edited;
    const current = await findOwnProduct(transaction, { slug: edited.product, publisherUserId });
    const before = await wordsOf(transaction, current);
    check({ slug: current.slug, words: before });
    const apiIds = await requireSound(transaction, edited, words, before.meters);
    const { slug, publisherTeamId, position } = current;
    await writeProduct(work, current, { slug, publisherTeamId, position, words, apiIds });
    await requireTaxableProducts(transaction);
  });
}

async function wordsOf(transaction: Transaction, product: ApiProduct): Promise<ProductInWords> {
  const { title, summary, description, tags, taxCategory, taxCode, testQuota, creditPacks } = product;
  const terms = await findTerms(transaction, product.id);
  const meters = await listMeters(transaction, product.id);
  return {
    title,
    summary,
    description,
    tags: [...tags],
    taxCategory,
    taxCode,
    testQuota,
    ...(terms && { terms: { version: terms.version, text: terms.text } }),
    apis: await listApiSlugsOfProduct(transaction, product.id),
    meters: meters.map(({ slug, title: name, unit, aggregation, distinctValue, bindings }) => ({
      slug,
      title: name,
      unit,
      aggregation,
      distinctValue,
      bindings: [...bindings],
    })),
    creditPacks: [...creditPacks],
  };
}

/** Returns the ids of its APIs. @throws RefusedInPlacesError with every fault */
async function requireSound(
  transaction: Transaction,
  { product, publisherUserId }: EditedProduct,
  words: ProductInWords,
  metersBefore: ProductInWords['meters'],
): Promise<string[]> {
  const faults: PlacedFault[] = [...productFaults(words, (_, index) => String(index))];
  const kept = new Set(words.meters.map(({ slug }) => slug));
  for (const { slug } of metersBefore)
    if (!kept.has(slug))
      faults.push({
        path: 'meters',
        message: `the meter "${slug}" cannot go, as usage and prices name it: leave it in.`,
      });
  const ids = new Set<string>();
  for (const [index, slug] of words.apis.entries()) {
    const api = await findPublisherApi(transaction, { slug, publisherUserId });
    if (api) ids.add(api.id);
    else faults.push({ path: `apis.${index}`, message: `your publisher teams have no API "${slug}".` });
  }
  if (faults.length > 0) throw new RefusedInPlacesError('product_invalid', `products.${product}`, faults);
  return [...ids];
}
