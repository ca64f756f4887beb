import type { CardEntry } from '../cards/card-entry.js';
import { StripeFault } from '../http/stripe-fault.js';
import { readCardEntry } from '../cards/card-entry.js';
import {
  afterAuthentication,
  checkoutLinesOf,
  submitCheckoutSession,
  successUrlOf,
  type CheckoutSession,
} from '../resources/checkout-session.js';
import type { Call, Sandbox } from '../sandbox.js';
import { formatAmount } from '../resources/currency.js';
import { cardFields, chosenEntry, entryFrom, testCardChoice } from './card-form.js';
import { byHand, escapeHtml, notice, page, redirect, type PageAnswer } from './html.js';

/** The card form. `?card=<number>` fills in a test card, so that choosing one needs no script. */
export function showCheckout(sandbox: Sandbox, id: string, query: URLSearchParams): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const current = call.store.get('checkout_sessions', id);
    const session = current && afterAuthentication(call, current);
    if (session?.status === 'complete' && current?.status === 'open') return redirect(successUrlOf(session));
    if (session?.status !== 'open') return closedPage(session);
    return formPage(call, session, chosenEntry(query, call.now), refusalOf(call, session));
  });
}

/** Takes the form: on to the success address, or the form again with the reason. */
export function submitCheckout(sandbox: Sandbox, id: string, form: URLSearchParams): PageAnswer {
  const entry = entryFrom(form);
  try {
    return sandbox.perform(byHand, (call) => {
      const session = call.store.get('checkout_sessions', id);
      if (session?.status !== 'open') return closedPage(session);
      const submitted = submitCheckoutSession(call, session, readCardEntry(entry, call.now));
      return redirect(submitted.askAt ?? successUrlOf(submitted.session));
    });
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error;
    return sandbox.perform(byHand, (call) => {
      const session = call.store.get('checkout_sessions', id);
      return session?.status === 'open' ? formPage(call, session, entry, error.body.message) : closedPage(session);
    });
  }
}

function formPage(call: Call, session: CheckoutSession, entry: CardEntry, problem?: string): PageAnswer {
  const customer = session.customer === null ? undefined : call.store.get('customers', session.customer);
  const owner = customer?.name ?? customer?.email ?? session.customer_email;
  const forWhom = owner ? ` for <strong>${escapeHtml(owner)}</strong>` : '';
  const back = session.cancel_url ? `<p><a href="${escapeHtml(session.cancel_url)}">← Back</a></p>` : '';
  const pays = session.mode === 'payment';
  const title = pays ? `Pay ${money(session.amount_total ?? 0, session.currency)}` : 'Save a payment card';
  const intro = pays
    ? linesOf(call, session)
    : `<p>The card is kept${forWhom} and charged when an invoice is due. Nothing is charged now.</p>`;
  const main = `<main class="checkout">
<section class="intro">
<h1>${title}</h1>
${intro}
${back}
</section>
<form class="panel" id="card" method="post" action="/c/pay/${session.id}">
${cardFields(entry, problem)}
<button type="submit">${pays ? 'Pay' : 'Save card'}</button>
</form>
${testCardChoice()}
</main>`;
  return page(problem ? 402 : 200, title, main, [new URL(session.success_url).origin]);
}

function linesOf(call: Call, session: CheckoutSession): string {
  const rows = checkoutLinesOf(call, session.id).map(
    (line) =>
      `<dt>${line.quantity} × ${escapeHtml(line.description)}</dt><dd>${money(line.amount, line.currency)}</dd>`,
  );
  return `<dl class="facts">${rows.join('')}</dl>`;
}

function money(amount: number, code: string | null): string {
  return escapeHtml(formatAmount(amount, code ?? 'usd'));
}

/** Why the intent of the session was refused, as its cardholder said no. */
function refusalOf(call: Call, session: CheckoutSession): string | undefined {
  const setup = session.setup_intent === null ? undefined : call.store.get('setup_intents', session.setup_intent);
  const payment =
    session.payment_intent === null ? undefined : call.store.get('payment_intents', session.payment_intent);
  const error = (setup?.last_setup_error ?? payment?.last_payment_error) as { message?: string } | null | undefined;
  return error?.message;
}

function closedPage(session: CheckoutSession | undefined): PageAnswer {
  if (session === undefined) {
    return notice(
      404,
      'No such page',
      'This link is not complete, or the sandbox was started afresh since it was made.',
    );
  }
  if (session.status === 'complete') {
    const link = { href: successUrlOf(session), label: 'Continue' };
    const title = session.mode === 'payment' ? 'Paid' : 'The card is saved';
    return notice(200, title, 'There is nothing more to do on this page.', link);
  }
  const link = session.cancel_url ? { href: session.cancel_url, label: 'Back' } : undefined;
  return notice(410, 'This page has expired', 'Start again from where you came.', link);
}
