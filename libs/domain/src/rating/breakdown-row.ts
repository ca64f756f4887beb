import type { Big } from 'big.js';
import type { TierCharge } from '../invoice/invoice.js';
import { formatDecimal } from '../money/decimal.js';

/** A row of a breakdown that says only what is given: else no units, no price, and nothing that is owed. */
export function breakdownRow(said: Partial<TierCharge>): TierCharge {
  return { from: '0', upTo: null, units: '0', unitAmount: '0', flatAmount: '0', amount: '0', ...said };
}

/** The row that takes off what was charged for a period before; `units` are those that it was charged for. */
export function chargedBeforeRow(charged: Big, units = '0'): TierCharge {
  return breakdownRow({ units, amount: formatDecimal(charged.neg()), basis: 'charged_before' });
}
