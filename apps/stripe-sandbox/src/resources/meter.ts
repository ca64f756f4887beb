import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';

export interface Meter {
  readonly id: string;
  readonly object: 'billing.meter';
  readonly created: number;
  readonly customer_mapping: { readonly event_payload_key: string; readonly type: 'by_id' };
  readonly default_aggregation: { readonly formula: 'count' | 'last' | 'sum' };
  readonly display_name: string;
  readonly event_name: string;
  /** Within each such window of UTC the newest event replaces the others. */
  readonly event_time_window: 'day' | 'hour' | null;
  readonly livemode: false;
  readonly status: 'active' | 'inactive';
  readonly status_transitions: { readonly deactivated_at: number | null };
  readonly updated: number;
  readonly value_settings: { readonly event_payload_key: string };
}

/** An event that a meter took. */
export interface MeterUsage {
  /** The order of arrival. */
  readonly id: string;
  readonly meter: string;
  readonly event_name: string;
  readonly identifier: string;
  readonly customer: string;
  /** An exact decimal with at most 15 significant digits. */
  readonly value: string;
  readonly timestamp: number;
  readonly received: number;
  readonly canceled: boolean;
}

export function meterOf(call: Call, id: string, param = 'id'): Meter {
  const meter = call.store.get('meters', id);
  if (meter === undefined) throw noSuch('billing meter', id, param);
  return meter;
}

/** The active meter of the event name, or else one that is not; there is at most one active for a name. */
export function meterOfEvent(call: Call, eventName: string): Meter | undefined {
  const named = call.store.all('meters').filter(({ event_name: name }) => name === eventName);
  return named.find(({ status }) => status === 'active') ?? named[0];
}
