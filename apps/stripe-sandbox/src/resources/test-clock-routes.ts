import { integer, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { cyclesAfter } from './billing-period.js';
import { adoptCustomer } from './adopt-customer.js';
import { customerOf } from './customer.js';
import { subscriptionItemsOf } from './subscription.js';
import { endWithCustomer } from './subscription-end.js';
import { createTestClock, testClockOf, type TestClock } from './test-clock.js';

const path = '/v1/test_helpers/test_clocks';

export const testClockRoutes: readonly Route[] = [
  route('POST', path, { customer: text(), frozen_time: integer, name: text(300) }, (call, params) => {
    const frozenTime = required(params.frozen_time, 'frozen_time');
    const customer = params.customer === undefined ? undefined : customerOf(call, params.customer, 'customer');
    const clock = createTestClock(call, frozenTime, params.name ?? null);
    if (customer) adoptCustomer(call, clock, customer);
    return clock;
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => testClockOf(call, id)),

  route('POST', `${path}/{id}/advance`, { frozen_time: integer }, (call, params, id) => {
    const clock = testClockOf(call, id);
    const target = required(params.frozen_time, 'frozen_time');
    if (clock.status === 'advancing') {
      throw invalidRequest(
        'The test clock is advancing already. Wait until it is ready.',
        undefined,
        'clock_advancing',
      );
    }
    if (target <= clock.frozen_time) {
      throw invalidRequest('The time to advance to must be after the current frozen time.', 'frozen_time');
    }
    refuseTooFar(call, clock, target);
    const advancing = call.store.put('test_clocks', {
      ...clock,
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: target } },
    });
    call.emit('test_helpers.test_clock.advancing', advancing);
    return advancing;
  }),

  route('DELETE', `${path}/{id}`, {}, (call, _params, id) => {
    const clock = testClockOf(call, id);
    for (const customer of call.store.all('customers').filter(({ test_clock: own }) => own === id)) {
      for (const subscription of call.store.childrenOf('subscriptions', customer.id)) {
        endWithCustomer(call, subscription);
      }
      call.store.delete('customers', customer.id);
      call.store.put('deleted_customers', { id: customer.id, object: 'customer', deleted: true });
    }
    call.store.delete('test_clocks', id);
    call.emit('test_helpers.test_clock.deleted', clock);
    return { id, object: 'test_helpers.test_clock', deleted: true };
  }),

  listRoute(path, 'testclock', {}, (call) => call.store.all('test_clocks')),
];

/** At most two of the shortest intervals among the subscriptions that live by the clock; two years where there are none. */
function refuseTooFar(call: Call, clock: TestClock, target: number): void {
  const furthest = call.store
    .all('subscriptions')
    .filter(({ test_clock: own, ended_at: ended }) => own === clock.id && ended === null)
    .flatMap(({ id }) => subscriptionItemsOf(call, id))
    .map(({ price }) => cyclesAfter(clock.frozen_time, call.store.get('prices', price)!.recurring!, 2))
    .reduce((least, each) => Math.min(least, each), Infinity);
  const years = cyclesAfter(clock.frozen_time, { interval: 'year', interval_count: 2 }, 1);
  if (furthest === Infinity && target > years) {
    throw invalidRequest(
      `A test clock without subscriptions can be advanced by two years at once. The furthest is ${years}.`,
      'frozen_time',
    );
  }
  if (target <= furthest) return;
  throw invalidRequest(
    'You cannot advance a test clock more than two intervals from its current frozen time, based on the shortest ' +
      `subscription. The furthest is ${furthest}.`,
    'frozen_time',
  );
}
