import type { PlanDefinition } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { settle } from '../money/minor-units.js';
import { feePeriodAt } from '../period/fee-period.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { shareOfPeriod } from '../period/period-share.js';
import { type PhaseSpan, isPhaseInForce } from '../subscription/phase-change.js';
import { utcSpan } from './utc-span.js';
import type { RatedLine } from './rated-line.js';

/** A phase with what it says of fees. */
export interface FeePhase extends PhaseSpan {
  readonly definition: PlanDefinition;
}

/** A fixed fee in advance that falls due, or what is given back of one. */
export interface AdvanceFee<Phase extends FeePhase = FeePhase> {
  readonly phase: Phase;
  readonly kind: 'fixed_fee' | 'fixed_fee_credit';
  /** The part of the fee's period that is paid for, or given back. */
  readonly part: TimeSpan;
  /** The whole period of the fee. */
  readonly nominal: TimeSpan;
}

export interface AdvanceFeesInput<Phase extends FeePhase> {
  /** All phases of the subscription, in the order of their start. */
  readonly phases: readonly Phase[];
  readonly anchorMs: number;
  /** Infinity when it goes on. */
  readonly canceledMs: number;
  /** Fees that fall due after its start, and at its end or before. */
  readonly span: TimeSpan;
}

/**
 * What a span of time brings of fixed fees in advance. A phase pays, when it begins, for the rest of the period that it begins
 * in, and for each further period when that begins. When another phase follows, what is left of the period is given back;
 * when the subscription ends, nothing is. So the fee of the next period falls due with the end of the one before it.
 * In the order of the phases, what is given back before what is paid.
 */
export function advanceFees<Phase extends FeePhase>(input: AdvanceFeesInput<Phase>): AdvanceFee<Phase>[] {
  const phases = input.phases.filter((phase) => isPhaseInForce(phase) && phase.startsAt.getTime() < input.canceledMs);
  return phases.flatMap((phase, index) => {
    if (phase.definition.fixedFeeDue !== 'in_advance') return [];
    if (parseDecimal(phase.definition.fixedFee, 'fixedFee').eq(0)) return [];
    const endMs = Math.min(phase.endsAt?.getTime() ?? Infinity, input.canceledMs);
    return [
      ...feesPaid(phase, endMs, input),
      ...(phases[index + 1]?.startsAt.getTime() === endMs ? feesGivenBack(phase, endMs, input) : []),
    ];
  });
}

function feesPaid<Phase extends FeePhase>(
  phase: Phase,
  endMs: number,
  { anchorMs, span }: AdvanceFeesInput<Phase>,
): AdvanceFee<Phase>[] {
  const beginMs = phase.startsAt.getTime();
  const fees: AdvanceFee<Phase>[] = [];
  const pay = (fromMs: number) => {
    const nominal = feePeriodAt(anchorMs, fromMs);
    fees.push({ phase, kind: 'fixed_fee', part: { startMs: fromMs, endMs: nominal.endMs }, nominal });
  };
  if (isWithin(beginMs, span)) pay(beginMs);
  const firstMs = feePeriodAt(anchorMs, Math.max(beginMs, span.startMs)).endMs;
  for (let dueMs = firstMs; dueMs < endMs && isWithin(dueMs, span); dueMs = feePeriodAt(anchorMs, dueMs).endMs)
    pay(dueMs);
  return fees;
}

function feesGivenBack<Phase extends FeePhase>(
  phase: Phase,
  endMs: number,
  { anchorMs, span }: AdvanceFeesInput<Phase>,
): AdvanceFee<Phase>[] {
  const nominal = feePeriodAt(anchorMs, endMs - 1);
  if (!isWithin(endMs, span) || nominal.endMs === endMs) return [];
  return [{ phase, kind: 'fixed_fee_credit', part: { startMs: endMs, endMs: nominal.endMs }, nominal }];
}

function isWithin(atMs: number, { startMs, endMs }: TimeSpan): boolean {
  return atMs > startMs && atMs <= endMs;
}

/** The fee as a line, rounded once: its share by milliseconds of the whole period, below zero when it is given back. */
export function advanceFeeLine({ phase: { definition }, kind, part, nominal }: AdvanceFee): RatedLine {
  const share = shareOfPeriod(parseDecimal(definition.fixedFee, 'fixedFee'), part, nominal);
  const amount = kind === 'fixed_fee_credit' ? share.neg() : share;
  return {
    position: 1,
    kind,
    meter: null,
    description: `${kind === 'fixed_fee' ? 'Fixed fee' : 'Unused fixed fee'} ${utcSpan(part)}`,
    quantity: '1',
    included: '0',
    billableQuantity: '1',
    pricedQuantity: '1',
    unroundedAmount: formatDecimal(amount),
    amountMinor: settle(amount, definition),
    breakdown: [],
  };
}
