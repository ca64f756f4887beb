import { readCardEntry, type CardEntry } from '../cards/card-entry.js';
import { noSuch, StripeFault } from '../http/stripe-fault.js';
import { portalConfigurationOf, sessionSeconds, type PortalConfiguration } from '../resources/billing-portal.js';
import { formatAmount } from '../resources/currency.js';
import { customerOf, putCustomer, type Customer } from '../resources/customer.js';
import { nextActionUrl } from '../resources/next-action.js';
import { createCardPaymentMethod, detachPaymentMethod, paymentMethodOfCustomer } from '../resources/payment-method.js';
import { priceOf } from '../resources/price.js';
import { previousOf } from '../resources/previous-attributes.js';
import { productOf } from '../resources/product.js';
import { confirmSetupIntent, createSetupIntent } from '../resources/setup-intent.js';
import { cancelNow } from '../resources/subscription-pause.js';
import {
  changeSubscription,
  currentPeriodOf,
  hasEnded,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
} from '../resources/subscription.js';
import { atClockOf } from '../resources/test-clock.js';
import type { Call, Sandbox } from '../sandbox.js';
import { cardFields, chosenEntry, emptyEntry, entryFrom, testCardChoice } from './card-form.js';
import { byHand, escapeHtml, notice, page, redirect, type PageAnswer } from './html.js';
import { dateOf } from './invoice-page.js';

interface Visit {
  readonly call: Call;
  readonly path: string;
  readonly returnUrl: string | null;
  readonly customer: Customer;
  readonly configuration: PortalConfiguration;
}

/** Where customers see to their card, invoices and subscriptions themselves. */
export function showPortal(sandbox: Sandbox, id: string, query: URLSearchParams): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const visit = visitOf(call, id);
    return visit ? portalPage(visit, chosenEntry(query, call.now), refusalFrom(visit, query)) : expired();
  });
}

/** Does what the form asks for, and shows the page again. */
export function submitPortal(sandbox: Sandbox, id: string, form: URLSearchParams): PageAnswer {
  try {
    return sandbox.perform(byHand, (call) => {
      const visit = visitOf(call, id);
      return visit ? redirect(act(visit, form)) : expired();
    });
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error;
    return sandbox.perform(byHand, (call) => {
      const visit = visitOf(call, id);
      return visit ? portalPage(visit, entryFrom(form), error.body.message) : expired();
    });
  }
}

function visitOf(call: Call, id: string): Visit | undefined {
  const session = call.store.get('portal_sessions', id);
  if (session === undefined || session.created + sessionSeconds <= call.now) return undefined;
  const customer = call.store.get('customers', session.customer);
  if (customer === undefined) return undefined;
  const configuration = portalConfigurationOf(call, session.configuration);
  return { call, path: `/p/session/${id}`, returnUrl: session.return_url, customer, configuration };
}

/** Returns where the browser goes next. */
function act(visit: Visit, form: URLSearchParams): string {
  const { call, path, customer, configuration } = visit;
  const { features } = configuration;
  const target = form.get('target') ?? '';
  const action = form.get('action');
  if (action === 'add_card' && features.payment_method_update.enabled) return addCard(visit, entryFrom(form));
  if (action === 'use_card' && features.payment_method_update.enabled) {
    useCard(call, customer, paymentMethodOfCustomer(call, target, customer.id, 'target').id);
  }
  if (action === 'remove_card' && features.payment_method_update.enabled) {
    detachPaymentMethod(call, paymentMethodOfCustomer(call, target, customer.id, 'target'));
  }
  const mayCancel = features.subscription_cancel.enabled;
  if (action === 'cancel' && mayCancel) cancel(visit, ownSubscription(visit, target));
  if (action === 'keep' && mayCancel) {
    const change = { cancel_at_period_end: false, canceled_at: null };
    changeSubscription(atClockOf(call, customer), ownSubscription(visit, target), change);
  }
  return path;
}

function ownSubscription({ call, customer }: Visit, id: string): Subscription {
  const subscription = subscriptionOf(call, id, 'target');
  if (subscription.customer === customer.id) return subscription;
  throw noSuch('subscription', id, 'target');
}

/** The card is saved as at any other place: its bank may ask the cardholder first. */
function addCard({ call, path, customer }: Visit, entry: CardEntry): string {
  const method = createCardPaymentMethod(call, readCardEntry(entry, call.now));
  const intent = createSetupIntent(call, {
    customer: customer.id,
    description: null,
    metadata: {},
    payment_method: method.id,
    usage: 'off_session',
  });
  const returnUrl = `${call.baseUrl}${path}?saved=${intent.id}`;
  const confirmed = confirmSetupIntent(call, intent, method, { returnUrl });
  if (confirmed.next_action !== null) return nextActionUrl(confirmed.next_action);
  useCard(call, customerOf(call, customer.id, 'customer'), method.id);
  return path;
}

function useCard(call: Call, before: Customer, methodId: string): void {
  putCustomer(call, before.id, {
    invoice_settings: { ...before.invoice_settings, default_payment_method: methodId },
  });
  const after = customerOf(call, before.id, 'customer');
  call.emit('customer.updated', after, previousOf(before, after));
}

function cancel({ call: outer, customer, configuration }: Visit, subscription: Subscription): void {
  const call = atClockOf(outer, customer);
  if (configuration.features.subscription_cancel.mode === 'immediately') {
    cancelNow(call, subscription, { comment: null, invoiceNow: false, prorates: false });
    return;
  }
  changeSubscription(call, subscription, {
    cancel_at_period_end: true,
    canceled_at: call.now,
    cancellation_details: { ...subscription.cancellation_details, reason: 'cancellation_requested' },
  });
}

