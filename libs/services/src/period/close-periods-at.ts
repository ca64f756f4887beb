import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, type ClosedPeriod, listDuePeriods, listPeriodsClosedSince } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type ClockControl, moveClock } from './clock-control.js';
import { type HeldPeriod, closePeriodsEndedBy } from './close-due-periods.js';

export interface ClosePeriodsAtInput {
  /** Closes the periods that ended at this instant or before; now when absent. */
  readonly at?: Date | undefined;
  /** How the clock is moved when `at` has not come yet; null when the time machine is off. */
  readonly clockControl: ClockControl | null;
  readonly actor: Actor;
  readonly releaseIncomplete?: boolean;
  /** How long to wait for gateways that lag. Default 20 s. */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

/** What became of the periods that were due. */
export interface ClosedAndHeld {
  readonly closed: readonly ClosedPeriod[];
  readonly held: readonly HeldPeriod[];
}

/**
 * Closes periods because a person asked for it: without the grace that the schedule gives, but never before every
 * gateway's usage is in the ledger. Moves the clock to `at` first when that lies ahead. Waits for gateways that lag, and for
 * whoever closes some of them right now, until the time is up; what is still held then is returned with the reason.
 * @throws ConflictError `clock_not_movable` when `at` lies ahead and the clock cannot be moved.
 */
export async function closePeriodsAt(context: ServiceContext, input: ClosePeriodsAtInput): Promise<ClosedAndHeld> {
  const { clockControl, actor, releaseIncomplete = false, timeoutMs = 20_000, pollMs = 100 } = input;
  const since = context.clock.now();
  const endedBy = input.at ?? since;
  if (endedBy > since) await moveClock(context, { to: endedBy, clockControl, actor });
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const { closed, held } = await closePeriodsEndedBy(context, { endedBy, releaseIncomplete, actor });
    if (closed.length > 0) continue;
    const isWaiting = held.some(({ cause }) => cause === undefined) || (await areOthersClosing(context, endedBy, held));
    if (!isWaiting || performance.now() >= deadlineMs)
      return { closed: await closedSince(context, endedBy, since), held };
    await delay(pollMs);
  }
}

/** True while periods are due that are not held: the schedule, or somebody else, is closing them. */
async function areOthersClosing(context: ServiceContext, endedBy: Date, held: readonly HeldPeriod[]): Promise<boolean> {
  const due = await context.unitOfWork.inSystem((transaction) =>
    listDuePeriods(transaction, endedBy, { after: null, limit: 1_000 }),
  );
  const subscriptions = new Set(held.map(({ subscriptionId }) => subscriptionId));
  return due.some(({ subscriptionId }) => !subscriptions.has(subscriptionId));
}

/** Also what the schedule closed meanwhile: whoever asked wants to know what became of the periods. */
function closedSince(context: ServiceContext, endedBy: Date, since: Date): Promise<readonly ClosedPeriod[]> {
  return context.unitOfWork.inSystem((transaction) => listPeriodsClosedSince(transaction, { endedBy, since }));
}
