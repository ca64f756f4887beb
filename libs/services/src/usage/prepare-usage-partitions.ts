import { ensureUsagePartitions } from '#persistence';
import type { ServiceContext } from '../context.js';

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 7;

/** Makes the ledger's partitions from yesterday to a week ahead, those that are missing. */
export async function prepareUsagePartitions(context: ServiceContext): Promise<void> {
  const nowMs = context.clock.nowMs();
  await context.unitOfWork.inSystem((transaction) =>
    ensureUsagePartitions(transaction, nowMs - DAY_MS, nowMs + DAYS_AHEAD * DAY_MS),
  );
}
