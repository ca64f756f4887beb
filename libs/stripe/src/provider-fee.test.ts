import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { toProviderFee } from './provider-fee.js';

function aMovement(fee: number, currency: string): Stripe.BalanceTransaction {
  const source = { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' };
  return { id: 'txn_1', fee, currency, created: 1_790_000_000, source } as unknown as Stripe.BalanceTransaction;
}

describe('the fee of a payment', () => {
  it.each([
    ['usd', 59, 59n],
    ['jpy', 7, 7n],
    ['kwd', 1235, 1235n],
    // Stripe counts hundredths of these, of which fees need not be whole ones.
    ['isk', 17_720, 177n],
    ['isk', 50, 1n],
    ['isk', 49, 0n],
    ['ugx', 150, 2n],
    // Whole ariary, of which there are a hundred minor units.
    ['mga', 7, 700n],
  ])('in %s of %i is %s minor units, and as much when it is given back', (currency, fee, amountMinor) => {
    const taken = { providerPaymentId: 'pi_1', kind: 'payment', currency: currency.toUpperCase(), amountMinor };
    expect(toProviderFee(aMovement(fee, currency))).toMatchObject(taken);
    expect(toProviderFee(aMovement(-fee, currency))?.amountMinor).toBe(-amountMinor);
  });
});