/** Back from the bank: a card that was confirmed becomes the one that is charged, a refusal is told. */
function refusalFrom({ call, customer }: Visit, query: URLSearchParams): string | undefined {
  const intent = call.store.get('setup_intents', query.get('saved') ?? '');
  if (intent === undefined || intent.customer !== customer.id) return undefined;
  if (intent.status === 'succeeded' && intent.payment_method !== null) {
    const isNew = customer.invoice_settings.default_payment_method !== intent.payment_method;
    const isAttached = call.store.get('payment_methods', intent.payment_method)?.customer === customer.id;
    if (isNew && isAttached) useCard(call, customer, intent.payment_method);
  }
  return (intent.last_setup_error as { message?: string } | null)?.message;
}

function portalPage(visit: Visit, entry: CardEntry, problem?: string): PageAnswer {
  const { features, business_profile: profile } = visit.configuration;
  const { returnUrl } = visit;
  const customer = customerOf(visit.call, visit.customer.id, 'customer');
  const back = returnUrl === null ? '' : `<p><a href="${escapeHtml(returnUrl)}">← Back</a></p>`;
  const who = customer.name ?? customer.email;
  const main = `<main>
${back}
<h1>${escapeHtml(profile.headline ?? 'Manage your billing')}</h1>
${who === null ? '' : `<p class="soft">${escapeHtml(who)}</p>`}
${subscriptionSection(visit)}
${features.payment_method_update.enabled ? cardSection({ ...visit, customer }, entry, problem) : ''}
${features.invoice_history.enabled ? invoiceSection(visit) : ''}
</main>`;
  return page(problem ? 402 : 200, 'Manage your billing', main, [visit.call.baseUrl]);
}

function subscriptionSection({ call, path, customer, configuration }: Visit): string {
  const current = call.store.childrenOf('subscriptions', customer.id).filter((each) => !hasEnded(each));
  if (current.length === 0) return '';
  const mayCancel = configuration.features.subscription_cancel.enabled;
  const rows = current.map((subscription) => {
    const names = subscriptionItemsOf(call, subscription.id).map(
      (item) => productOf(call, priceOf(call, item.price).product).name,
    );
    const end = dateOf(currentPeriodOf(call, subscription).end);
    const ends = subscription.cancel_at_period_end;
    const button = ends
      ? formButton(path, 'keep', subscription.id, 'Keep it')
      : formButton(path, 'cancel', subscription.id, 'Cancel');
    return `<li><span><strong>${escapeHtml(names.join(', '))}</strong>
<small>${ends ? `Ends on ${end}` : `${subscription.status.replace('_', ' ')}, renews on ${end}`}</small></span>${mayCancel ? button : ''}</li>`;
  });
  return `<section class="panel"><h2>Subscriptions</h2><ul class="rows">${rows.join('\n')}</ul></section>`;
}

function cardSection({ call, path, customer }: Visit, entry: CardEntry, problem: string | undefined): string {
  const chosen = customer.invoice_settings.default_payment_method;
  const rows = call.store.childrenOf('payment_methods', customer.id).map(({ id, card }) => {
    const isChosen = id === chosen;
    const buttons = isChosen
      ? '<span class="status paid">charged</span>'
      : formButton(path, 'use_card', id, 'Use this card');
    return `<li><span><strong class="brand">${escapeHtml(card.brand)}</strong> ending in ${escapeHtml(card.last4)}
<small>Expires ${String(card.exp_month).padStart(2, '0')}/${card.exp_year}</small></span>
<span class="inline">${buttons}${formButton(path, 'remove_card', id, 'Remove')}</span></li>`;
  });
  const open = problem !== undefined || entry !== emptyEntry || rows.length === 0 ? ' open' : '';
  return `<section class="panel"><h2>Cards</h2>
<ul class="rows">${rows.join('\n')}</ul>
<details${open} id="card"><summary>Add a card</summary>
<div class="checkout">
<form method="post" action="${path}">
<input type="hidden" name="action" value="add_card">
${cardFields(entry, problem)}
<button type="submit">Save card</button>
</form>
${testCardChoice()}
</div></details></section>`;
}

function invoiceSection({ call, customer }: Visit): string {
  const invoices = call.store.childrenOf('invoices', customer.id).filter(({ status }) => status !== 'draft');
  if (invoices.length === 0)
    return '<section class="panel"><h2>Invoices</h2><p class="soft">There are none yet.</p></section>';
  const rows = invoices.slice(0, 24).map(
    (invoice) => `<li><span><a href="/i/${invoice.id}">${escapeHtml(invoice.number ?? invoice.id)}</a>
<small>${dateOf(invoice.effective_at ?? invoice.created)}</small></span>
<span><span class="status ${invoice.status}">${invoice.status}</span> ${escapeHtml(formatAmount(invoice.total, invoice.currency))}</span></li>`,
  );
  return `<section class="panel"><h2>Invoices</h2><ul class="rows">${rows.join('\n')}</ul></section>`;
}

function formButton(path: string, action: string, target: string, label: string): string {
  return `<form method="post" action="${path}"><input type="hidden" name="target" value="${escapeHtml(target)}"><button
type="submit" class="plain" name="action" value="${action}">${label}</button></form>`;
}

function expired(): PageAnswer {
  return notice(410, 'This page has expired', 'Start again from where you came.');
}
