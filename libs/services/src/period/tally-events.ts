import { EventCounter, type EventTally, type PercentagePrice, needsEvents } from '#domain';
import { type PricedPhase, type Transaction, listEventValues } from '#persistence';
import { loadArchivedPeriod } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import type { SettledUsage } from './settled-usage.js';

/** Usage of a meter with what its single events say, where its price depends on them. */
export interface TalliedUsage extends SettledUsage {
  readonly events?: {
    /** Of what earlier periods have settled. */
    readonly before: EventTally;
    readonly all: EventTally;
  };
}

/** The period that settles usage. */
export interface SettlingPeriod {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly startsAt: Date;
}

/**
 * Streams the events of those meters whose prices depend on them, in the order in which they were settled and admitted;
 * those of archived days from there.
 * @throws UsageArchiveError when it needs the archive and that cannot be read.
 */
export async function tallyEvents(
  context: ServiceContext,
  transaction: Transaction,
  settlesIn: SettlingPeriod,
  phases: readonly PricedPhase[],
  usage: readonly SettledUsage[],
): Promise<TalliedUsage[]> {
  const tallied: TalliedUsage[] = [];
  for (const used of usage) {
    const price = eventPriceOf(phases, used);
    if (!price) {
      tallied.push(used);
      continue;
    }
    const { phaseId, meter, periodStart } = used;
    const { organizationId, subscriptionId, startsAt } = settlesIn;
    const source = await loadArchivedPeriod(context, transaction, { organizationId, periodStart });
    const counter = new EventCounter(price);
    const count = async (settlesIn: Date) => {
      const asked = { subscriptionId, phaseId, meter, periodStart, settlesIn };
      for await (const value of listEventValues(transaction, asked, source)) counter.add(value);
      return counter.tally();
    };
    let before = counter.tally();
    for (const settlesIn of used.settledBefore) before = await count(settlesIn);
    tallied.push({ ...used, events: { before, all: await count(startsAt) } });
  }
  return tallied;
}

/** The price of a meter, when it depends on single events. */
export function eventPriceOf(phases: readonly PricedPhase[], { phaseId, meter }: SettledUsage): PercentagePrice | null {
  const definition = phases.find(({ id }) => id === phaseId)?.definition;
  const price = definition?.prices.find((one) => one.meter === meter)?.price;
  return price?.model === 'percentage' && needsEvents(price) ? price : null;
}
