import type { Invoice } from './invoice.js';

type InvoiceAmounts = Pick<Invoice, 'state' | 'totalMinor' | 'balanceAppliedMinor' | 'creditedMinor' | 'paidMinor'>;

/** What the provider's invoice is over, in minor units: the total without what was taken of the balance. */
export function collectedMinor({
  totalMinor,
  balanceAppliedMinor,
}: Pick<Invoice, 'totalMinor' | 'balanceAppliedMinor'>): bigint {
  return totalMinor - balanceAppliedMinor;
}

/** What the provider's invoice asks for, in minor units: its own amount, and that of those that were carried into it. */
export function askedMinor(invoice: Pick<Invoice, 'totalMinor' | 'balanceAppliedMinor' | 'carriedInMinor'>): bigint {
  return collectedMinor(invoice) + invoice.carriedInMinor;
}

/** True for one that waits to be collected with a later one: nobody is asked for it, and it is never past due. */
export function isCarried({
  state,
  carriedAt,
  joinsInvoiceId,
}: Pick<Invoice, 'state' | 'carriedAt' | 'joinsInvoiceId'>): boolean {
  return state === 'issued' && carriedAt !== null && joinsInvoiceId === null;
}

/** True while it is collected with another one, and is neither paid nor void. */
export function isJoined({ state, joinsInvoiceId }: Pick<Invoice, 'state' | 'joinsInvoiceId'>): boolean {
  return joinsInvoiceId !== null && (state === 'issued' || state === 'uncollectible');
}

/**
 * What is left to pay of an invoice, in minor units: what the balance, credit notes and payments leave. Never below zero;
 * nothing of one that is paid or void.
 */
export function dueMinor(invoice: InvoiceAmounts): bigint {
  if (invoice.state === 'paid' || invoice.state === 'void') return 0n;
  const left = collectedMinor(invoice) - invoice.creditedMinor - invoice.paidMinor;
  return left > 0n ? left : 0n;
}

/** What was paid of an invoice beyond what it was due, in minor units: all payments of one that is void. Never below zero. */
export function overpaidMinor(invoice: InvoiceAmounts): bigint {
  if (invoice.state === 'void') return invoice.paidMinor;
  const beyond = invoice.paidMinor + invoice.creditedMinor - collectedMinor(invoice);
  return beyond > 0n ? beyond : 0n;
}

/**
 * True when a card is charged for what is due: not of an invoice by transfer, and not of one that was paid in part, as a card
 * cannot be charged a part of what the provider's invoice is over. The rest of that comes as its beginning did. Nor of one whose
 * payment a bank has taken back: the provider has it as paid for good.
 */
export function isCardCharged({
  paymentMethod,
  paidMinor,
  chargedBackMinor,
}: Pick<Invoice, 'paymentMethod' | 'paidMinor' | 'chargedBackMinor'>): boolean {
  return paymentMethod === 'card' && paidMinor === 0n && chargedBackMinor === 0n;
}
