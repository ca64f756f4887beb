import { describe, expect, it } from 'vitest';
import { ConflictError } from '../problem/tollgate-error.js';
import {
  canMoveInvoice,
  type InvoiceState,
  invoiceTransitions,
  isInvoiceIssued,
  moveInvoice,
} from './invoice-state.js';

const states = Object.keys(invoiceTransitions) as InvoiceState[];
const allowed = [
  'draft → review',
  'draft → locked',
  'review → locked',
  'locked → issued',
  'issued → paid',
  'issued → past_due',
  'issued → uncollectible',
  'issued → void',
  'past_due → paid',
  'past_due → uncollectible',
  'past_due → void',
  'uncollectible → paid',
  'uncollectible → void',
];
const pairs = states.flatMap((from) => states.map((to) => ({ from, to, name: `${from} → ${to}` })));

describe('invoice transitions', () => {
  it.each(pairs.filter(({ name }) => allowed.includes(name)))('allows $name', ({ from, to }) => {
    expect(canMoveInvoice(from, to)).toBe(true);
    expect(moveInvoice(from, to)).toBe(to);
  });

  it.each(pairs.filter(({ name }) => !allowed.includes(name)))('refuses $name', ({ from, to }) => {
    expect(canMoveInvoice(from, to)).toBe(false);
    expect(() => moveInvoice(from, to)).toThrow(ConflictError);
  });

  it('show it to its payer once it is issued', () => {
    expect(states.filter(isInvoiceIssued)).toEqual(['issued', 'past_due', 'uncollectible', 'paid', 'void']);
  });

  it('says what is allowed instead', () => {
    expect(() => moveInvoice('past_due', 'issued')).toThrow(
      'cannot become issued. Allowed: paid, uncollectible, void.',
    );
    expect(() => moveInvoice('paid', 'void')).toThrow('the state is final');
  });
});
