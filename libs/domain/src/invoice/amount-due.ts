import type { Invoice } from './invoice.js';

/** What is collected of an invoice, in minor units: its total without what was taken of the balance. */
export function collectedMinor({
  totalMinor,
  balanceAppliedMinor,
}: Pick<Invoice, 'totalMinor' | 'balanceAppliedMinor'>): bigint {
  return totalMinor - balanceAppliedMinor;
}

/** What is left to pay of an invoice, in minor units: nothing of one that is paid or void. */
export function dueMinor(invoice: Pick<Invoice, 'state' | 'totalMinor' | 'balanceAppliedMinor'>): bigint {
  return invoice.state === 'paid' || invoice.state === 'void' ? 0n : collectedMinor(invoice);
}
