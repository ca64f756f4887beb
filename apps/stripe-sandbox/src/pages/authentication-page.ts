import { answerAuthentication, waitingIntent, type WaitingIntent } from '../resources/authentication.js';
import { formatAmount } from '../resources/currency.js';
import type { Call, Sandbox } from '../sandbox.js';
import { byHand, escapeHtml, notice, page, redirect, type PageAnswer } from './html.js';
import { returnUrlOf } from '../resources/next-action.js';

/** What the bank of the card asks. */
export function showAuthentication(sandbox: Sandbox, id: string): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const intent = waitingIntent(call, id);
    return intent ? challengePage(call, intent) : nothingAsked();
  });
}

/** Takes the answer, and sends the browser back to where it came from. */
export function submitAuthentication(sandbox: Sandbox, id: string, form: URLSearchParams): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const intent = waitingIntent(call, id);
    if (intent === undefined) return nothingAsked();
    const agreed = form.get('decision') === 'complete';
    const returnUrl = answerAuthentication(call, intent, agreed);
    if (returnUrl !== null) return redirect(returnUrl);
    return agreed
      ? notice(200, 'Thank you', 'The payment was confirmed. You can close this page.')
      : notice(
          200,
          'Not confirmed',
          'The payment was not confirmed, and nothing was charged. You can close this page.',
        );
  });
}

function challengePage(call: Call, intent: WaitingIntent): PageAnswer {
  const method = call.store.get('payment_methods', intent.payment_method!)!;
  const what =
    intent.object === 'payment_intent'
      ? `a payment of <strong>${escapeHtml(formatAmount(intent.amount, intent.currency))}</strong>`
      : 'that your card is <strong>saved for later payments</strong>';
  const main = `<main class="notice"><div class="panel">
<p class="soft">3-D Secure</p>
<h1>Is this you?</h1>
<p>Your bank asks you to confirm ${what} with the card ending in <strong>${escapeHtml(method.card.last4)}</strong>.</p>
<form method="post" action="/3ds/${intent.id}" class="decide">
<button type="submit" name="decision" value="complete">Confirm</button>
<button type="submit" name="decision" value="fail" class="plain">Refuse</button>
</form>
</div></main>`;
  const back = returnUrlOf(intent.next_action);
  const session = call.store
    .all('checkout_sessions')
    .find((each) => each.setup_intent === intent.id || each.payment_intent === intent.id);
  // Checkout sends the browser on from where it comes back to.
  const targets = [back, session?.success_url ?? null].filter((url) => url !== null);
  const origins = targets.map((url) => new URL(url).origin);
  return page(200, 'Is this you?', main, [...new Set(origins)]);
}

function nothingAsked(): PageAnswer {
  return notice(410, 'Nothing to confirm', 'This was answered already, or it is no longer asked.');
}
