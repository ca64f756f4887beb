import type { Invoice } from './invoice.js';

/** What is left to pay of an invoice, in minor units: nothing of one that is paid or void. */
export function dueMinor({
  state,
  totalMinor,
  balanceAppliedMinor,
}: Pick<Invoice, 'state' | 'totalMinor' | 'balanceAppliedMinor'>): bigint {
  return state === 'paid' || state === 'void' ? 0n : totalMinor - balanceAppliedMinor;
}
