import type { SubscriptionPhase } from './subscription.js';

/** A stretch of time under one plan version; half-open. One that ends where it begins was planned and taken back. */
export type PhaseSpan = Pick<SubscriptionPhase, 'id' | 'startsAt' | 'endsAt'>;

/** A phase's new end. */
export interface PhaseEnd {
  readonly phaseId: string;
  /** Null for no end. */
  readonly endsAt: Date | null;
}

/** True unless it was planned and taken back. */
export function isPhaseInForce({ startsAt, endsAt }: Pick<PhaseSpan, 'startsAt' | 'endsAt'>): boolean {
  return endsAt?.getTime() !== startsAt.getTime();
}

/** The phase that holds an instant; before the first it is the first, after the last the last. */
export function phaseAt<Phase extends PhaseSpan>(phases: readonly Phase[], at: Date): Phase {
  const inForce = phases.filter(isPhaseInForce);
  const phase = inForce.findLast(({ startsAt }) => startsAt <= at) ?? inForce[0];
  if (!phase) throw new RangeError('a subscription has a phase');
  return phase;
}

/** The first phase that is still to come; null when no change is planned. */
export function phaseAfter<Phase extends PhaseSpan>(phases: readonly Phase[], at: Date): Phase | null {
  return phases.find((phase) => phase.startsAt > at && isPhaseInForce(phase)) ?? null;
}

/**
 * The new ends of phases when the one that holds `at` is to end at `endsAt` (null for no end): what was planned after it is
 * taken back. In the order in which no two phases ever overlap or have no end.
 */
export function endPhases(phases: readonly PhaseSpan[], at: Date, endsAt: Date | null): PhaseEnd[] {
  const planned = phases.filter((phase) => phase.startsAt > at && isPhaseInForce(phase));
  return [
    ...planned.map(({ id, startsAt }) => ({ phaseId: id, endsAt: startsAt })),
    { phaseId: phaseAt(phases, at).id, endsAt },
  ];
}

/** The new ends of phases when the one that holds `at` goes on after all: a trial as long as it was to, others without end. */
export function resumePhases(
  phases: readonly (PhaseSpan & Pick<SubscriptionPhase, 'isTrial'>)[],
  at: Date,
): PhaseEnd[] {
  const { isTrial, endsAt } = phaseAt(phases, at);
  return endPhases(phases, at, isTrial ? endsAt : null);
}

/** The phases with their new ends. */
export function withPhaseEnds<Phase extends PhaseSpan>(phases: readonly Phase[], ends: readonly PhaseEnd[]): Phase[] {
  return phases.map((phase) => {
    const end = ends.find(({ phaseId }) => phaseId === phase.id);
    return end ? { ...phase, endsAt: end.endsAt } : phase;
  });
}
