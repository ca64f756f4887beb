import { setTimeout as delay } from 'node:timers/promises';
import type { BillingPeriod } from '#domain';
import {
  type Actor,
  type DuePeriodCursor,
  type GatewayWatermark,
  findNextDuePeriod,
  holdPeriod,
  isDatabaseConflict,
  readGatewayWatermarks,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { endDueSubscriptions } from '../subscription/end-subscriptions.js';
import { type ClosedPeriod, closePeriod } from './close-period.js';
import { ensureNextPeriod } from './ensure-next-period.js';
import { gatewayLags } from './gateway-lag.js';

/** A due period that could not be closed. */
export interface HeldPeriod {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  /** What to do about it; names the gateway that lags. */
  readonly reason: string;
  /** The error, when closing failed. */
  readonly cause?: unknown;
}

export interface ClosingResult {
  readonly closed: readonly ClosedPeriod[];
  readonly held: readonly HeldPeriod[];
}

export interface CloseDuePeriodsInput {
  /** How long after its end a period waits for usage that is under way. */
  readonly graceMs: number;
  /** Periods to close at most; the rest is for the next call. Default 1000. */
  readonly limit?: number;
  /** Closes periods although a gateway lags; what that gateway delivers afterwards is billed as late. */
  readonly releaseIncomplete?: boolean;
  readonly actor?: Actor;
}

/**
 * Closes every period whose end and grace have passed, the oldest first, each in a transaction of its own: exactly one
 * caller closes it, however many there are. Periods that follow and are due too are created and closed in the same call.
 * One that must wait for a gateway, or whose closing failed, is marked incomplete with the reason and does not keep
 * others from closing.
 */
export function closeDuePeriods(context: ServiceContext, input: CloseDuePeriodsInput): Promise<ClosingResult> {
  const endedBy = new Date(context.clock.nowMs() - input.graceMs);
  return closePeriodsEndedBy(context, { ...input, endedBy });
}

export type ClosePeriodsEndedByInput = Omit<CloseDuePeriodsInput, 'graceMs'> & {
  /** Periods that ended at this instant or before. */
  readonly endedBy: Date;
};

/** Closers that meet wait a little longer each time; after these tries something else is wrong. */
const MAX_ATTEMPTS = 5;
const PAUSE_MS = 15;
const system: Actor = { kind: 'system', id: null };

export async function closePeriodsEndedBy(
  context: ServiceContext,
  { endedBy, limit = 1000, releaseIncomplete = false, actor = system }: ClosePeriodsEndedByInput,
): Promise<ClosingResult> {
  await endDueSubscriptions(context);
  const closed: ClosedPeriod[] = [];
  const held: HeldPeriod[] = [];
  const heldSubscriptions = new Set<string>();
  let watermarks: readonly GatewayWatermark[] | null = null;
  let cursor: DuePeriodCursor | null = null;
  while (closed.length < limit) {
    const period = await nextDuePeriod(context, endedBy, cursor);
    if (!period) break;
    cursor = period;
    if (heldSubscriptions.has(period.subscriptionId)) continue;
    // Read once: what a watermark has promised stays true, and new gateways only admit what comes from now on.
    watermarks ??= await context.unitOfWork.inSystem(readGatewayWatermarks);
    const lags = gatewayLags(watermarks, period.endsAt);
    const outcome =
      lags.length > 0 && !releaseIncomplete
        ? await hold(context, period, lags.join(' '))
        : await closeOrHold(context, { period, actor, releasedFrom: lags });
    if (outcome === null) continue;
    if ('reason' in outcome) {
      held.push(outcome);
      heldSubscriptions.add(outcome.subscriptionId);
    } else closed.push(outcome);
  }
  return { closed, held };
}

function nextDuePeriod(
  context: ServiceContext,
  endedBy: Date,
  cursor: DuePeriodCursor | null,
): Promise<BillingPeriod | null> {
  return context.unitOfWork.inSystem((transaction) => findNextDuePeriod(transaction, endedBy, cursor));
}

async function closeOrHold(
  context: ServiceContext,
  input: Parameters<typeof closePeriod>[1],
): Promise<ClosedPeriod | HeldPeriod | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ensureNextPeriod(context, input.period);
      return await closePeriod(context, input);
    } catch (error) {
      if (isDatabaseConflict(error) && attempt < MAX_ATTEMPTS) {
        await delay(attempt * PAUSE_MS);
        continue;
      }
      const message = error instanceof Error ? error.message : String(error);
      return { ...(await hold(context, input.period, `Closing failed: ${message}`)), cause: error };
    }
  }
}

async function hold(context: ServiceContext, period: BillingPeriod, reason: string): Promise<HeldPeriod> {
  await context.unitOfWork.inSystem((transaction) => holdPeriod(transaction, period, reason));
  return {
    subscriptionId: period.subscriptionId,
    organizationId: period.organizationId,
    periodStart: period.startsAt,
    periodEnd: period.endsAt,
    reason,
  };
}
