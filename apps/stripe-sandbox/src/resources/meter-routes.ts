import { hash, integer, oneOf, required, text, type ParamReader } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';
import { adjustmentReaders, cancelMeterEvent, meterEventReaders, recordMeterEvent, sentEvent } from './meter-event.js';
import { usageOf, windowSeconds } from './meter-usage.js';
import { meterOf, type Meter } from './meter.js';
import { previousOf } from './previous-attributes.js';

const path = '/v1/billing/meters';

/** Every hour of the longest year. */
const mostSummaries = 366 * 24;

const minute: ParamReader<number> = (node, name) => {
  const value = integer(node, name);
  if (value % 60 !== 0) throw invalidRequest('The time must be aligned with minute boundaries.', name);
  return value;
};

export const meterRoutes: readonly Route[] = [
  route(
    'POST',
    path,
    {
      customer_mapping: hash({ event_payload_key: text(100), type: oneOf('by_id') }),
      default_aggregation: hash({ formula: oneOf('count', 'last', 'sum') }),
      display_name: text(250),
      event_name: text(100),
      event_time_window: oneOf('day', 'hour'),
      value_settings: hash({ event_payload_key: text(100) }),
    },
    (call, params) => {
      const eventName = required(params.event_name, 'event_name');
      refuseSecondMeter(call, eventName);
      const meter = call.store.put('meters', {
        id: newId('mtr_test', 27),
        object: 'billing.meter',
        created: call.now,
        customer_mapping: {
          event_payload_key: params.customer_mapping?.event_payload_key ?? 'stripe_customer_id',
          type: 'by_id',
        },
        default_aggregation: {
          formula: required(
            required(params.default_aggregation, 'default_aggregation').formula,
            'default_aggregation[formula]',
          ),
        },
        display_name: required(params.display_name, 'display_name'),
        event_name: eventName,
        event_time_window: params.event_time_window ?? null,
        livemode: false,
        status: 'active',
        status_transitions: { deactivated_at: null },
        updated: call.now,
        value_settings: { event_payload_key: params.value_settings?.event_payload_key ?? 'value' },
      });
      call.emit('billing.meter.created', meter);
      return meter;
    },
  ),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => meterOf(call, id)),

  route('POST', `${path}/{id}`, { display_name: text(250) }, (call, params, id) =>
    changeMeter(call, meterOf(call, id), params, 'billing.meter.updated'),
  ),

  route('POST', `${path}/{id}/deactivate`, {}, (call, _params, id) => {
    const meter = meterOf(call, id);
    if (meter.status === 'inactive') throw invalidRequest('The meter is inactive already.');
    const change = { status: 'inactive', status_transitions: { deactivated_at: call.now } } as const;
    return changeMeter(call, meter, change, 'billing.meter.deactivated');
  }),

  route('POST', `${path}/{id}/reactivate`, {}, (call, _params, id) => {
    const meter = meterOf(call, id);
    if (meter.status === 'active') throw invalidRequest('The meter is active already.');
    refuseSecondMeter(call, meter.event_name);
    const change = { status: 'active', status_transitions: { deactivated_at: null } } as const;
    return changeMeter(call, meter, change, 'billing.meter.reactivated');
  }),

  listRoute(path, 'billing meter', { status: oneOf('active', 'inactive') }, (call, params) =>
    call.store.all('meters').filter(({ status }) => status === (params.status ?? status)),
  ),

  listRoute(
    `${path}/{id}/event_summaries`,
    'billing meter event summary',
    { customer: text(), end_time: minute, start_time: minute, value_grouping_window: oneOf('day', 'hour') },
    (call, params, id) => {
      const meter = meterOf(call, id);
      const customer = customerOf(call, required(params.customer, 'customer'), 'customer');
      const start = required(params.start_time, 'start_time');
      const end = required(params.end_time, 'end_time');
      if (end <= start) throw invalidRequest('The end must be after the start.', 'end_time');
      const window = params.value_grouping_window;
      const step = window === undefined ? end - start : windowSeconds[window];
      if (window !== undefined && (start % step !== 0 || end % step !== 0)) {
        throw invalidRequest(`The times must be aligned with ${window} boundaries of UTC.`, 'start_time');
      }
      if ((end - start) / step > mostSummaries) {
        throw invalidRequest(`At most ${mostSummaries} ${window}s can be asked for at once.`, 'end_time');
      }
      const summaries = [];
      for (let from = start; from < end; from += step) {
        summaries.push({
          id: `mtrusg_test_${meter.id.slice(-8)}${customer.id.slice(-8)}${from}`,
          object: 'billing.meter_event_summary',
          aggregated_value: Number(usageOf(call, id, customer.id, from, from + step)),
          end_time: from + step,
          livemode: false,
          meter: id,
          start_time: from,
        } as const);
      }
      return summaries.reverse();
    },
  ),

  route('POST', '/v1/billing/meter_events', { ...meterEventReaders, timestamp: integer }, (call, params) => {
    const sent = sentEvent(params);
    const usage = recordMeterEvent(call, sent);
    return {
      object: 'billing.meter_event',
      created: call.now,
      event_name: usage.event_name,
      identifier: usage.identifier,
      livemode: false,
      payload: sent.payload,
      timestamp: usage.timestamp,
    };
  }),

  route('POST', '/v1/billing/meter_event_adjustments', adjustmentReaders, (call, params) => ({
    object: 'billing.meter_event_adjustment',
    ...cancelMeterEvent(call, params),
  })),
];

function changeMeter(call: Call, before: Meter, change: Partial<Meter>, event: string): Meter {
  const meter = call.store.put('meters', { ...before, ...change, updated: call.now });
  call.emit(event, meter, event === 'billing.meter.updated' ? previousOf(before, meter) : undefined);
  return meter;
}

function refuseSecondMeter(call: Call, eventName: string): void {
  const other = call.store.all('meters').find((each) => each.event_name === eventName && each.status === 'active');
  if (other === undefined) return;
  throw invalidRequest(
    `An active meter with event name ${eventName} already exists: ${other.id}.`,
    'event_name',
    'resource_already_exists',
  );
}
