import type { PlanDefinition } from '../catalog/plan-definition.js';
import { isMoney } from '../catalog/price-charges.js';
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
  readonly isTrial: boolean;
}

/** A fee in advance that falls due, or what is given back of one. */
export interface AdvanceFee<Phase extends FeePhase = FeePhase> {
  readonly phase: Phase;
  readonly kind: 'setup_fee' | 'fixed_fee' | 'fixed_fee_credit';
  /** The part of the fee's period that is paid for, or given back; of a set-up fee the instant. */
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
 * What a span of time brings of set-up fees and of fixed fees in advance. The first phase that is no trial pays its set-up
 * fee when it begins. A phase pays, when it begins, for the rest of the fee's period that it begins in, and for each
 * further one when that begins. When another phase follows, what is left is given back; when the subscription ends, nothing
 * is. So the fee of the next period falls due with the end of the one before it. In the order of the phases.
 */
export function advanceFees<Phase extends FeePhase>(input: AdvanceFeesInput<Phase>): AdvanceFee<Phase>[] {
  const phases = input.phases.filter((phase) => isPhaseInForce(phase) && phase.startsAt.getTime() < input.canceledMs);
  const first = phases.find(({ isTrial }) => !isTrial);
  return phases.flatMap((phase, index) => {
    const endMs = Math.min(phase.endsAt?.getTime() ?? Infinity, input.canceledMs);
    const follows = phases[index + 1]?.startsAt.getTime() === endMs;
    return [
      ...(phase === first ? setupFees(phase, input) : []),
      ...(paysInAdvance(phase.definition) ? feesPaid(phase, endMs, input) : []),
      ...(paysInAdvance(phase.definition) && follows ? feesGivenBack(phase, endMs, input) : []),
    ];
  });
}

/** True when something is due as soon as the plan is in force. */
export function hasFeesAtStart(definition: PlanDefinition): boolean {
  return isMoney(definition.setupFee) || paysInAdvance(definition);
}

function paysInAdvance({ fixedFee, fixedFeeDue }: PlanDefinition): boolean {
  return fixedFeeDue === 'in_advance' && isMoney(fixedFee);
}

function setupFees<Phase extends FeePhase>(phase: Phase, { span }: AdvanceFeesInput<Phase>): AdvanceFee<Phase>[] {
  const beginMs = phase.startsAt.getTime();
  if (!isMoney(phase.definition.setupFee) || !isWithin(beginMs, span)) return [];
  const instant = { startMs: beginMs, endMs: beginMs };
  return [{ phase, kind: 'setup_fee', part: instant, nominal: instant }];
}

function feesPaid<Phase extends FeePhase>(
  phase: Phase,
  endMs: number,
  { anchorMs, span }: AdvanceFeesInput<Phase>,
): AdvanceFee<Phase>[] {
  const { billingInterval } = phase.definition;
  const beginMs = phase.startsAt.getTime();
  const fees: AdvanceFee<Phase>[] = [];
  const pay = (fromMs: number) => {
    const nominal = feePeriodAt(billingInterval, anchorMs, fromMs);
    fees.push({ phase, kind: 'fixed_fee', part: { startMs: fromMs, endMs: nominal.endMs }, nominal });
  };
  const following = (atMs: number) => feePeriodAt(billingInterval, anchorMs, atMs).endMs;
  if (isWithin(beginMs, span)) pay(beginMs);
  for (
    let dueMs = following(Math.max(beginMs, span.startMs));
    dueMs < endMs && isWithin(dueMs, span);
    dueMs = following(dueMs)
  )
    pay(dueMs);
  return fees;
}

function feesGivenBack<Phase extends FeePhase>(
  phase: Phase,
  endMs: number,
  { anchorMs, span }: AdvanceFeesInput<Phase>,
): AdvanceFee<Phase>[] {
  const nominal = feePeriodAt(phase.definition.billingInterval, anchorMs, endMs - 1);
  if (!isWithin(endMs, span) || nominal.endMs === endMs) return [];
  return [{ phase, kind: 'fixed_fee_credit', part: { startMs: endMs, endMs: nominal.endMs }, nominal }];
}

function isWithin(atMs: number, { startMs, endMs }: TimeSpan): boolean {
  return atMs > startMs && atMs <= endMs;
}

/** The fee as a line, rounded once: its share by milliseconds of the whole period, below zero when it is given back. */
export function advanceFeeLine(fee: AdvanceFee): RatedLine {
  const { kind, part, phase } = fee;
  const amount = amountOf(fee);
  return {
    position: 1,
    kind,
    meter: null,
    description: kind === 'setup_fee' ? titles[kind] : `${titles[kind]} ${utcSpan(part)}`,
    quantity: '1',
    included: '0',
    billableQuantity: '1',
    pricedQuantity: '1',
    unroundedAmount: formatDecimal(amount),
    amountMinor: settle(amount, phase.definition),
    breakdown: [],
    ...(kind !== 'setup_fee' && { serviceStart: new Date(part.startMs), serviceEnd: new Date(part.endMs) }),
  };
}

const titles = { setup_fee: 'Set-up fee', fixed_fee: 'Fixed fee', fixed_fee_credit: 'Unused fixed fee' } as const;

function amountOf({ phase: { definition }, kind, part, nominal }: AdvanceFee) {
  if (kind === 'setup_fee') return parseDecimal(definition.setupFee!, 'setupFee');
  const share = shareOfPeriod(parseDecimal(definition.fixedFee, 'fixedFee'), part, nominal);
  return kind === 'fixed_fee_credit' ? share.neg() : share;
}
