import type { Call } from '../sandbox.js';
import { settleInvoice } from './finalize-invoice.js';
import { markInvoicePaymentPaid } from './invoice-payment.js';
import { renderInvoice } from './invoice.js';
import { returnUrlOf } from './next-action.js';
import { attemptPayment, recordDecline, type PaymentIntent } from './payment-intent.js';
import { confirmSetupIntent, failSetup, type SetupIntent } from './setup-intent.js';
import { atClockOf } from './test-clock.js';

/** An intent that waits for its cardholder. */
export type WaitingIntent = PaymentIntent | SetupIntent;

/** The intent, if it waits for its cardholder. */
export function waitingIntent(call: Call, id: string): WaitingIntent | undefined {
  const intent = call.store.get('payment_intents', id) ?? call.store.get('setup_intents', id);
  return intent?.status === 'requires_action' ? intent : undefined;
}

/**
 * The cardholder has answered: with yes the card is charged or saved, with no it is refused. Returns where the browser
 * goes from here.
 */
export function answerAuthentication(outer: Call, intent: WaitingIntent, agreed: boolean): string | null {
  const method = outer.store.get('payment_methods', intent.payment_method!)!;
  const returnUrl = returnUrlOf(intent.next_action);
  if (intent.object === 'setup_intent') {
    if (agreed) confirmSetupIntent(outer, intent, method, { returnUrl, authenticated: true });
    else failSetup(outer, intent, method, refused('setup_intent_authentication_failure'));
    return returnUrl;
  }
  const payment = outer.store.all('invoice_payments').find((each) => each.payment.payment_intent === intent.id);
  const invoice = payment && outer.store.get('invoices', payment.invoice);
  const call = invoice ? atClockOf(outer, invoice) : outer;
  const paid = agreed && attemptPayment(call, intent, method, { returnUrl, authenticated: true }).status === 'paid';
  if (!agreed) recordDecline(call, intent, method, refused('payment_intent_authentication_failure'));
  if (payment && invoice && paid) {
    markInvoicePaymentPaid(call, payment);
    settleInvoice(call, invoice, intent.amount);
  } else if (invoice && !paid) {
    call.emit('invoice.payment_failed', renderInvoice(call, invoice));
  }
  return returnUrl;
}

function refused(code: string): { readonly code: string; readonly message: string } {
  return {
    code,
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  };
}
