import { createHash } from 'node:crypto';
import { type CreditsPaid, formatDecimal, formatMinor, parseDecimal, returnedCredits, usageKey } from '#domain';
import type { PeriodLine } from './rate-period.js';

/**
 * A line for what goes back to each grant of a period and meter, after the lines by which that gives something back: above zero, as
 * those are below. Pure.
 */
export function returnLines(currency: string, lines: readonly PeriodLine[], paid: CreditsPaid): PeriodLine[] {
  return returnedCredits(lines, paid).map(({ grant, periodStart, meter, amountMinor }, index) => {
    const key = usageKey({ periodStart, meter });
    const { phaseId, planVersionId } = lines.find((line) => line.amountMinor < 0n && usageKey(line) === key)!;
    const basis = [grant.id, key, amountMinor.toString()];
    const day = periodStart.toISOString().slice(0, 10);
    return {
      position: lines.length + index + 1,
      kind: 'prepaid_credit',
      meter,
      description: `Prepaid credits returned: ${grant.reason} (${meter} of the period from ${day})`,
      quantity: '1',
      included: '0',
      billableQuantity: '1',
      pricedQuantity: '1',
      unroundedAmount: formatDecimal(parseDecimal(formatMinor(amountMinor, currency))),
      amountMinor,
      breakdown: [],
      phaseId,
      planVersionId,
      periodStart,
      inputHash: createHash('sha256').update(JSON.stringify(basis)).digest('hex'),
      creditGrantId: grant.id,
    };
  });
}
