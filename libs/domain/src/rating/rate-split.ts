import { Big } from 'big.js';
import type { DecimalString, MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { chargedBeforeRow } from './breakdown-row.js';
import { ofMeter } from './meter-quantity.js';
import { type MeterCharge, type PeriodUse, rateMeter } from './rate-meter.js';
import { fixedFeeLines, inOrder, usageLines } from './rate-plan.js';
import type { RatedLine } from './rated-line.js';

/** A part of a period that is billed before the period has ended, or the rest of it. */
export interface SplitRatingInput {
  readonly definition: PlanDefinition;
  /** The whole period. */
  readonly period: TimeSpan;
  /** What was used until the part began. */
  readonly before: PeriodUse;
  /** What was used until it ended, `before` counted in. */
  readonly use: PeriodUse;
  /** What the earlier parts were charged by meter, in major units; absent: what rating them gives. */
  readonly charged?: Readonly<Record<string, DecimalString>> | undefined;
  /** The part ends with the period. */
  readonly isLast: boolean;
}

/**
 * What a part of a period adds to the parts before it: the difference of what was used until its end and until its
 * start. A fixed fee in advance came with the first part. What is only known at the end is charged with the last one: a
 * fixed fee in arrears, minimum commitments, and volume prices, of which the last part charges all units less what was charged before.
 * @throws InvalidError as `ratePlan`
 */
export function rateSplit(input: SplitRatingInput): readonly RatedLine[] {
  const { definition, isLast } = input;
  return inOrder([
    ...(isLast && definition.fixedFeeDue !== 'in_advance' ? fixedFeeLines(definition, input) : []),
    ...definition.prices.flatMap((price) => {
      const charge = chargeOf(price, input);
      return charge ? usageLines(price, charge, input, isLast) : [];
    }),
  ]);
}

function chargeOf(price: MeterPrice, { use, before, charged = {}, isLast }: SplitRatingInput): MeterCharge | null {
  const earlier = ofMeter(charged, price.meter);
  if (price.price.model !== 'volume') return rateMeter(price, use, { ...before, charged: earlier });
  return isLast ? lessCharged(rateMeter(price, use), new Big(earlier ?? 0)) : null;
}

function lessCharged(whole: MeterCharge, chargedBefore: Big): MeterCharge {
  if (chargedBefore.eq(0)) return whole;
  return {
    ...whole,
    amount: whole.amount.minus(chargedBefore),
    chargedBefore,
    breakdown: [...whole.breakdown, chargedBeforeRow(chargedBefore)],
  };
}
