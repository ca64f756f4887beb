import { InvalidError } from '#domain';
import type { ServiceContext } from '../context.js';
import { readdRollups } from './check-rollups.js';
import type { Finding } from './verify-report.js';
import { withLanes } from './with-lanes.js';

const BUCKET_MS = 900_000;
/** Of one day: who has more of them has another problem than which rows they are. */
const MAX_DIFFERENCES_A_DAY = 10_000;

/** What came of adding usage up anew. */
export interface Reaggregation {
  /** Rows that were compared, on either side. */
  readonly compared: number;
  readonly differing: number;
}

/**
 * Adds the events of a span up anew and compares with the rollups, and these with the hours: every row that differs is told to `onDifference`, at
 * most 10,000 of a day. Changes nothing: what was invoiced stays explained by the rollups that it was made from, and what
 * is wrong is mended by a person. Of the archive it reads the days of the span; a file that cannot be read is told too. Reads one instant of the database.
 * @throws InvalidError `reaggregate_range_invalid` when `to` is not later than `from`, or one of them is no quarter of an hour.
 */
export function reaggregateUsage(
  context: ServiceContext,
  { from, to }: { readonly from: Date; readonly to: Date },
  onDifference: (difference: Finding) => Promise<void> | void,
): Promise<Reaggregation> {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  if (!(fromMs < toMs) || fromMs % BUCKET_MS !== 0 || toMs % BUCKET_MS !== 0) {
    const message = 'The span must end after it begins, both at a quarter of an hour, such as 2026-11-25T10:15:00Z.';
    throw new InvalidError('reaggregate_range_invalid', message);
  }
  return withLanes(context, { from, to }, async (transaction, lanes, unreadable) => {
    if (unreadable) await onDifference(unreadable);
    let compared = 0;
    let differing = unreadable ? 1 : 0;
    for await (const day of readdRollups(transaction, lanes, { fromMs, toMs }, MAX_DIFFERENCES_A_DAY)) {
      compared += day.compared;
      differing += day.differences.length;
      for (const difference of day.differences) await onDifference(difference);
    }
    return { compared, differing };
  });
}
