import { uuidV7TimeMs } from '#domain';
import { type Transaction, holdFirstKeptDay } from '#persistence';
import { MIN_SEALED_AGE_MS, type SegmentBatch, keepAside } from './segment-batch.js';

/**
 * The batch without the events of days that the ledger takes no more, which are kept aside as too old: they may be in the
 * archive already. No day is sealed before the transaction ends; for recent events, as nearly all are, there is nothing to
 * ask. Comes before every other lock.
 */
export async function setArchivedAside<Batch extends Omit<SegmentBatch, 'digests'>>(
  transaction: Transaction,
  batch: Batch,
  nowMs: number,
): Promise<Batch> {
  if (batch.oldestMs >= nowMs - MIN_SEALED_AGE_MS / 2) return batch;
  const firstKeptDay = await holdFirstKeptDay(transaction);
  if (firstKeptDay === null) return batch;
  const firstKeptMs = Date.parse(`${firstKeptDay}T00:00:00Z`);
  if (batch.oldestMs >= firstKeptMs) return batch;
  const { true: kept = [], false: late = [] } = Object.groupBy(batch.countable, ({ id }) =>
    uuidV7TimeMs(id) >= firstKeptMs ? 'true' : 'false',
  );
  return {
    ...batch,
    countable: kept,
    quarantined: [...batch.quarantined, ...late.map((event) => keepAside(event, 'too_old'))],
  };
}
