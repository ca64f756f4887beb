import { ConflictError } from '../problem/tollgate-error.js';

/**
 * `draft`: rated, may still be rebuilt. `review`: its lines and amounts are fixed, and people look at it. `locked`: looked at,
 * and about to be issued. `issued`: numbered and immutable, awaiting payment. `past_due`: a payment failed
 * or the term passed. `uncollectible`: given up for the books, though it may still be paid. `paid` and `void` are final; what
 * was wrong with them is corrected by a new document.
 */
export type InvoiceState = 'draft' | 'review' | 'locked' | 'issued' | 'paid' | 'past_due' | 'uncollectible' | 'void';

/** Where an invoice may go from each state. */
export const invoiceTransitions: Readonly<Record<InvoiceState, readonly InvoiceState[]>> = {
  draft: ['review', 'locked'],
  review: ['locked'],
  locked: ['issued'],
  issued: ['paid', 'past_due', 'uncollectible', 'void'],
  past_due: ['paid', 'uncollectible', 'void'],
  uncollectible: ['paid', 'void'],
  paid: [],
  void: [],
};

/** True once its payer sees it: it is numbered, unless it is over nothing. */
export function isInvoiceIssued(state: InvoiceState): boolean {
  return state !== 'draft' && state !== 'review' && state !== 'locked';
}

/** True for one that is issued and neither paid nor void: something of it is due. */
export function isInvoiceUnpaid(state: InvoiceState): boolean {
  return state === 'issued' || state === 'past_due' || state === 'uncollectible';
}

/** True when an invoice may go from one state to the other; staying is no transition. */
export function canMoveInvoice(from: InvoiceState, to: InvoiceState): boolean {
  return invoiceTransitions[from].includes(to);
}

/**
 * Returns `to` when an invoice may go there.
 * @throws ConflictError `invoice_transition_refused`
 */
export function moveInvoice(from: InvoiceState, to: InvoiceState): InvoiceState {
  if (canMoveInvoice(from, to)) return to;
  const allowed = invoiceTransitions[from].join(', ') || 'nothing: the state is final';
  throw new ConflictError(
    'invoice_transition_refused',
    `An invoice that is ${from} cannot become ${to}. Allowed: ${allowed}.`,
  );
}
