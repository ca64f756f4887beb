/**
 * How a sale is taxed. `zero` is taxed at 0 %, `exempt` by law not at all, with `reverse_charge` the buyer owes the tax, and
 * `outside_scope` is no matter of the seller's tax.
 */
export type TaxCategory = 'standard' | 'reduced' | 'zero' | 'exempt' | 'reverse_charge' | 'outside_scope';

/** The category codes of EN 16931, a part of UNTDID 5305; a reduced rate has the code of the standard one. */
export const TAX_CATEGORY_CODES: Readonly<Record<TaxCategory, 'S' | 'Z' | 'E' | 'AE' | 'O'>> = {
  standard: 'S',
  reduced: 'S',
  zero: 'Z',
  exempt: 'E',
  reverse_charge: 'AE',
  outside_scope: 'O',
};

export const TAX_CATEGORIES = Object.keys(TAX_CATEGORY_CODES) as readonly TaxCategory[];

/** The form of Stripe's code of what is sold: https://docs.stripe.com/tax/tax-codes */
export const TAX_CODE_FORM = /^txcd_\d{8}$/;

/** What a product can be: the rate of that category is looked for first, then the standard one. */
export type ProductTaxCategory = 'standard' | 'reduced' | 'zero' | 'exempt';

export const PRODUCT_TAX_CATEGORIES: readonly ProductTaxCategory[] = ['standard', 'reduced', 'zero', 'exempt'];
