import type { Call } from '../sandbox.js';
import { exactToText, one, toExact, type Exact } from './exact.js';
import { meterOf, type Meter, type MeterUsage } from './meter.js';

export const windowSeconds = { hour: 3600, day: 24 * 3600 } as const;

/**
 * What the meter says of the customer's use in the half-open period, as an exact decimal. What came in during the last moments
 * is not in it yet.
 */
export function usageOf(call: Call, meterId: string, customer: string, start: number, end: number): string {
  const meter = meterOf(call, meterId);
  const events = call.store
    .childrenOf('meter_usage', meterId)
    .filter(
      (event) =>
        event.customer === customer &&
        !event.canceled &&
        event.timestamp >= start &&
        event.timestamp < end &&
        event.received <= call.ownNow - call.usageDelay,
    );
  return exactToText(aggregate(meter, events.reverse()));
}

/** `events` in the order of arrival. */
function aggregate(meter: Meter, events: readonly MeterUsage[]): Exact {
  const counted = meter.event_time_window === null ? events : newestOfWindows(meter.event_time_window, events);
  switch (meter.default_aggregation.formula) {
    case 'count':
      return BigInt(counted.length) * one;
    case 'last': {
      const last = newest(counted);
      return last === undefined ? 0n : toExact(last.value);
    }
    case 'sum':
      return counted.reduce((sum, { value }) => sum + toExact(value), 0n);
  }
}

function newestOfWindows(window: keyof typeof windowSeconds, events: readonly MeterUsage[]): MeterUsage[] {
  const windows = Map.groupBy(events, ({ timestamp }) => Math.floor(timestamp / windowSeconds[window]));
  return [...windows.values()].map((within) => newest(within)!);
}

/** Of two at the same second the one that came later. */
function newest(events: readonly MeterUsage[]): MeterUsage | undefined {
  return events.reduce<MeterUsage | undefined>(
    (best, event) => (best === undefined || event.timestamp >= best.timestamp ? event : best),
    undefined,
  );
}
