import { createHash } from 'node:crypto';
import {
  type AdvanceFee,
  ConflictError,
  type CreditsPaid,
  type EventTally,
  type PeriodEvents,
  type PeriodUsage,
  type PlanDefinition,
  type RatedLine,
  type RedeemedCoupon,
  type TimeSpan,
  addDecimals,
  advanceFeeLine,
  advanceFees,
  monthlyPeriodAt,
  parseDecimal,
  rateLate,
  ratePlan,
  ratingInputHash,
  subtotalOf,
} from '#domain';
import type { PricedPhase, RatedSubscription } from '#persistence';
import { type UndiscountedLine, withDiscounts } from './discount-lines.js';
import { limitCredits } from './limit-credits.js';
import { returnLines } from './return-lines.js';
import type { TalliedUsage } from './tally-events.js';

/** Everything that decides what a period's invoice says. */
export interface PeriodBasis {
  readonly subscription: Pick<RatedSubscription, 'id' | 'anchorAt' | 'canceledAt'>;
  readonly period: TimeSpan;
  /** All phases of the subscription, in the order of their start. */
  readonly phases: readonly PricedPhase[];
  /** What the period settles: its own usage, and late usage of earlier periods. */
  readonly usage: readonly TalliedUsage[];
  /** That the subscription has redeemed; at most one is in force at any time. */
  readonly coupons: readonly RedeemedCoupon[];
  /** What credits have paid of earlier periods, by the invoices before; absent for nothing. */
  readonly creditsPaid?: CreditsPaid | undefined;
  /** What earlier invoices charged for usage, by `usageKey`; absent where nobody asks. */
  readonly chargedBefore?: ReadonlyMap<string, bigint> | undefined;
}

/** A rated line and where it came from. */
export interface PeriodLine extends RatedLine {
  readonly phaseId: string;
  readonly planVersionId: string;
  readonly periodStart: Date;
  readonly inputHash: string;
  /** The grant that it burns or gives back to; null for every line but one of credits. */
  readonly creditGrantId: string | null;
}

export interface RatedPeriod {
  readonly currency: string;
  readonly lines: readonly PeriodLine[];
  readonly subtotalMinor: bigint;
  /** What the lines give back beyond what they charge: not on the invoice, but for the balance. */
  readonly excessCreditMinor: bigint;
  /** SHA-256 over the lines and their input hashes. */
  readonly ratingHash: string;
}

/**
 * Rates a period: each phase in force by its own plan and its own usage, in the order of the phases, then the fees in
 * advance that fall due in it and at its end, then what came late for earlier periods, oldest first; after each what a coupon
 * takes off it, and at the end what of credits comes back with usage that they had paid. The fixed fee and a minimum commitment are those of the part of the full period in which their phase was in force. Null when no phase was in
 * force and nothing came late: then there is nothing to invoice. A pure function (invariant I5).
 * @throws ConflictError `currencies_mixed` when the phases bill in different currencies, `phase_unknown` for usage under a
 *   phase that the subscription does not have.
 */
export function ratePeriod(basis: PeriodBasis): RatedPeriod | null {
  // No usage may fall through because its phase is gone.
  for (const usage of basis.usage) phaseOf(basis, usage);
  const fees = feesInAdvance(basis);
  const charged = [...rateOwnPhases(basis), ...rateFees(basis, fees), ...rateLatePhases(basis)];
  const numbered = withDiscounts(basis, charged).map((line, index) => ({ ...line, position: index + 1 }));
  const phases = [...phasesInForce(basis), ...fees.map(({ phase }) => phase), ...latePhases(basis)];
  const currencies = new Set(phases.map(({ definition }) => definition.currency));
  const [currency] = currencies;
  if (currency === undefined) return null;
  if (currencies.size > 1) {
    throw new ConflictError(
      'currencies_mixed',
      `Subscription ${basis.subscription.id} has plans in ${[...currencies].join(' and ')} in one period: one invoice cannot hold both.`,
    );
  }
  return withReturnedCredits(currency, numbered, basis.creditsPaid);
}

/**
 * The lines of a period with what goes back to grants, as what usage gives back is money only where no credits had paid it; what
 * then is more than the lines charge is for the balance. Pure.
 */
export function withReturnedCredits(
  currency: string,
  charged: readonly PeriodLine[],
  paid: CreditsPaid = new Map(),
): RatedPeriod {
  const { lines, excessCreditMinor } = limitCredits([...charged, ...returnLines(currency, charged, paid)]);
  return { currency, lines, subtotalMinor: subtotalOf(lines), excessCreditMinor, ratingHash: ratingHashOf(lines) };
}

