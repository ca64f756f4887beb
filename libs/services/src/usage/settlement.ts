import { type MonthlyPeriod, type UsageEvent, monthlyPeriod, monthlyPeriodAt, uuidV7TimeMs } from '#domain';
import {
  type LedgerEvent,
  type SubscriptionPhaseReference,
  type Transaction,
  findPhaseReferences,
  lockPeriodsAgainstClosing,
  insertMissingBillingPeriods,
} from '#persistence';
import { FUTURE_TOLERANCE_MS, type QuarantinedEvent, keepAside } from './segment-batch.js';

/** A period that events name, and where it settles. */
interface WantedPeriod {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly anchorMs: number;
  readonly startMs: number;
}

/** Events with the period that bills them, and those that no period can bill. */
export interface SettledBatch {
  readonly events: readonly LedgerEvent[];
  readonly quarantined: readonly QuarantinedEvent[];
}

/**
 * Finds the period that bills each event: its own, or, when that is closed, the next that is open. Periods that do not
 * exist yet are opened; none of those named can be closed before the transaction ends.
 */
export async function settleEvents(transaction: Transaction, batch: readonly UsageEvent[]): Promise<SettledBatch> {
  const phases = new Map(
    (await findPhaseReferences(transaction, phaseIdsOf(batch))).map((phase) => [phase.phaseId, phase] as const),
  );
  const accepted: { event: UsageEvent; period: WantedPeriod | null }[] = [];
  const quarantined: QuarantinedEvent[] = [];
  const wanted = new WantedPeriods();
  const periodOf = periodFinder();
  for (const event of batch) {
    let period: WantedPeriod | null = null;
    if (event.subscriptionId !== null) {
      const phase = phases.get(event.phaseId!);
      if (!phase || !agrees(event, phase)) {
        quarantined.push(keepAside(event, 'unknown_subscription'));
        continue;
      }
      if (!isOwnPeriod(event, periodOf(phase, event.periodStartMs!))) {
        quarantined.push(keepAside(event, 'wrong_period'));
        continue;
      }
      period = wanted.of(phase, event.periodStartMs!);
    }
    accepted.push({ event, period });
  }
  const settlesIn = await findOpenPeriods(transaction, wanted.all);
  return {
    quarantined,
    events: accepted.map(({ event, period }) => ({ event, settlesInMs: period && settlesIn.get(period)! })),
  };
}

/** The periods that events name, each once. */
class WantedPeriods {
  readonly all: WantedPeriod[] = [];
  private readonly bySubscription = new Map<string, Map<number, WantedPeriod>>();

  /** The period of the phase's subscription that begins at `startMs`, wanted from now on. */
  of({ subscriptionId, organizationId, anchorAt }: SubscriptionPhaseReference, startMs: number): WantedPeriod {
    let ofSubscription = this.bySubscription.get(subscriptionId);
    if (!ofSubscription) this.bySubscription.set(subscriptionId, (ofSubscription = new Map()));
    let period = ofSubscription.get(startMs);
    if (!period) {
      period = { subscriptionId, organizationId, anchorMs: anchorAt.getTime(), startMs };
      ofSubscription.set(startMs, period);
      this.all.push(period);
    }
    return period;
  }
}

/** Of each wanted period, the start of the first one from it on that is not closed. */
async function findOpenPeriods(
  transaction: Transaction,
  wanted: readonly WantedPeriod[],
): Promise<ReadonlyMap<WantedPeriod, number>> {
  const found = new Map<WantedPeriod, number>();
  let pending: PendingPeriod[] = wanted.map((period) => ({ period, startMs: period.startMs }));
  while (pending.length > 0) {
    const states = await lockPeriods(transaction, pending);
    for (const { period, startMs, state } of states) if (state !== 'closed') found.set(period, startMs);
    pending = states
      .filter(({ state }) => state === 'closed')
      .map(({ period, startMs }) => ({ period, startMs: nextPeriodStart(period.anchorMs, startMs) }));
  }
  return found;
}

type PendingPeriod = { readonly period: WantedPeriod; readonly startMs: number };

async function lockPeriods(transaction: Transaction, pending: readonly PendingPeriod[]) {
  const keys = pending.map(({ period, startMs }) => ({
    subscriptionId: period.subscriptionId,
    startsAt: new Date(startMs),
  }));
  let states = await readStates();
  const missing = pending.filter((one) => !states.has(periodKey(one.period.subscriptionId, one.startMs)));
  if (missing.length > 0) {
    await insertMissingBillingPeriods(
      transaction,
      missing.map(({ period, startMs }) => ({
        subscriptionId: period.subscriptionId,
        organizationId: period.organizationId,
        startsAt: new Date(startMs),
        endsAt: new Date(nextPeriodStart(period.anchorMs, startMs)),
      })),
    );
    states = await readStates();
  }
  return pending.map((one) => ({ ...one, state: states.get(periodKey(one.period.subscriptionId, one.startMs))! }));

  async function readStates() {
    const locked = await lockPeriodsAgainstClosing(transaction, keys);
    return new Map(locked.map((row) => [periodKey(row.subscriptionId, row.startsAt.getTime()), row.state] as const));
  }
}

function agrees(event: UsageEvent, phase: SubscriptionPhaseReference): boolean {
  return (
    event.subscriptionId === phase.subscriptionId &&
    event.planVersionId === phase.planVersionId &&
    event.organizationId === phase.organizationId &&
    event.applicationId === phase.applicationId &&
    event.apiProductId === phase.apiProductId
  );
}

/**
 * True when the event names a period of the subscription, from its anchor on, and was admitted in it. A later row of a
 * stream is in the period in which its span began: between the admission and the instant at which it was written.
 */
function isOwnPeriod(event: UsageEvent, period: MonthlyPeriod): boolean {
  const startMs = event.periodStartMs!;
  if (period.startMs !== startMs || period.index < 0) return false;
  const admittedMs = uuidV7TimeMs(event.id);
  if (event.seq > 0 && admittedMs < startMs && event.endedAtMs >= startMs) return true;
  // A gateway whose clock is a little behind may admit the first request before the subscription's anchor.
  const toleranceMs = period.index === 0 ? FUTURE_TOLERANCE_MS : 0;
  return admittedMs >= startMs - toleranceMs && admittedMs < period.endMs;
}

/** Finds the period of a phase's subscription that holds an instant; many events ask for the same. */
function periodFinder(): (phase: SubscriptionPhaseReference, atMs: number) => MonthlyPeriod {
  const latest = new Map<SubscriptionPhaseReference, { readonly atMs: number; readonly period: MonthlyPeriod }>();
  return (phase, atMs) => {
    const known = latest.get(phase);
    if (known?.atMs === atMs) return known.period;
    const period = monthlyPeriodAt(phase.anchorAt.getTime(), atMs);
    latest.set(phase, { atMs, period });
    return period;
  };
}

function nextPeriodStart(anchorMs: number, startMs: number): number {
  return monthlyPeriod(anchorMs, monthlyPeriodAt(anchorMs, startMs).index + 1).startMs;
}

function periodKey(subscriptionId: string, startMs: number): string {
  return `${subscriptionId}/${startMs}`;
}

function phaseIdsOf(batch: readonly UsageEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of batch) if (event.phaseId !== null) ids.add(event.phaseId);
  return [...ids];
}
