import type { z } from 'zod';
import { productInFile } from '../catalog/catalog-file.js';
import type { ProductInFile } from '../catalog/catalog-file.js';
import type { PlacedFault } from '../catalog/refused-in-places-error.js';

/** What a product is, its plans apart, in the words of the catalogue file. */
export const productInWords = productInFile.omit({ slug: true, publisher: true, position: true, plans: true });

export type ProductInWords = z.output<typeof productInWords>;

/** What the schema of a product cannot see. `of` names a meter or a pack in a path. */
export function productFaults(
  { meters, creditPacks }: Pick<ProductInFile, 'meters' | 'creditPacks'>,
  of: (slug: string, index: number) => string,
): readonly PlacedFault[] {
  const faults: PlacedFault[] = [];
  for (const [index, { slug, aggregation, distinctValue }] of meters.entries()) {
    const path = `meters.${of(slug, index)}`;
    if (meters.findIndex((meter) => meter.slug === slug) < index)
      faults.push({ path: `${path}.slug`, message: `"${slug}" is there twice.` });
    if ((aggregation === 'unique') !== (distinctValue !== null))
      faults.push({
        path: `${path}.distinctValue`,
        message: 'give one with aggregation "unique", and only then: what it counts once.',
      });
  }
  for (const [index, { slug }] of creditPacks.entries())
    if (creditPacks.findIndex((pack) => pack.slug === slug) < index)
      faults.push({ path: `creditPacks.${of(slug, index)}.slug`, message: `"${slug}" is there twice.` });
  return faults;
}
