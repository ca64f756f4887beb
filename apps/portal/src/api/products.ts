import { queryOptions } from '@tanstack/react-query';
import { answerOf, client, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';
import type { ProductWords } from './types.js';

type Body = paths['/api/v1/publisher/products/{product}']['put']['requestBody']['content']['application/json'];

/** Words as they are sent: what the API answers it takes, though its types of the two differ. */
const bodyOf = (words: ProductWords) => words as Body;

/** A product as its publisher edits it, with the ETag to change it by. */
export const productToEditQuery = (product: string) =>
  queryOptions({
    queryKey: ['publisher', 'product', product],
    queryFn: () =>
      taggedAnswerOf(client.GET('/api/v1/publisher/products/{product}', { params: { path: { product } } })),
  });

/** What the page of a product would show of a description. */
export const markdownPreviewQuery = (markdown: string) =>
  queryOptions({
    queryKey: ['publisher', 'markdown-preview', markdown],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => answerOf(client.POST('/api/v1/publisher/products/markdown-preview', { body: { markdown } })),
  });

/** @throws ProblemError `product_exists`, `product_invalid` among others */
export function createProduct({ slug, publisher, words }: NewProduct) {
  return taggedAnswerOf(
    client.POST('/api/v1/publisher/products', { body: { ...bodyOf(words), slug, ...(publisher && { publisher }) } }),
  );
}

export interface NewProduct {
  readonly slug: string;
  /** Empty for the only team of its publisher. */
  readonly publisher: string;
  readonly words: ProductWords;
}

/** @throws ProblemError `product_invalid`, `changed_meanwhile` among others */
export function replaceProduct(product: string, etag: string, words: ProductWords) {
  return taggedAnswerOf(
    client.PUT('/api/v1/publisher/products/{product}', {
      params: { path: { product }, header: { 'if-match': etag } },
      body: bodyOf(words),
    }),
  );
}
