import { type Aggregation, type PlanDefinition, billedQuantity, subtractDecimals } from '#domain';
import type { PricedPhase, SettledAggregates } from '#persistence';

/** Billable live units of one meter that a period settles; of an earlier period when they came late. */
export interface SettledUsage {
  readonly phaseId: string;
  /** The period that the usage belongs to, and is priced in. */
  readonly periodStart: Date;
  readonly meter: string;
  /** Units to settle now, exact. */
  readonly quantity: string;
  /** Units of the same period, phase and meter that earlier periods have settled; "0" for the own period. */
  readonly billedBefore: string;
  /** The starts of those periods, oldest first. */
  readonly settledBefore: readonly Date[];
  /** How many events the units are of; the parts of a stream count one by one. */
  readonly eventCounts: { readonly before: string; readonly all: string };
}

/** The units that the usage is, by the aggregation that each phase's plan names. */
export function settledUsage(rows: readonly SettledAggregates[], phases: readonly PricedPhase[]): SettledUsage[] {
  return rows.map(({ phaseId, periodStart, meter, settled, earlier }) => {
    const aggregation = aggregationOf(phases.find(({ id }) => id === phaseId)?.definition, meter);
    const before = earlier.map(({ aggregates }) => aggregates);
    const billedBefore = billedQuantity(before, aggregation);
    return {
      phaseId,
      periodStart,
      meter,
      quantity: subtractDecimals(billedQuantity([...before, settled], aggregation), billedBefore),
      billedBefore,
      settledBefore: earlier.map(({ settlesIn }) => settlesIn),
      eventCounts: {
        before: billedQuantity(before, 'count'),
        all: billedQuantity([...before, settled], 'count'),
      },
    };
  });
}

/** How a plan turns events of a meter into units; a meter without a price is summed. */
export function aggregationOf(definition: PlanDefinition | undefined, meter: string): Aggregation {
  return definition?.prices.find((price) => price.meter === meter)?.aggregation ?? 'sum';
}
