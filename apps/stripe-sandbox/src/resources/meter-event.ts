import { hash, oneOf, required, text, textMap, type Params } from '../http/params.js';
import { invalidRequest, StripeFault } from '../http/stripe-fault.js';
import { newId, randomText } from '../ids.js';
import type { Call } from '../sandbox.js';
import { raiseAlerts } from './billing-alert.js';
import { meterOfEvent, type Meter, type MeterUsage } from './meter.js';
import { atClockOf } from './test-clock.js';

export interface SentMeterEvent {
  readonly event_name: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly identifier: string | undefined;
  /** Unix seconds; now without it. */
  readonly timestamp: number | undefined;
}

export const meterEventReaders = { event_name: text(100), identifier: text(100), payload: textMap };
export const adjustmentReaders = {
  cancel: hash({ identifier: text(100) }),
  event_name: text(100),
  type: oneOf('cancel'),
};

/** The event of the parameters, which are named as they are within `path`, if that is not the whole request. */
export function sentEvent(
  params: Params<typeof meterEventReaders> & { readonly timestamp?: number },
  path?: string,
): SentMeterEvent {
  const nameOf = (field: string): string => (path === undefined ? field : `${path}[${field}]`);
  return {
    event_name: required(params.event_name, nameOf('event_name')),
    payload: required(params.payload, nameOf('payload')),
    identifier: params.identifier,
    timestamp: params.timestamp,
  };
}

const day = 24 * 3600;
/** Stripe keeps an identifier for at least this long. */
const uniqueSeconds = day;
const pastSeconds = 35 * day;
const futureSeconds = 5 * 60;
const significantDigits = 15;

/** Takes an event, or says why it cannot be taken. */
export function recordMeterEvent(call: Call, sent: SentMeterEvent): MeterUsage {
  const identifier = sent.identifier ?? randomText(32);
  const meter = meterOfName(call, sent.event_name);
  if (meter.status !== 'active') {
    throw refused('archived_meter', 'event_name', `The meter of event name ${sent.event_name} is inactive.`);
  }
  const customer = customerFrom(call, meter, sent.payload);
  const { now } = atClockOf(call, customer);
  const timestamp = sent.timestamp ?? now;
  if (timestamp > now + futureSeconds) {
    throw refused('timestamp_in_future', 'timestamp', 'The timestamp must be at most 5 minutes in the future.');
  }
  if (timestamp < now - pastSeconds) {
    throw refused('timestamp_too_far_in_past', 'timestamp', 'The timestamp must be within the past 35 calendar days.');
  }
  const value = valueFrom(meter, sent.payload);
  const earlier = call.store
    .childrenOf('meter_usage', meter.id)
    .find((event) => event.identifier === identifier && event.received > call.ownNow - uniqueSeconds);
  if (earlier !== undefined) {
    throw invalidRequest(
      `An event already exists with identifier ${identifier}.`,
      'identifier',
      'duplicate_meter_event',
    );
  }
  const usage = call.store.put('meter_usage', {
    id: newId('mtrusage'),
    meter: meter.id,
    event_name: sent.event_name,
    identifier,
    customer: customer.id,
    value,
    timestamp,
    received: call.ownNow,
    canceled: false,
  });
  raiseAlerts(atClockOf(call, customer), meter.id, customer.id);
  return usage;
}

function meterOfName(call: Call, eventName: string): Meter {
  const meter = meterOfEvent(call, eventName);
  if (meter !== undefined) return meter;
  throw refused('no_meter', 'event_name', `No active meter found for event name ${eventName}.`);
}

function customerFrom(call: Call, meter: Meter, payload: SentMeterEvent['payload']) {
  const key = meter.customer_mapping.event_payload_key;
  const id = payload[key];
  if (id === undefined) {
    throw refused('meter_event_no_customer_defined', 'payload', `Customer mapping key ${key} not found in payload.`);
  }
  const customer = call.store.get('customers', id);
  if (customer === undefined) throw refused('meter_event_customer_not_found', 'payload', `No such customer: '${id}'`);
  return customer;
}

function valueFrom(meter: Meter, payload: SentMeterEvent['payload']): string {
  const key = meter.value_settings.event_payload_key;
  const value = payload[key] ?? (meter.default_aggregation.formula === 'count' ? '1' : undefined);
  if (value === undefined || !/^-?\d+(\.\d{1,12})?$/.test(value)) {
    throw refused('meter_event_invalid_value', 'payload', `The value of ${key} must be a number.`);
  }
  if (value.replace(/^-?0*/, '').replace('.', '').replace(/^0+/, '').length > significantDigits) {
    throw refused(
      'meter_event_value_too_many_digits',
      'payload',
      `The value of ${key} must have at most ${significantDigits} significant digits.`,
    );
  }
  return value;
}

function refused(code: string, param: string, message: string): StripeFault {
  return invalidRequest(message, param, code);
}

/** Takes back an event that came within the last day, and answers so in what both versions of the API share. */
export function cancelMeterEvent(call: Call, params: Params<typeof adjustmentReaders>): object {
  const type = required(params.type, 'type');
  const eventName = required(params.event_name, 'event_name');
  const identifier = required(params.cancel?.identifier, 'cancel[identifier]');
  const meter = meterOfName(call, eventName);
  const event = call.store.childrenOf('meter_usage', meter.id).find((each) => each.identifier === identifier);
  if (event === undefined) {
    throw invalidRequest(`No event found with identifier ${identifier}.`, 'cancel[identifier]', 'resource_missing');
  }
  if (event.canceled) throw invalidRequest('This event was canceled already.', 'cancel[identifier]');
  if (event.received <= call.ownNow - uniqueSeconds) {
    throw invalidRequest('An event can be canceled within 24 hours of being received.', 'cancel[identifier]');
  }
  call.store.put('meter_usage', { ...event, canceled: true });
  return { cancel: { identifier }, event_name: eventName, livemode: false, status: 'pending', type };
}
