import { Big } from 'big.js';
import { toMinorUnits } from '../money/minor-units.js';
import { roundingStepMinor } from '../payment/rounding-step.js';
import type { Invoice, InvoiceLine } from './invoice.js';

/**
 * What of a line went to the balance, in minor units, as its invoice charges less than its lines would give back: what its exact amount settles to
 * is below zero by so much more. 0 for all others.
 */
export function cutMinorOf(
  { unroundedAmount, amountMinor }: Pick<InvoiceLine, 'unroundedAmount' | 'amountMinor'>,
  { excessCreditMinor, currency }: Pick<Invoice, 'excessCreditMinor' | 'currency'>,
): bigint {
  if (excessCreditMinor === 0n) return 0n;
  const settledMinor = toMinorUnits(new Big(unroundedAmount), currency, roundingStepMinor(currency));
  return settledMinor < 0n && settledMinor < amountMinor ? amountMinor - settledMinor : 0n;
}
