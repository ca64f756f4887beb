import type { DunningOverview } from '#services';
import { expect, it } from 'vitest';
import { toDunning, toUnpaidInvoice } from './to-dunning.js';

const pastDue: DunningOverview = {
  invoiceId: '01a21e26-9bd4-7000-9041-76945ee20d84',
  number: 'INV-000001',
  state: 'past_due',
  organization: { id: '01a21e22-5a6e-7000-b0b8-751244a5b15f', name: 'Wayfarer Travel' },
  currency: 'EUR',
  paymentMethod: 'card',
  totalMinor: 1_200n,
  balanceAppliedMinor: 0n,
  creditedMinor: 0n,
  paidMinor: 0n,
  chargedBackMinor: 0n,
  dueMinor: 1_200n,
  hostedUrl: 'https://pay.example/in_1',
  attempt: 1,
  failureCode: 'card_declined',
  failureMessage: 'Your card was declined.',
  failedAt: new Date('2026-12-30T10:00:00Z'),
  isDisputed: false,
  case: null,
  pause: null,
  outlook: null,
};

it('tells the payer why a payment failed, and where to pay', () => {
  expect(toUnpaidInvoice(pastDue)).toMatchObject({
    failureMessage: 'Your card was declined.',
    hostedUrl: 'https://pay.example/in_1',
  });
});

it('tells finance alone what the payment provider has differently of an invoice that is held', () => {
  const held = { ...pastDue, failureCode: 'reconcile_hold', failureMessage: 'in_1 has a line more' };
  expect(toUnpaidInvoice(held)).toMatchObject({ failureMessage: null, hostedUrl: null });
  expect(toDunning(held)).toMatchObject({ failureMessage: 'in_1 has a line more' });
});
