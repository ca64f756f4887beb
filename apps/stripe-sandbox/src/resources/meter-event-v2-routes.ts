import { hash, list, oneOf, required, text, textMap, type ParamReader } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest, StripeFault } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import { cancelMeterEvent, recordMeterEvent } from './meter-event.js';

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

const event = { event_name: text(100), identifier: text(100), payload: textMap, timestamp: instant };

export const meterEventV2Routes: readonly Route[] = [
  route('POST', '/v2/billing/meter_events', event, (call, params) => {
    const payload = required(params.payload, 'payload');
    const usage = recordMeterEvent(call, {
      event_name: required(params.event_name, 'event_name'),
      payload,
      identifier: params.identifier,
      timestamp: params.timestamp,
    });
    return {
      object: 'v2.billing.meter_event',
      created: isoOf(call.now),
      event_name: usage.event_name,
      identifier: usage.identifier,
      livemode: false,
      payload,
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
    for (const [index, each] of events.entries()) {
      const sent = {
        event_name: required(each.event_name, `events[${index}][event_name]`),
        payload: required(each.payload, `events[${index}][payload]`),
        identifier: each.identifier,
        timestamp: each.timestamp,
      };
      try {
        recordMeterEvent(call, sent);
      } catch (error) {
        // Stripe answers before it looks at the events: one that is wrong is only reported.
        if (!(error instanceof StripeFault)) throw error;
        console.error(`stripe-sandbox: a meter event of the stream was dropped: ${error.message}`);
      }
    }
    return {};
  }),

  route(
    'POST',
    '/v2/billing/meter_event_adjustments',
    { cancel: hash({ identifier: text(100) }), event_name: text(100), type: oneOf('cancel') },
    (call, params) => {
      required(params.type, 'type');
      const eventName = required(params.event_name, 'event_name');
      const identifier = required(params.cancel?.identifier, 'cancel[identifier]');
      cancelMeterEvent(call, eventName, identifier);
      return {
        id: newId('mtreva_test'),
        object: 'v2.billing.meter_event_adjustment',
        cancel: { identifier },
        created: isoOf(call.now),
        event_name: eventName,
        livemode: false,
        status: 'pending',
        type: 'cancel',
      };
    },
  ),
];

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
