import { InvalidError } from '#domain';
import { findTerms, insertTerms } from '#persistence';
import type { ProductInFile } from './catalog-file.js';
import type { ChangeWork } from './change-catalog.js';

/**
 * Puts the terms of a product in force that the file has, as a version of their own; without a word of them the product keeps
 * its own. What is in force already changes nothing.
 */
export async function applyTerms(
  { context, transaction, changes }: ChangeWork,
  product: { readonly id: string; readonly slug: string },
  { terms }: Pick<ProductInFile, 'terms'>,
): Promise<void> {
  if (!terms) return;
  const inForce = await findTerms(transaction, product.id);
  if (inForce?.version === terms.version && inForce.text === terms.text) return;
  if (await findTerms(transaction, product.id, terms.version)) {
    throw new InvalidError(
      'terms_version_taken',
      `products.${product.slug}.terms.version: version ${terms.version} was published before and never changes. Give these terms a version of their own.`,
    );
  }
  await insertTerms(transaction, {
    id: context.ids.next(),
    apiProductId: product.id,
    version: terms.version,
    text: terms.text,
    publishedAt: context.clock.now(),
  });
  changes.push({ action: 'publish', noun: 'terms', name: `${product.slug}@${terms.version}`, fields: [] });
}
