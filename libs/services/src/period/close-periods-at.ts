import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type ClockControl, moveClock } from './clock-control.js';
import { type ClosingResult, closePeriodsEndedBy } from './close-due-periods.js';
import type { ClosedPeriod } from './close-period.js';

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

/**
 * Closes periods because a person asked for it: without the grace that the schedule gives, but never before every
 * gateway's usage is in the ledger. Moves the clock to `at` first when that lies ahead. Waits for gateways that lag until
 * the time is up; what is still held then is returned with the reason.
 * @throws ConflictError `clock_not_movable` when `at` lies ahead and the clock cannot be moved.
 */
export async function closePeriodsAt(context: ServiceContext, input: ClosePeriodsAtInput): Promise<ClosingResult> {
  const { clockControl, actor, releaseIncomplete = false, timeoutMs = 20_000, pollMs = 100 } = input;
  const endedBy = input.at ?? context.clock.now();
  if (endedBy > context.clock.now()) await moveClock(context, { to: endedBy, clockControl, actor });
  const closed: ClosedPeriod[] = [];
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const result = await closePeriodsEndedBy(context, { endedBy, releaseIncomplete, actor });
    closed.push(...result.closed);
    if (result.closed.length > 0) continue;
    const isWaiting = result.held.some(({ cause }) => cause === undefined);
    if (!isWaiting || performance.now() >= deadlineMs) return { closed, held: result.held };
    await delay(pollMs);
  }
}
