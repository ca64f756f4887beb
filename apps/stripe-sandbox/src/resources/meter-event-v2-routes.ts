import { hash, list, required, text, type ParamReader } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest, StripeFault } from '../http/stripe-fault.js';
import { newId, randomText } from '../ids.js';
import { noteMeterError } from './meter-error-report.js';
import { adjustmentReaders, cancelMeterEvent, meterEventReaders, recordMeterEvent, sentEvent } from './meter-event.js';
import { isoOf } from './thin-event.js';

/** Lets its bearer send events for a quarter of an hour. */
export interface MeterEventSession {
  readonly id: string;
  /** What the bearer sends. */
  readonly authentication_token: string;
  /** Unix seconds. */
  readonly expires: number;
}

const sessionSeconds = 15 * 60;
const mostEvents = 100;

/** RFC 3339; read as Unix seconds. */
const instant: ParamReader<number> = (node, path) => {
  const milliseconds = Date.parse(text()(node, path));
  if (Number.isNaN(milliseconds)) throw invalidRequest('Invalid timestamp: must be RFC 3339', path);
  return Math.floor(milliseconds / 1000);
};

const event = { ...meterEventReaders, timestamp: instant };

export const meterEventV2Routes: readonly Route[] = [
  route('POST', '/v2/billing/meter_events', event, (call, params) => {
    const sent = sentEvent(params);
    const usage = recordMeterEvent(call, sent);
    return {
      object: 'v2.billing.meter_event',
      created: isoOf(call.now),
      event_name: usage.event_name,
      identifier: usage.identifier,
      livemode: false,
      payload: sent.payload,
      timestamp: isoOf(usage.timestamp),
    };
  }),

  route('POST', '/v2/billing/meter_event_session', {}, (call) => {
    const session = call.store.put('meter_event_sessions', {
      id: newId('mes_test'),
      authentication_token: newId('mes_token', 40),
      expires: call.now + sessionSeconds,
    });
    return {
      id: session.id,
      object: 'v2.billing.meter_event_session',
      authentication_token: session.authentication_token,
      created: isoOf(call.now),
      expires_at: isoOf(session.expires),
      livemode: false,
    };
  }),

  route('POST', '/v2/billing/meter_event_stream', { events: list(hash(event)) }, (call, params) => {
    const events = required(params.events, 'events');
    if (events.length > mostEvents) throw invalidRequest(`At most ${mostEvents} events can be sent at once.`, 'events');
    // Stripe answers before it looks at the events: one that is wrong is only reported.
    for (const [index, each] of events.entries()) {
      const named = sentEvent(each, `events[${index}]`);
      const sent = { ...named, identifier: named.identifier ?? randomText(32) };
      try {
        recordMeterEvent(call, sent);
      } catch (error) {
        if (!(error instanceof StripeFault)) throw error;
        noteMeterError(call, sent.event_name, sent.identifier, error);
      }
    }
    return {};
  }),

  route('POST', '/v2/billing/meter_event_adjustments', adjustmentReaders, (call, params) => ({
    id: newId('mtreva_test'),
    object: 'v2.billing.meter_event_adjustment',
    created: isoOf(call.now),
    ...cancelMeterEvent(call, params),
  })),
];
