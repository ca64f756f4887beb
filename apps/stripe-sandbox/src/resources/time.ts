import type { Call } from '../sandbox.js';
import { advanceInvoice } from './advance-invoice.js';
import { advanceCheckout } from './checkout-session.js';
import { advanceGrant } from './credit-grant.js';
import { advanceDispute, disputeExpected } from './dispute.js';
import { runDue } from './due.js';
import { reportMeterErrors } from './meter-error-report.js';
import { advanceRefund } from './refund.js';
import { advanceSubscription } from './subscription-cycle.js';
import type { TestClock } from './test-clock.js';

const handlers = {
  charge: disputeExpected,
  checkout: advanceCheckout,
  credit_grant: advanceGrant,
  dispute: advanceDispute,
  invoice: advanceInvoice,
  meter_errors: reportMeterErrors,
  refund: advanceRefund,
  subscription: advanceSubscription,
};

/** Lets everything happen that is due by now, and by where test clocks are being advanced to. */
export function letTimePass(call: Call): void {
  runDue(call, null, call.now, handlers);
  for (const clock of call.store.oldestFirst('test_clocks')) {
    if (clock.status === 'advancing') finishAdvance(call, clock);
  }
}

/** Whether something is due that no request has let happen yet. */
export function isAdvancing(call: Pick<Call, 'store'>): boolean {
  return call.store.all('test_clocks').some(({ status }) => status === 'advancing');
}

function finishAdvance(call: Call, clock: TestClock): void {
  const target = clock.status_details.advancing?.target_frozen_time ?? clock.frozen_time;
  runDue(call, clock.id, target, handlers);
  const ready = call.store.put('test_clocks', {
    ...clock,
    frozen_time: target,
    status: 'ready',
    status_details: {},
  });
  call.emit('test_helpers.test_clock.ready', ready);
}
