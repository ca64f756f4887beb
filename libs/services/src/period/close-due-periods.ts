import { setTimeout as delay } from 'node:timers/promises';
import type { BillingPeriod } from '#domain';
import {
  type Actor,
  type DuePeriodCursor,
  type GatewayWatermark,
  type SettledPeriod,
  holdPeriod,
  isDatabaseConflict,
  listDuePeriods,
  readGatewayWatermarks,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { endDueSubscriptions } from '../subscription/end-subscriptions.js';
import { type ClosePeriodInput, closePeriods } from './close-periods.js';
import { ensureNextPeriods } from './ensure-next-periods.js';
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
  readonly closed: readonly SettledPeriod[];
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
 * Closes every period whose end and grace have passed, the oldest first, some together in a transaction: exactly one
 * caller closes each, however many there are. Periods that follow and are due too are created and closed in the same call.
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
/** Periods that are closed in one transaction at most: they share its queries and its commit. */
const BATCH = 100;
const system: Actor = { kind: 'system', id: null };

export async function closePeriodsEndedBy(
  context: ServiceContext,
  { endedBy, limit = 1000, releaseIncomplete = false, actor = system }: ClosePeriodsEndedByInput,
): Promise<ClosingResult> {
  await endDueSubscriptions(context);
  const closed: SettledPeriod[] = [];
  const held: HeldPeriod[] = [];
  const heldSubscriptions = new Set<string>();
  let watermarks: readonly GatewayWatermark[] | null = null;
  let after: DuePeriodCursor | null = null;
  while (closed.length < limit) {
    const due = await nextDuePeriods(context, endedBy, { after, limit: Math.min(BATCH, limit - closed.length) });
    if (due.length === 0) break;
    after = due.at(-1)!;
    // Read once: what a watermark has promised stays true, and new gateways only admit what comes from now on.
    watermarks ??= await context.unitOfWork.inSystem(readGatewayWatermarks);
    const closing: ClosePeriodInput[] = [];
    for (const period of due) {
      if (heldSubscriptions.has(period.subscriptionId)) continue;
      const lags = gatewayLags(watermarks, period.endsAt);
      if (lags.length === 0 || releaseIncomplete) closing.push({ period, actor, releasedFrom: lags });
      else held.push(await hold(context, period, lags.join(' ')));
    }
    const outcome = await closeTogether(context, closing);
    closed.push(...outcome.closed);
    held.push(...outcome.held);
    for (const { subscriptionId } of held) heldSubscriptions.add(subscriptionId);
  }
  return { closed, held };
}

/** No two of a subscription: the later one can be closed, and its follower be due, once the earlier one is closed. */
async function nextDuePeriods(
  context: ServiceContext,
  endedBy: Date,
  page: { readonly after: DuePeriodCursor | null; readonly limit: number },
): Promise<BillingPeriod[]> {
  const periods = await context.unitOfWork.inSystem((transaction) => listDuePeriods(transaction, endedBy, page));
  const subscriptions = new Set<string>();
  const repeated = periods.findIndex(({ subscriptionId }) => {
    if (subscriptions.has(subscriptionId)) return true;
    subscriptions.add(subscriptionId);
    return false;
  });
  return repeated === -1 ? periods : periods.slice(0, repeated);
}

/** All in one transaction, or, when that fails, each in its own: one that is broken does not keep the others open. */
async function closeTogether(context: ServiceContext, inputs: readonly ClosePeriodInput[]): Promise<ClosingResult> {
  if (inputs.length === 0) return { closed: [], held: [] };
  if (inputs.length > 1) {
    try {
      return { closed: await close(context, inputs), held: [] };
    } catch {
      // Which one it was, and why, comes out below.
    }
  }
  const closed: SettledPeriod[] = [];
  const held: HeldPeriod[] = [];
  for (const input of inputs) {
    const outcome = await closeOrHold(context, input);
    if (outcome && 'reason' in outcome) held.push(outcome);
    else if (outcome) closed.push(outcome);
  }
  return { closed, held };
}

async function close(context: ServiceContext, inputs: readonly ClosePeriodInput[]): Promise<SettledPeriod[]> {
  await ensureNextPeriods(
    context,
    inputs.map(({ period }) => period),
  );
  return closePeriods(context, inputs);
}

/** Closes one period that is over; holds it with the reason when that fails. Undefined when somebody else closes it. */
export async function closeOrHold(
  context: ServiceContext,
  input: ClosePeriodInput,
): Promise<SettledPeriod | HeldPeriod | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [closed] = await close(context, [input]);
      return closed;
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
