import { type UsageEvent, uuidV7TimeMs } from '#domain';
import {
  type Actor,
  type KeptEvent,
  type QuarantineFilter,
  type QuarantineGroup,
  type SegmentKey,
  type Transaction,
  appendToAuditLog,
  countQuarantined,
  insertQuarantineDecisions,
  listQuarantined,
  lockUndecided,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { setArchivedAside } from './archived-days.js';
import { countEvents, ensurePartitions } from './ingest-segment.js';
import { parseUsageEvent } from './parse-usage-event.js';
import {
  type QuarantineReason,
  type QuarantinedEvent,
  type SegmentBatch,
  keepAside,
  untimelyReason,
} from './segment-batch.js';

const PAGE = 1_000;

/**
 * What was kept aside for these can be counted once its reason is gone: the time has come, the subscription is there. The others
 * contradict what the manifest of their segment says, which the proof would find.
 */
const RETRIED: readonly QuarantineReason[] = ['in_future', 'too_old', 'unknown_subscription', 'wrong_period'];

/** What became of events that were tried again. */
export interface RetriedQuarantine {
  /** In the ledger now: added, or there before with the same content. */
  readonly counted: number;
  /** Kept aside as before, by why they cannot be counted today. */
  readonly kept: Readonly<Partial<Record<QuarantineReason, number>>>;
}

export interface DismissInput extends QuarantineFilter {
  /** For the audit log. */
  readonly note: string;
  readonly actor: Actor;
}

/** What is kept aside and nobody has decided about, by gateway and reason; for operators. */
export function quarantineGroups(context: ServiceContext, filter: QuarantineFilter = {}): Promise<QuarantineGroup[]> {
  return context.unitOfWork.inSystem((transaction) => countQuarantined(transaction, filter));
}

/** These events one by one, in the order in which they were kept; memory does not grow with their number. */
export async function* quarantinedEvents(
  context: ServiceContext,
  filter: QuarantineFilter = {},
): AsyncGenerator<KeptEvent> {
  let afterId: string | null = null;
  for (;;) {
    const page: KeptEvent[] = await context.unitOfWork.inSystem((transaction) =>
      listQuarantined(transaction, filter, { afterId, limit: PAGE }),
    );
    yield* page;
    if (page.length < PAGE) return;
    afterId = page.at(-1)!.id;
  }
}

/**
 * Tries to count what is kept aside, each event as one of the segment that brought it, exactly once. What cannot be
 * counted stays.
 */
export async function retryQuarantined(
  context: ServiceContext,
  { actor, ...filter }: QuarantineFilter & { readonly actor: Actor },
): Promise<RetriedQuarantine> {
  const reasons = filter.reasons?.filter((reason) => RETRIED.some((one) => one === reason)) ?? RETRIED;
  const kept: Partial<Record<QuarantineReason, number>> = {};
  let counted = 0;
  let afterId: string | null = null;
  for (;;) {
    const after: string | null = afterId;
    const page: KeptEvent[] = await context.unitOfWork.inSystem((transaction) =>
      listQuarantined(transaction, { ...filter, reasons }, { afterId: after, limit: PAGE }),
    );
    for (const group of groupsOf(page)) {
      const result = await retryGroup(context, group, actor);
      counted += result.counted;
      for (const reason of result.kept) kept[reason] = (kept[reason] ?? 0) + 1;
    }
    if (page.length < PAGE) return { counted, kept };
    afterId = page.at(-1)!.id;
  }
}

/** Decides that events shall never be counted; they stay where they are. Returns how many these are. */
export async function dismissQuarantined(
  context: ServiceContext,
  { note, actor, ...filter }: DismissInput,
): Promise<number> {
  let dismissed = 0;
  for (;;) {
    const page = await context.unitOfWork.inSystem(async (transaction) => {
      const listed = await listQuarantined(transaction, filter, { afterId: null, limit: PAGE });
      const undecided = await lockUndecided(transaction, listed);
      await decide(context, transaction, undecided, 'dismissed', actor, { note });
      return { listed: listed.length, dismissed: undecided.length };
    });
    dismissed += page.dismissed;
    if (page.listed < PAGE) return dismissed;
  }
}

type RetriedBatch = Omit<SegmentBatch, 'digests'>;

interface Retried {
  readonly counted: number;
  readonly kept: readonly QuarantineReason[];
}

/** Events of one segment with as many ids, in one transaction. */
async function retryGroup(context: ServiceContext, group: readonly KeptEvent[], actor: Actor): Promise<Retried> {
  const nowMs = context.clock.nowMs();
  const segment = segmentOf(group);
  const batch = batchOf(group, nowMs);
  await context.unitOfWork.inSystem(async (transaction) => {
    // On its own, so that a new partition is there for every worker at once. An archived day gets none.
    const { countable } = await setArchivedAside(transaction, batch, nowMs);
    await ensurePartitions(transaction, countable);
  });
  return context.unitOfWork.inSystem(async (transaction) => {
    const { countable, quarantined } = await setArchivedAside(transaction, batch, nowMs);
    const undecided = await lockUndecided(transaction, group);
    const undecidedKeys = new Set(undecided.map(keyOf));
    const tried = countable.filter(({ id, seq }) => undecidedKeys.has(`${id}/${seq}`));
    const { refused } = await countEvents(transaction, segment, tried);
    const still = [...quarantined, ...refused];
    const stillKeys = new Set(still.map(keyOf));
    const counted = undecided.filter((entry) => !stillKeys.has(keyOf(entry)));
    await decide(context, transaction, counted, 'counted', actor);
    return { counted: counted.length, kept: still.map(({ reason }) => reason) };
  });
}

/** These events, sorted into those that may be counted now and those that may not. */
function batchOf(group: readonly KeptEvent[], nowMs: number): RetriedBatch {
  const countable: UsageEvent[] = [];
  const quarantined: QuarantinedEvent[] = [];
  let oldestMs = Infinity;
  for (const { event: stored, gatewayId } of group) {
    const event = parseUsageEvent(stored, gatewayId);
    // Only whole events are kept for the reasons that are tried again.
    if (typeof event === 'string') throw new Error(`an event that is kept aside cannot be read: ${event}`);
    const admittedMs = uuidV7TimeMs(event.id);
    const untimely = untimelyReason(admittedMs, nowMs);
    if (untimely !== null) {
      quarantined.push(keepAside(event, untimely));
      continue;
    }
    countable.push(event);
    oldestMs = Math.min(oldestMs, admittedMs);
  }
  return { countable, quarantined, oldestMs };
}

async function decide(
  context: ServiceContext,
  transaction: Transaction,
  entries: readonly KeptEvent[],
  decision: 'counted' | 'dismissed',
  actor: Actor,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (entries.length === 0) return;
  const at = context.clock.now();
  await insertQuarantineDecisions(transaction, entries, decision, at);
  for (const [nounId, ofSegment] of Map.groupBy(entries, nameOf)) {
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: `${decision} events kept aside of`,
      noun: 'segment',
      nounId,
      details: { events: ofSegment.length, ...details },
      createdAt: at,
    });
  }
}

/** Apart by segment, and such that no group has an event twice: the second is compared with what the first has left. */
function groupsOf(page: readonly KeptEvent[]): readonly KeptEvent[][] {
  const seen = new Map<string, number>();
  const groups = Map.groupBy(page, (entry) => {
    const key = `${nameOf(entry)} ${keyOf(entry)}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return `${before} ${nameOf(entry)}`;
  });
  return [...groups.values()];
}

function segmentOf([first]: readonly KeptEvent[]): SegmentKey {
  const { gatewayId, epoch, segment } = first!;
  return { gatewayId, epoch, segment };
}

function nameOf({ gatewayId, epoch, segment }: SegmentKey): string {
  return `${gatewayId}/${epoch}/${segment}`;
}

function keyOf({ eventId, seq }: { readonly eventId: string; readonly seq: number }): string {
  return `${eventId}/${seq}`;
}