function rateOwnPhases(basis: PeriodBasis): UndiscountedLine[] {
  const { subscription, period } = basis;
  const full = fullPeriod(basis, period.startMs);
  const lines: UndiscountedLine[] = [];
  for (const phase of phasesInForce(basis)) {
    const rows = ownUsage(basis).filter(({ phaseId }) => phaseId === phase.id);
    const usage = usageOf(rows);
    const events = eventsOf(rows, 'all');
    const definition = withoutAdvanceFee(phase.definition);
    const part = dependsOnPart(definition) ? partInForce(basis, phase, full) : full;
    const nominalPeriod = isSame(part, full) ? undefined : full;
    const inputHash = ratingInputHash({
      subscriptionId: subscription.id,
      planVersionId: phase.planVersionId,
      period: part,
      nominalPeriod,
      usage,
      events,
    });
    for (const line of ratePlan({ definition, period: part, nominalPeriod, usage, events }).lines) {
      lines.push({ ...line, inputHash, ...originOf(phase, period.startMs), serviceMs: period.startMs });
    }
  }
  return lines;
}

function feesInAdvance({ subscription, period, phases }: PeriodBasis): AdvanceFee<PricedPhase>[] {
  return advanceFees({
    phases,
    anchorMs: subscription.anchorAt.getTime(),
    canceledMs: subscription.canceledAt?.getTime() ?? Infinity,
    span: period,
  });
}

function rateFees({ subscription, period }: PeriodBasis, fees: readonly AdvanceFee<PricedPhase>[]): UndiscountedLine[] {
  return fees.map((fee) => {
    const { phase, kind, part, nominal } = fee;
    const inputHash = ratingInputHash({
      subscriptionId: subscription.id,
      planVersionId: phase.planVersionId,
      period: part,
      nominalPeriod: isSame(part, nominal) ? undefined : nominal,
      usage: {},
      fee: kind,
    });
    return { ...advanceFeeLine(fee), inputHash, ...originOf(phase, period.startMs), ...servedBy(fee) };
  });
}

/** When what a fee pays for begins; of one that is given back, when what was paid with it began, and how much that was. */
function servedBy(fee: AdvanceFee<PricedPhase>): Pick<UndiscountedLine, 'serviceMs' | 'paidMinor'> {
  if (fee.kind !== 'fixed_fee_credit') return { serviceMs: fee.part.startMs };
  const { phase, nominal } = fee;
  const serviceMs = Math.max(phase.startsAt.getTime(), nominal.startMs);
  const paid = { ...fee, kind: 'fixed_fee', part: { startMs: serviceMs, endMs: nominal.endMs } } as const;
  return { serviceMs, paidMinor: advanceFeeLine(paid).amountMinor };
}

/** What a fee in advance comes to is no matter of the period that it pays for. */
function withoutAdvanceFee(definition: PlanDefinition): PlanDefinition {
  return definition.fixedFeeDue === 'in_advance' ? { ...definition, fixedFee: '0' } : definition;
}

function rateLatePhases(basis: PeriodBasis): UndiscountedLine[] {
  const { subscription } = basis;
  const lines: UndiscountedLine[] = [];
  for (const group of lateGroups(basis)) {
    const phase = phaseOf(basis, group[0]!);
    const period = fullPeriod(basis, group[0]!.periodStart.getTime());
    const part = hasMinimum(phase.definition) ? partInForce(basis, phase, period) : period;
    const nominalPeriod = isSame(part, period) ? undefined : period;
    const events = eventsOf(group, 'all');
    const billedEvents = eventsOf(group, 'before');
    const billedUsage = Object.fromEntries(group.map(({ meter, billedBefore }) => [meter, billedBefore]));
    const usage = Object.fromEntries(
      group.map(({ meter, billedBefore, quantity }) => [meter, addDecimals(billedBefore, quantity)]),
    );
    const inputHash = ratingInputHash({
      subscriptionId: subscription.id,
      planVersionId: phase.planVersionId,
      period: part,
      nominalPeriod,
      usage,
      events,
      billedUsage,
      billedEvents,
    });
    const rated = rateLate({
      definition: phase.definition,
      period: part,
      nominalPeriod,
      billedUsage,
      billedEvents,
      usage,
      events,
      firstPosition: 1,
    });
    const serviceMs = period.startMs;
    lines.push(...rated.map((line) => ({ ...line, inputHash, ...originOf(phase, period.startMs), serviceMs })));
  }
  return lines;
}

