import { TRAFFIC_DAYS } from '#domain';
import { deleteRefusedCalls, deleteTraffic, mergeTraffic } from '#persistence';
import type { ServiceContext } from '../context.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AT_ONCE = 5_000;
/** The last day is whole by the quarter of an hour, and gateways have written the last of it. */
const SPANS = [
  { seconds: 900, afterMs: 3 * HOUR_MS },
  { seconds: 3_600, afterMs: DAY_MS + HOUR_MS },
] as const;

/**
 * Deletes traffic and refused calls that are older than is kept, and makes quarters of an hour of the minutes of more than three hours ago and hours of what is
 * more than a day old, a bounded part of each. True when there is more to do.
 */
export async function keepTraffic(context: ServiceContext): Promise<boolean> {
  const nowMs = context.clock.nowMs();
  const oldest = new Date(nowMs - TRAFFIC_DAYS * DAY_MS);
  const gone = await context.unitOfWork.inSystem((transaction) => deleteTraffic(transaction, oldest, AT_ONCE));
  const goneRefused = await context.unitOfWork.inSystem((transaction) =>
    deleteRefusedCalls(transaction, oldest, AT_ONCE),
  );
  let isMerged = false;
  for (const { seconds, afterMs } of SPANS) {
    const before = new Date(nowMs - afterMs);
    if (await context.unitOfWork.inSystem((transaction) => mergeTraffic(transaction, seconds, before))) isMerged = true;
  }
  return isMerged || gone === AT_ONCE || goneRefused === AT_ONCE;
}
