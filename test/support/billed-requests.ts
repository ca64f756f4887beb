import type { TestDatabase } from './database.js';

/** The ids of all billed requests in the ledger, and how many the rollups have counted. */
export function readBilled({ unitOfWork }: TestDatabase): Promise<{ ids: readonly string[]; rolledUp: number }> {
  return unitOfWork.inSystem(async (transaction) => {
    const events = await transaction.query<{ id: string }>('SELECT id FROM usage_event WHERE billable');
    const [rollups] = await transaction.query<{ count: number }>(
      'SELECT coalesce(sum(event_count), 0)::integer AS count FROM usage_rollup WHERE billable',
    );
    return { ids: events.map(({ id }) => id), rolledUp: rollups!.count };
  });
}
