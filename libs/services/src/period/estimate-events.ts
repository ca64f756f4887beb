import { addDecimals, compareDecimals, tallyOfEqualEvents } from '#domain';
import type { PricedPhase, Transaction } from '#persistence';
import type { ServiceContext } from '../context.js';
import type { SettledUsage } from './settled-usage.js';
import { type SettlingPeriod, type TalliedUsage, eventPriceOf, tallyEvents } from './tally-events.js';

/** Events of a meter that are read whenever somebody looks at a period that goes on: one page of them. */
export const MOST_EVENTS_READ = '5000';

/** Usage with what its single events say, or about so. */
export interface EstimatedUsage {
  readonly usage: readonly TalliedUsage[];
  /** False when some events were not looked at one by one. */
  readonly isExact: boolean;
}

/**
 * As `tallyEvents`, but of bounded work, for a page that is looked at all the time: where a meter has more events than one
 * page of them, or late ones, they are taken to be worth the same, and nothing is read from the archive.
 */
export async function estimateEvents(
  context: ServiceContext,
  transaction: Transaction,
  settlesIn: SettlingPeriod,
  phases: readonly PricedPhase[],
  usage: readonly SettledUsage[],
): Promise<EstimatedUsage> {
  const estimated: TalliedUsage[] = [];
  let isExact = true;
  for (const used of usage) {
    const { eventCounts, periodStart, quantity, billedBefore } = used;
    const price = eventPriceOf(phases, used);
    const isLate = periodStart.getTime() !== settlesIn.startsAt.getTime();
    if (!price || (!isLate && compareDecimals(eventCounts.all, MOST_EVENTS_READ) <= 0)) {
      estimated.push(...(await tallyEvents(context, transaction, settlesIn, phases, [used])));
      continue;
    }
    isExact = false;
    const before = tallyOfEqualEvents(eventCounts.before, billedBefore, price);
    const all = tallyOfEqualEvents(eventCounts.all, addDecimals(billedBefore, quantity), price);
    estimated.push({ ...used, events: { before, all } });
  }
  return { usage: estimated, isExact };
}
