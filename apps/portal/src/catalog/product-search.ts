import type { Product } from '../api/types.js';

type Searched = Pick<Product, 'title' | 'slug' | 'summary' | 'description' | 'tags'> & {
  readonly publisher: Pick<Product['publisher'], 'name'>;
  readonly apis: readonly Pick<Product['apis'][number], 'title'>[];
};

/** Those of the products that have the tag and, anywhere in what is said of them, every word of the text. */
export function searchProducts<Found extends Searched>(
  products: readonly Found[],
  { text, tag }: { readonly text: string; readonly tag: string | undefined },
): Found[] {
  const words = foldText(text).split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    if (tag !== undefined && !product.tags.includes(tag)) return false;
    const said = foldText(
      [
        product.title,
        product.slug,
        product.summary,
        product.description,
        product.publisher.name,
        ...product.tags,
        ...product.apis.map(({ title }) => title),
      ].join('\n'),
    );
    return words.every((word) => said.includes(word));
  });
}

/** The tags of all products: those of most of them first, then by name. */
export function tagsOf(products: readonly Pick<Product, 'tags'>[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of products.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .toSorted(([one, ofOne], [other, ofOther]) => ofOther - ofOne || one.localeCompare(other))
    .map(([tag]) => tag);
}

/** Without case and accents: "Café" is found by "cafe". */
function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
