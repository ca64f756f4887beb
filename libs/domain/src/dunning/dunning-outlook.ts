import type { DunningCase } from './dunning-case.js';
import type { DunningPolicy } from './dunning-policy.js';
import { type NextDunningStep, nextDunningStep } from './next-dunning-step.js';

/** What a case comes to when nothing is paid, and nothing fails on our side. */
export interface DunningOutlook {
  readonly nextStep: { readonly kind: NextDunningStep['kind']; readonly at: Date } | null;
  /** When the card is charged next; null for never. */
  readonly nextRetryAt: Date | null;
  /** When calls are refused; null when they are already, or never will be. */
  readonly accessEndsAt: Date | null;
}

/** The instants of what follows, seen from `now`; none lies before it, and none before the end of a pause. */
export function dunningOutlook(
  found: DunningCase,
  policy: DunningPolicy,
  {
    runningMs,
    now,
    pausedUntil,
    isCharged,
  }: {
    readonly runningMs: number;
    readonly now: Date;
    readonly pausedUntil: Date | null;
    /** See `isCardCharged`. */
    readonly isCharged: boolean;
  },
): DunningOutlook {
  const fromMs = Math.max(now.getTime(), pausedUntil?.getTime() ?? 0);
  const at = (afterMs: number) => new Date(fromMs + Math.max(0, found.startMs + afterMs - runningMs));
  const next = nextDunningStep(found, policy);
  if (!next) return { nextStep: null, nextRetryAt: null, accessEndsAt: null };
  const retryDay = isCharged ? policy.retryDays[found.retriesMade] : undefined;
  return {
    nextStep: { kind: next.kind, at: at(next.afterMs) },
    nextRetryAt: retryDay === undefined ? null : at(retryDay * DAY_MS),
    accessEndsAt: found.suspendedAt === null ? at(policy.graceDays * DAY_MS) : null,
  };
}

const DAY_MS = 86_400_000;
