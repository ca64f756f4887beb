import type { DunningCase } from './dunning-case.js';
import type { DunningPolicy } from './dunning-policy.js';

const DAY_MS = 86_400_000;

/** What dunning does next, and when: so many whole milliseconds after the start of the case, on the clock of dunning. */
export interface NextDunningStep {
  readonly kind: 'warn' | 'retry' | 'suspend' | 'exhaust';
  readonly afterMs: number;
}

/**
 * The step that follows what was done; null when nothing does. Of steps that are due at the same time a warning comes first, then
 * the card is charged, then calls are refused; the end comes after all others.
 */
export function nextDunningStep(
  {
    retriesMade,
    warnedAt,
    suspendedAt,
    exhaustedAt,
    endedAt,
  }: Pick<DunningCase, 'retriesMade' | 'warnedAt' | 'suspendedAt' | 'exhaustedAt' | 'endedAt'>,
  { retryDays, graceDays, warningDays }: DunningPolicy,
): NextDunningStep | null {
  if (endedAt !== null || exhaustedAt !== null) return null;
  const retryAfter = retryDays[retriesMade];
  const steps: NextDunningStep[] = [];
  if (warnedAt === null && suspendedAt === null)
    steps.push({ kind: 'warn', afterMs: msOf(Math.max(0, graceDays - warningDays)) });
  if (retryAfter !== undefined) steps.push({ kind: 'retry', afterMs: msOf(retryAfter) });
  if (suspendedAt === null) steps.push({ kind: 'suspend', afterMs: msOf(graceDays) });
  if (steps.length === 0) {
    const last = Math.max(graceDays, retryDays.at(-1) ?? 0);
    return { kind: 'exhaust', afterMs: msOf(last) };
  }
  return steps.reduce((first, step) => (step.afterMs < first.afterMs ? step : first));
}

/** Parts of a day too, to the nearest millisecond. */
function msOf(days: number): number {
  return Math.round(days * DAY_MS);
}
