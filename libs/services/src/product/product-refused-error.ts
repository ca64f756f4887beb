import { InvalidError } from '#domain';
import type { ProductFault } from './product-in-words.js';

/** A product that cannot be as it was written down, with each place in it and what is expected there. */
export class ProductRefusedError extends InvalidError {
  constructor(
    readonly product: string,
    readonly faults: readonly ProductFault[],
  ) {
    super('product_invalid', faults.map(({ path, message }) => `products.${product}.${path}: ${message}`).join('\n'));
  }
}