/** Phases that overlap the period, and those that have usage in it whatever their dates say. */
function phasesInForce(basis: PeriodBasis): PricedPhase[] {
  const { phases, period, subscription } = basis;
  const canceledMs = subscription.canceledAt?.getTime() ?? Infinity;
  const used = new Set(ownUsage(basis).map(({ phaseId }) => phaseId));
  return phases.filter(({ id, startsAt, endsAt }) => {
    const endMs = Math.min(endsAt?.getTime() ?? Infinity, canceledMs);
    const startMs = startsAt.getTime();
    return used.has(id) || (startMs < endMs && startMs < period.endMs && endMs > period.startMs);
  });
}

function latePhases(basis: PeriodBasis): PricedPhase[] {
  return lateGroups(basis).map((group) => phaseOf(basis, group[0]!));
}

function phaseOf({ phases, subscription }: PeriodBasis, { phaseId }: TalliedUsage): PricedPhase {
  const phase = phases.find(({ id }) => id === phaseId);
  if (phase) return phase;
  throw new ConflictError(
    'phase_unknown',
    `Subscription ${subscription.id} has usage under ${phaseId}, which is none of its phases.`,
  );
}

function ownUsage({ usage, period }: PeriodBasis): TalliedUsage[] {
  return usage.filter(({ periodStart }) => periodStart.getTime() === period.startMs);
}

/** Late usage, one group for each earlier period and phase. */
function lateGroups({ usage, period }: PeriodBasis): TalliedUsage[][] {
  const late = usage.filter(({ periodStart }) => periodStart.getTime() !== period.startMs);
  const groups = Map.groupBy(late, ({ periodStart, phaseId }) => `${periodStart.toISOString()} ${phaseId}`);
  return [...groups.entries()].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}

function usageOf(rows: readonly TalliedUsage[]): PeriodUsage {
  return Object.fromEntries(rows.map(({ meter, quantity }) => [meter, quantity]));
}

/** Absent when no price of these meters depends on single events. */
function eventsOf(rows: readonly TalliedUsage[], which: 'before' | 'all'): PeriodEvents | undefined {
  const tallies = rows.flatMap(({ meter, events }): [string, EventTally][] => (events ? [[meter, events[which]]] : []));
  return tallies.length === 0 ? undefined : Object.fromEntries(tallies);
}

/** The whole period, also when the subscription ends within it. */
function fullPeriod({ subscription }: PeriodBasis, startMs: number): TimeSpan {
  const { endMs } = monthlyPeriodAt(subscription.anchorAt.getTime(), startMs);
  return { startMs, endMs };
}

function isSame(one: TimeSpan, other: TimeSpan): boolean {
  return one.startMs === other.startMs && one.endMs === other.endMs;
}

function dependsOnPart(definition: PlanDefinition): boolean {
  return hasMinimum(definition) || !parseDecimal(definition.fixedFee, 'fixedFee').eq(0);
}

function hasMinimum({ prices }: PlanDefinition): boolean {
  return prices.some(({ minimumAmount }) => minimumAmount !== undefined);
}

/** The part of the period in which a phase was in force; empty when it only has usage in it. */
function partInForce({ subscription }: PeriodBasis, { startsAt, endsAt }: PricedPhase, period: TimeSpan): TimeSpan {
  const startMs = Math.min(Math.max(startsAt.getTime(), period.startMs), period.endMs);
  const lastMs = Math.min(endsAt?.getTime() ?? Infinity, subscription.canceledAt?.getTime() ?? Infinity, period.endMs);
  return { startMs, endMs: Math.max(lastMs, startMs) };
}

function originOf(phase: PricedPhase, periodStartMs: number) {
  return {
    phaseId: phase.id,
    planVersionId: phase.planVersionId,
    periodStart: new Date(periodStartMs),
    creditGrantId: null,
  };
}

/** SHA-256 over what lines say of money, and over all that they were computed from. */
export function ratingHashOf(lines: readonly PeriodLine[]): string {
  const canonical = lines.map((line) => [
    line.position,
    line.kind,
    line.meter,
    line.quantity,
    line.unroundedAmount,
    line.amountMinor.toString(),
    line.inputHash,
  ]);
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
