import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';
import { EVENTS_OF, type EventSource } from './archived-events.js';
import { findUsageSpan } from './usage-span.js';

const PAGE = 5_000;

/** The billable live events of one meter in one period under one phase that one bill settles. */
export interface MeterEvents {
  readonly subscriptionId: string;
  readonly phaseId: string;
  readonly meter: string;
  readonly periodStart: Date;
  /** The start of the period whose bill that is. */
  readonly settlesIn: Date;
}

/**
 * The value of each event, exact, in the order of admission; the parts of a stream are one event. Page by page, so that
 * any number of them takes no more memory than one page. `source` says whether with what was loaded of the archive.
 */
export async function* listEventValues(
  transaction: Transaction,
  asked: MeterEvents,
  source: EventSource,
): AsyncGenerator<string> {
  const { subscriptionId, phaseId, meter, periodStart, settlesIn } = asked;
  const span = await findUsageSpan(transaction, [asked]);
  if (span === null) return;
  let after: string | null = null;
  for (;;) {
    const page: { id: string; value: string }[] = await transaction.query(
      `SELECT id, sum((quantities ->> $4)::numeric)::text AS value FROM ${EVENTS_OF[source]} AS event
       WHERE subscription_id = $1 AND period_start = $2 AND phase_id = $3 AND quantities ? $4 AND settles_in = $5
         AND billable AND mode = 'live' AND id >= $6 AND id < $7 AND ($8::uuid IS NULL OR id > $8)
       GROUP BY id ORDER BY id LIMIT ${PAGE}`,
      [subscriptionId, periodStart, phaseId, meter, settlesIn, span.from, span.below, after],
    );
    for (const { value } of page) yield trimDecimal(value);
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}
