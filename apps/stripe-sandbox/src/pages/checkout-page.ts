import type { CardEntry } from '../cards/card-entry.js';
import { testCards } from '../cards/test-card.js';
import { StripeFault } from '../http/stripe-fault.js';
import { readCardEntry } from '../cards/card-entry.js';
import {
  completeCheckoutSession,
  currentSession,
  successUrlOf,
  type CheckoutSession,
} from '../resources/checkout-session.js';
import type { Call, Sandbox } from '../sandbox.js';
import { escapeHtml, notice, page, type PageAnswer } from './html.js';

const byHand = { id: null, idempotencyKey: null };
const emptyEntry: CardEntry = { number: '', expiry: '', cvc: '', name: '' };

/** The card form. `?card=<number>` fills in a test card, so that choosing one needs no script. */
export function showCheckout(sandbox: Sandbox, id: string, query: URLSearchParams): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const session = currentSession(call, id);
    if (session?.status !== 'open') return closedPage(session);
    const card = testCards.find(({ number }) => number === query.get('card'));
    const nextYear = String((new Date(call.now * 1000).getUTCFullYear() + 2) % 100).padStart(2, '0');
    const filled = { number: grouped(card?.number ?? ''), expiry: `12 / ${nextYear}`, cvc: '123', name: '' };
    return formPage(call, session, card ? filled : emptyEntry);
  });
}

/** Takes the form: on to the success address, or the form again with the reason. */
export function submitCheckout(sandbox: Sandbox, id: string, form: URLSearchParams): PageAnswer {
  const entry: CardEntry = {
    number: form.get('number') ?? '',
    expiry: form.get('expiry') ?? '',
    cvc: form.get('cvc') ?? '',
    name: form.get('name') ?? '',
  };
  try {
    return sandbox.perform(byHand, (call) => {
      const session = currentSession(call, id);
      if (session?.status !== 'open') return closedPage(session);
      const complete = completeCheckoutSession(call, session, readCardEntry(entry, call.now));
      return { status: 303, headers: { location: successUrlOf(complete), 'cache-control': 'no-store' }, body: '' };
    });
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error;
    return sandbox.perform(byHand, (call) => {
      const session = currentSession(call, id);
      return session?.status === 'open' ? formPage(call, session, entry, error.body.message) : closedPage(session);
    });
  }
}

function formPage(call: Call, session: CheckoutSession, entry: CardEntry, problem?: string): PageAnswer {
  const customer = session.customer === null ? undefined : call.store.get('customers', session.customer);
  const owner = customer?.name ?? customer?.email ?? session.customer_email;
  const forWhom = owner ? ` for <strong>${escapeHtml(owner)}</strong>` : '';
  const back = session.cancel_url ? `<p><a href="${escapeHtml(session.cancel_url)}">← Back without saving</a></p>` : '';
  const error = problem ? `<p class="error" role="alert" id="problem">${escapeHtml(problem)}</p>` : '';
  const main = `<main class="checkout">
<section class="intro">
<h1>Save a payment card</h1>
<p>The card is kept${forWhom} and charged when an invoice is due. Nothing is charged now.</p>
${back}
</section>
<form class="panel" id="card" method="post" action="/c/pay/${session.id}">
${error}
${field('number', 'Card number', `autocomplete="cc-number" inputmode="numeric" placeholder="4242 4242 4242 4242" required${problem ? ' aria-describedby="problem"' : ''}`, entry.number)}
<div class="pair">
${field('expiry', 'Expiry', 'autocomplete="cc-exp" inputmode="numeric" placeholder="MM / YY" required', entry.expiry)}
${field('cvc', 'CVC', 'autocomplete="cc-csc" inputmode="numeric" placeholder="123" maxlength="4" required', entry.cvc)}
</div>
${field('name', 'Name on card', 'autocomplete="cc-name" maxlength="200"', entry.name)}
<button type="submit">Save card</button>
</form>
<section class="choice">
<h2>Test cards: choose one to fill in the form</h2>
<ul class="cards">
${testCards.map(({ number, note }) => `<li><a href="?card=${number}#card"><code>${grouped(number)}</code><span>${escapeHtml(note)}</span></a></li>`).join('\n')}
</ul>
</section>
</main>`;
  return page(problem ? 402 : 200, 'Save a payment card', main, [new URL(session.success_url).origin]);
}

function field(name: keyof CardEntry, label: string, attributes: string, value: string): string {
  return `<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${escapeHtml(value)}" ${attributes}></div>`;
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
    return notice(200, 'The card is saved', 'There is nothing more to do on this page.', link);
  }
  const link = session.cancel_url ? { href: session.cancel_url, label: 'Back' } : undefined;
  return notice(410, 'This page has expired', 'Start again from where you came.', link);
}

function grouped(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}
