import type { StripeFault } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { waitUntil } from './due.js';
import { meterOfEvent } from './meter.js';
import { isoOf } from './thin-event.js';

/** Events of one meter, or of none, that came within a few seconds and could not be counted. */
export interface MeterErrors {
  readonly id: string;
  /** Null where there is no meter of the event's name. */
  readonly meter: string | null;
  /** Unix seconds of the first second of the window. */
  readonly start: number;
  readonly types: readonly MeterErrorType[];
}

interface MeterErrorType {
  readonly code: string;
  readonly error_count: number;
  /** The first ones only. */
  readonly sample_errors: readonly {
    readonly error_message: string;
    readonly request: { readonly identifier: string };
  }[];
}

/** As in Stripe's example: ten seconds are looked at together, and reported two seconds later. */
const windowSeconds = 10;
const reportSeconds = 2;
const samplesKept = 10;

/** The errors that Stripe reports. Of an identifier that was there already nothing is said. */
const reportedCodes = new Set([
  'archived_meter',
  'meter_event_customer_not_found',
  'meter_event_invalid_value',
  'meter_event_no_customer_defined',
  'meter_event_value_too_many_digits',
  'no_meter',
  'timestamp_in_future',
  'timestamp_too_far_in_past',
]);

/** Notes that an event was not counted; the report of its meter and window tells of it. */
export function noteMeterError(call: Call, eventName: string, identifier: string, { body }: StripeFault): void {
  const { code, message } = body;
  if (code === undefined || !reportedCodes.has(code)) return;
  const meter = meterOfEvent(call, eventName)?.id ?? null;
  const start = call.ownNow - (call.ownNow % windowSeconds);
  const id = `${meter ?? 'none'}.${start}`;
  const before = call.store.get('meter_errors', id) ?? { id, meter, start, types: [] };
  const type = before.types.find((each) => each.code === code) ?? { code, error_count: 0, sample_errors: [] };
  const sample = { error_message: message, request: { identifier } };
  const counted = {
    code,
    error_count: type.error_count + 1,
    sample_errors: type.sample_errors.length < samplesKept ? [...type.sample_errors, sample] : type.sample_errors,
  };
  const types = [...before.types.filter((each) => each !== type), counted];
  call.store.put('meter_errors', { ...before, types });
  waitUntil(call, 'meter_errors', { id, test_clock: null }, start + windowSeconds + reportSeconds);
}

/** Reports a window that is over. */
export function reportMeterErrors(call: Call, id: string): void {
  const errors = call.store.get('meter_errors', id);
  if (errors === undefined) return;
  call.store.delete('meter_errors', id);
  const { meter, start, types } = errors;
  const count = types.reduce((sum, { error_count: each }) => sum + each, 0);
  const data = {
    developer_message_summary: count === 1 ? 'There is 1 invalid event' : `There are ${count} invalid events`,
    reason: { error_count: count, error_types: types },
    validation_end: isoOf(start + windowSeconds),
    validation_start: isoOf(start),
  };
  if (meter === null) {
    call.emitThin('v1.billing.meter.no_meter_found', { data });
    return;
  }
  const relatedObject = { id: meter, type: 'billing.meter', url: `/v1/billing/meters/${meter}` };
  call.emitThin('v1.billing.meter.error_report_triggered', { data, relatedObject });
}
