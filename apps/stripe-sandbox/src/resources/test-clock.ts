import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

/** A clock of its own for some customers, which stands still until it is advanced. */
export interface TestClock {
  readonly id: string;
  readonly object: 'test_helpers.test_clock';
  readonly created: number;
  readonly deletes_after: number;
  readonly frozen_time: number;
  readonly livemode: false;
  readonly name: string | null;
  readonly status: 'advancing' | 'ready';
  readonly status_details: { readonly advancing?: { readonly target_frozen_time: number } };
}

const keptSeconds = 30 * 24 * 3600;

export function createTestClock(call: Call, frozenTime: number, name: string | null): TestClock {
  const clock = call.store.put('test_clocks', {
    id: newId('clock'),
    object: 'test_helpers.test_clock',
    created: call.now,
    deletes_after: call.now + keptSeconds,
    frozen_time: frozenTime,
    livemode: false,
    name,
    status: 'ready',
    status_details: {},
  });
  call.emit('test_helpers.test_clock.created', clock);
  return clock;
}

export function testClockOf(call: Call, id: string, param = 'id'): TestClock {
  const clock = call.store.get('test_clocks', id);
  if (clock === undefined) throw noSuch('testclock', id, param);
  return clock;
}

/** Stripe lets at most this many customers live by one clock, with this many subscriptions each. */
const mostOnClock = 3;

export function refuseFourthCustomer(call: Call, clock: TestClock): void {
  const customers = call.store.all('customers').filter(({ test_clock: own }) => own === clock.id);
  if (customers.length < mostOnClock) return;
  throw invalidRequest(`A test clock can have at most ${mostOnClock} customers.`, 'test_clock');
}

export function refuseFourthSubscription(
  call: Call,
  customer: { readonly id: string; readonly test_clock: string | null },
): void {
  const subscriptions = call.store.childrenOf('subscriptions', customer.id);
  const running = subscriptions.filter(({ ended_at: ended }) => ended === null);
  if (customer.test_clock === null || running.length < mostOnClock) return;
  throw invalidRequest(`A customer on a test clock can have at most ${mostOnClock} subscriptions.`, 'customer');
}

/** The call at the time of whatever lives by a test clock. */
export function atClockOf(call: Call, object: { readonly test_clock: string | null }): Call {
  const clock = object.test_clock === null ? undefined : call.store.get('test_clocks', object.test_clock);
  return clock ? call.at(clock.frozen_time) : call;
}

/** The id under which events speak of the sandbox's own clock. */
export const ownClockId = 'clock_sandbox';

/** The sandbox's own clock in the form of a test clock. */
export function ownClock(now: number): TestClock {
  return {
    id: ownClockId,
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: now + keptSeconds,
    frozen_time: now,
    livemode: false,
    name: "The sandbox's own clock",
    status: 'ready',
    status_details: {},
  };
}
