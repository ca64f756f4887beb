import { EventCounter, type EventTally, type PercentagePrice, needsEvents, noEvents } from '#domain';
import { type MeterEvents, type PricedPhase, type Transaction, listEventValues } from '#persistence';
import type { SettledUsage } from './settled-usage.js';

/** Usage of a meter with what its single events say, where its price depends on them. */
export interface TalliedUsage extends SettledUsage {
  readonly events?: {
    /** Of what earlier periods have settled. */
    readonly before: EventTally;
    readonly all: EventTally;
  };
}

/** Streams the events of those meters whose prices depend on them, in the order in which they were settled and admitted. */
export async function tallyEvents(
  transaction: Transaction,
  settlesIn: { readonly subscriptionId: string; readonly startsAt: Date },
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
    const { subscriptionId, startsAt } = settlesIn;
    const asked = { subscriptionId, phaseId, meter, periodStart, settlesIn: startsAt };
    const counter = new EventCounter(price);
    const before = used.billedBefore === '0' ? noEvents : await count(transaction, counter, asked, 'earlier');
    tallied.push({ ...used, events: { before, all: await count(transaction, counter, asked, 'own') } });
  }
  return tallied;
}

function eventPriceOf(phases: readonly PricedPhase[], { phaseId, meter }: SettledUsage): PercentagePrice | null {
  const definition = phases.find(({ id }) => id === phaseId)?.definition;
  const price = definition?.prices.find((one) => one.meter === meter)?.price;
  return price?.model === 'percentage' && needsEvents(price) ? price : null;
}

async function count(
  transaction: Transaction,
  counter: EventCounter,
  asked: Omit<MeterEvents, 'settled'>,
  settled: MeterEvents['settled'],
): Promise<EventTally> {
  for await (const value of listEventValues(transaction, { ...asked, settled })) counter.add(value);
  return counter.tally();
}
