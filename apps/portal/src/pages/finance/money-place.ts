import type { BalanceStatement, Invoice, Product, Seller } from '../../api/types.js';

interface Sources {
  readonly invoices: readonly Pick<Invoice, 'total'>[] | undefined;
  readonly balances: readonly Pick<BalanceStatement['balances'][number], 'amount'>[] | undefined;
  readonly products: readonly { readonly plans: readonly Pick<Product['plans'][number], 'version'>[] }[] | undefined;
}

/** In what an organization is invoiced and has money, and then in what plans are offered, each once; what is not read yet says nothing. */
export function currenciesInUse({ invoices = [], balances = [], products = [] }: Sources): readonly string[] {
  return [
    ...new Set([
      ...invoices.map(({ total }) => total.currency),
      ...balances.map(({ amount }) => amount.currency),
      ...products.flatMap(({ plans }) => plans.map(({ version }) => version.definition.currency)),
    ]),
  ];
}

/** The seller that money by hand is of before somebody chooses: that of the invoice, or the only one; null where one must be chosen. */
export function firstSeller(sellers: readonly Pick<Seller, 'slug'>[], ofInvoice: string | undefined): string | null {
  if (ofInvoice !== undefined) return ofInvoice;
  const [only, second] = sellers;
  return only !== undefined && second === undefined ? only.slug : null;
}
