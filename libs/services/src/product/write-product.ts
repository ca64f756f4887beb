import type { ApiProduct, Meter } from '#domain';
import { findMeter, listApiSlugsOfProduct, replaceApisOfProduct, saveApiProduct, saveMeter } from '#persistence';
import { applyTerms } from '../catalog/apply-terms.js';
import { changedFields } from '../catalog/catalog-change.js';
import type { ChangeWork } from '../catalog/change-catalog.js';
import type { ProductInWords } from './product-in-words.js';

export interface DesiredProduct {
  readonly slug: string;
  readonly publisherTeamId: string;
  readonly position: number;
  readonly words: ProductInWords;
  /** Of the APIs that the words name. */
  readonly apiIds: readonly string[];
}

/**
 * Makes a product what its words say, or makes one: meters and terms with it, plans apart. What the words are silent about stays, as do
 * meters that they do not name. The one writer for the catalogue file and the page.
 * @throws InvalidError `terms_version_taken`
 */
export async function writeProduct(
  work: ChangeWork,
  current: ApiProduct | null,
  { words, apiIds, ...desired }: DesiredProduct,
): Promise<ApiProduct> {
  const { context, transaction, changes } = work;
  const { title, summary, description, tags, testQuota, taxCategory, taxCode, creditPacks } = words;
  const product: ApiProduct = {
    id: current?.id ?? context.ids.next(),
    ...desired,
    title,
    summary,
    description,
    tags,
    testQuota,
    taxCategory,
    taxCode: taxCode === undefined ? (current?.taxCode ?? null) : taxCode,
    creditPacks,
    createdAt: current?.createdAt ?? context.clock.now(),
  };
  const fields = current
    ? [
        ...changedFields<ApiProduct>(current, product),
        ...changedFields(
          { apis: await listApiSlugsOfProduct(transaction, current.id) },
          { apis: [...words.apis].sort() },
        ),
      ]
    : [];
  if (!current || fields.length > 0) {
    await saveApiProduct(transaction, product);
    await replaceApisOfProduct(transaction, product.id, apiIds);
    changes.push({ action: current ? 'update' : 'create', noun: 'API product', name: product.slug, fields });
  }
  await applyTerms(work, product, words);
  for (const meter of words.meters) await writeMeter(work, product, meter);
  return product;
}

async function writeMeter(
  { context, transaction, changes }: ChangeWork,
  product: ApiProduct,
  words: ProductInWords['meters'][number],
): Promise<void> {
  const current = await findMeter(transaction, product.id, words.slug);
  const meter: Meter = { id: current?.id ?? context.ids.next(), apiProductId: product.id, ...words };
  const fields = current ? changedFields<Meter>(current, meter) : [];
  if (current && fields.length === 0) return;
  await saveMeter(transaction, meter);
  changes.push({ action: current ? 'update' : 'create', noun: 'meter', name: `${product.slug}/${words.slug}`, fields });
}
