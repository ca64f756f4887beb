import { Big } from 'big.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal } from '../money/decimal.js';
import type { TimeSpan } from '../period/monthly-period.js';
import type { PeriodUse } from './rate-meter.js';
import { ratePlan } from './rate-plan.js';
import type { RatedLine } from './rated-line.js';

/** A period that is billed several times while it runs. */
export interface ProgressiveRatingInput {
  readonly definition: PlanDefinition;
  readonly period: TimeSpan;
  /** All that was used of the period at each billing; less than before when usage was taken back. */
  readonly uses: readonly PeriodUse[];
}

/**
 * What each billing adds: the settled lines of all that was used until then, less those of the billing before. So the
 * last one corrects what rounding, tiers or usage taken back made of the earlier ones, and they add up to the settled
 * period. Minimum commitments come with the last billing only. Lines that add nothing are left out.
 * @throws InvalidError as `ratePlan`
 */
export function rateProgressive({
  definition,
  period,
  uses,
}: ProgressiveRatingInput): readonly (readonly RatedLine[])[] {
  let before: readonly RatedLine[] = [];
  return uses.map((use, index) => {
    const isLast = index === uses.length - 1;
    const lines = ratePlan({ definition, period, ...use }).lines.filter(
      ({ kind }) => isLast || kind !== 'minimum_commitment',
    );
    const added = lines.map((line) => lessBefore(line, before)).filter(({ amountMinor }) => amountMinor !== 0n);
    before = lines;
    return added;
  });
}

function lessBefore(line: RatedLine, before: readonly RatedLine[]): RatedLine {
  const earlier = before.find(({ kind, meter }) => kind === line.kind && meter === line.meter);
  if (!earlier) return line;
  const less = (field: 'quantity' | 'included' | 'billableQuantity' | 'pricedQuantity' | 'unroundedAmount') =>
    formatDecimal(new Big(line[field]).minus(earlier[field]));
  return {
    ...line,
    quantity: less('quantity'),
    included: less('included'),
    billableQuantity: less('billableQuantity'),
    pricedQuantity: less('pricedQuantity'),
    unroundedAmount: less('unroundedAmount'),
    amountMinor: line.amountMinor - earlier.amountMinor,
  };
}
