import type { Invoice } from '../invoice/invoice.js';

/** Who computes the taxes of a seller's invoices: it by its own rates, or the payment provider. */
export type TaxSource = 'own' | 'provider';

export const TAX_SOURCES: readonly TaxSource[] = ['own', 'provider'];

/** True for an invoice of which the payment provider computes the tax, or has computed it. */
export function isTaxedByProvider({ taxTreatment }: Pick<Invoice, 'taxTreatment'>): boolean {
  return taxTreatment?.source === 'provider';
}

/** True while the tax of an invoice is not known: it is a draft until the provider has computed it. */
export function awaitsTax(invoice: Pick<Invoice, 'state' | 'taxTreatment'>): boolean {
  return invoice.state === 'draft' && isTaxedByProvider(invoice);
}
