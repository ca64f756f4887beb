import { describe, expect, it } from 'vitest';
import type { UnpaidInvoices } from '../api/types.js';
import { unpaidWords } from './unpaid-words.js';

const money = { amountMinor: '350', currency: 'USD', formatted: '$3.50' };
const invoice: UnpaidInvoices['invoices'][number] = {
  invoiceId: 'one',
  number: 'TG-1',
  state: 'past_due',
  paymentMethod: 'card',
  due: money,
  hostedUrl: 'https://pay.test/one',
  failureMessage: 'Your card was declined.',
  mustConfirm: false,
  nextRetryAt: '2027-02-03T00:00:00.000Z',
  accessEndsAt: '2027-02-05T00:00:00.000Z',
  isSuspended: false,
};

describe('unpaidWords', () => {
  it('says nothing where nothing is past due', () => {
    expect(unpaidWords({ isSuspended: false, owed: [], invoices: [] })).toBeNull();
  });

  it('names what is owed, and the first of what follows from several invoices', () => {
    const later = { ...invoice, invoiceId: 'two', hostedUrl: null, accessEndsAt: '2027-02-04T00:00:00.000Z' };
    expect(unpaidWords({ isSuspended: false, owed: [money], invoices: [invoice, later] })).toMatchObject({
      title: '$3.50 past due',
      accessEndsAt: '2027-02-04T00:00:00.000Z',
      nextRetryAt: '2027-02-03T00:00:00.000Z',
      payUrl: 'https://pay.test/one',
    });
  });

  it('says first that calls are refused, and leads to the payment that must be confirmed', () => {
    const confirmed = { ...invoice, mustConfirm: true, hostedUrl: 'https://pay.test/confirm' };
    // The first has had its time; the second has some left, which is of no use.
    const words = unpaidWords({ isSuspended: true, owed: [money], invoices: [invoice, confirmed] });
    expect(words).toMatchObject({
      accessEndsAt: null,
      title: 'API calls are refused: $3.50 not paid',
      mustConfirm: true,
      payUrl: 'https://pay.test/confirm',
    });
  });
});
