import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, hash, integer, list, oneOf, required, text, type ParamReader } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { createSubscription, cycleOf } from './create-subscription.js';
import { anchorConfig } from './cycle-anchor.js';
import { customerOf } from './customer.js';
import {
  type DiscountChoices,
  chooseDiscounts,
  discountChoices,
  renderDeletedDiscount,
  renderDiscount,
} from './discount.js';
import { chooseTaxRates, taxRateChoices } from './tax.js';
import { paymentMethodOfCustomer } from './payment-method.js';
import { priceOf } from './price.js';
import { endTrial } from './subscription-cycle.js';
import { resumeSubscription } from './resume-subscription.js';
import { cancelNow, pauseSubscription } from './subscription-pause.js';
import { itemChangeReaders, itemReaders, prorationBehavior } from './subscription-readers.js';
import { changeTrial, trialEndAfter, trialEndOf } from './subscription-trial.js';
import {
  changeSubscription,
  hasEnded,
  renderSubscription,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
} from './subscription.js';
import { atClockOf } from './test-clock.js';
import { changeItems, type ItemChange } from './update-subscription.js';

const trialEnd: ParamReader<number | 'now'> = (node, path) => (node === 'now' ? 'now' : integer(node, path));
const missingPaymentMethod = oneOf('cancel', 'create_invoice', 'pause');
const writable = {
  cancel_at: clearable(integer),
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer,
  default_payment_method: text(),
  default_tax_rates: taxRateChoices,
  description: clearable(text(500)),
  discounts: discountChoices,
  metadata,
  payment_behavior: itemChangeReaders.payment_behavior,
  proration_behavior: prorationBehavior,
  trial_end: trialEnd,
  trial_settings: hash({ end_behavior: hash({ missing_payment_method: missingPaymentMethod }) }),
};

export const subscriptionRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/subscriptions',
    {
      ...writable,
      billing_cycle_anchor: integer,
      billing_cycle_anchor_config: anchorConfig,
      billing_mode: hash({ type: oneOf('flexible') }),
      currency: text(3),
      customer: text(),
      items: list(hash(itemReaders)),
      off_session: boolean,
      trial_period_days: integer,
    },
    (outer, params) => {
      const customer = customerOf(outer, required(params.customer, 'customer'), 'customer');
      const call = atClockOf(outer, customer);
      const items = required(params.items, 'items').map((item, index) => ({
        price: priceOf(call, required(item.price, `items[${index}][price]`), `items[${index}][price]`),
        quantity: item.quantity,
        metadata: mergeMetadata({}, item.metadata),
        taxRates: chooseTaxRates(call, item.tax_rates ?? null, `items[${index}][tax_rates]`),
        discounts: item.discounts ?? null,
      }));
      cycleOf(items);
      refuseTwoAnchors(params);
      const end =
        params.trial_period_days === undefined
          ? trialEndOf(call, params.trial_end)
          : trialEndAfter(call, params.trial_period_days);
      const subscription = createSubscription(call, customer, {
        ...collectionOf(params.collection_method ?? 'charge_automatically', params.days_until_due ?? null),
        anchor: params.billing_cycle_anchor ?? null,
        anchorConfig: params.billing_cycle_anchor_config ?? null,
        cancel_at: params.cancel_at ?? null,
        cancel_at_period_end: params.cancel_at_period_end ?? false,
        default_payment_method:
          params.default_payment_method === undefined
            ? null
            : paymentMethodOfCustomer(call, params.default_payment_method, customer.id, 'default_payment_method').id,
        default_tax_rates: chooseTaxRates(call, params.default_tax_rates ?? null, 'default_tax_rates'),
        description: params.description ?? null,
        discounts: params.discounts ?? null,
        items,
        metadata: mergeMetadata({}, params.metadata),
        paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
        prorates: params.proration_behavior !== 'none',
        trial_end: end,
        trial_settings: trialSettings(params.trial_settings?.end_behavior?.missing_payment_method ?? 'create_invoice'),
      });
      return renderSubscription(call, subscription);
    },
  ),

  route('GET', '/v1/subscriptions/{id}', {}, (call, _params, id) => renderSubscription(call, subscriptionOf(call, id))),

  route(
    'POST',
    '/v1/subscriptions/{id}',
    {
      ...writable,
      cancellation_details: hash({ comment: clearable(text()) }),
      items: list(hash({ ...itemReaders, deleted: boolean, id: text() })),
      pause_collection: clearable(
        hash({ behavior: oneOf('keep_as_draft', 'mark_uncollectible', 'void'), resumes_at: integer }),
      ),
      proration_date: integer,
    },
    (outer, params, id) => {
      const before = subscriptionOf(outer, id);
      const call = atClockOf(outer, before);
      if (hasEnded(before)) {
        throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
      }
      const change = {
        behavior: params.proration_behavior ?? 'create_prorations',
        from: params.proration_date ?? call.now,
        paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
      } as const;
      if (params.discounts !== undefined) changeDiscounts(call, before, params.discounts);
      if (params.items) changeItems(call, subscriptionOf(call, id), params.items as readonly ItemChange[], change);
      const end = trialEndOf(call, params.trial_end);
      if (end !== null) changeTrial(call, subscriptionOf(call, id), end, change);
      const current = subscriptionOf(call, id);
      const endsNow = params.trial_end === 'now' && current.status === 'trialing';
      const method = params.default_payment_method;
      const pause = params.pause_collection;
      const cancels = params.cancel_at_period_end ?? current.cancel_at_period_end;
      const cancelAt = params.cancel_at === undefined ? current.cancel_at : params.cancel_at;
      const changed = changeSubscription(call, before, {
        ...current,
        ...collectionOf(
          params.collection_method ?? current.collection_method,
          params.days_until_due ?? current.days_until_due,
        ),
        cancel_at: cancelAt,
        cancel_at_period_end: cancels,
        canceled_at: cancels || cancelAt !== null ? (current.canceled_at ?? call.now) : null,
        cancellation_details: {
          ...current.cancellation_details,
          comment: params.cancellation_details?.comment ?? current.cancellation_details.comment,
          reason: cancels || cancelAt !== null ? 'cancellation_requested' : null,
        },
        default_payment_method:
          method === undefined
            ? current.default_payment_method
            : paymentMethodOfCustomer(call, method, current.customer, 'default_payment_method').id,
        ...(params.default_tax_rates !== undefined && {
          default_tax_rates: chooseTaxRates(call, params.default_tax_rates, 'default_tax_rates'),
        }),
        description: params.description === undefined ? current.description : params.description,
        metadata: mergeMetadata(current.metadata, params.metadata),
        pause_collection:
          pause === undefined
            ? current.pause_collection
            : pause && {
                behavior: required(pause.behavior, 'pause_collection[behavior]'),
                resumes_at: pause.resumes_at ?? null,
              },
        trial_settings: trialSettings(
          params.trial_settings?.end_behavior?.missing_payment_method ??
            current.trial_settings.end_behavior.missing_payment_method,
        ),
      });
      if (endsNow) endTrial(call, { ...changed, billing_cycle_anchor: call.now });
      return renderSubscription(call, subscriptionOf(call, id));
    },
  ),

  route(
    'DELETE',
    '/v1/subscriptions/{id}',
    { cancellation_details: hash({ comment: clearable(text()) }), invoice_now: boolean, prorate: boolean },
    (outer, params, id) => {
      const subscription = subscriptionOf(outer, id);
      if (hasEnded(subscription)) throw noSuch('subscription', id, 'id');
      const call = atClockOf(outer, subscription);
      const ended = cancelNow(call, subscription, {
        comment: params.cancellation_details?.comment ?? null,
        invoiceNow: params.invoice_now ?? false,
        prorates: params.prorate ?? false,
      });
      return renderSubscription(call, ended);
    },
  ),

  route('DELETE', '/v1/subscriptions/{id}/discount', {}, (call, _params, id) => {
    const subscription = subscriptionOf(call, id);
    const discount = call.store.get('discounts', subscription.discounts[0] ?? '');
    if (discount === undefined) throw noSuch('discount for subscription', id, 'id');
    const ended = call.store.put('discounts', { ...discount, end: call.now });
    call.emit('customer.discount.deleted', renderDiscount(ended));
    changeSubscription(call, subscription, { discounts: [] });
    return renderDeletedDiscount(discount);
  }),

  route(
    'POST',
    '/v1/subscriptions/{id}/pause',
    {
      bill_for: hash({
        outstanding_usage_through: hash({ type: oneOf('none', 'now') }),
        unused_time_from: hash({ type: oneOf('item_current_period_start', 'none', 'now') }),
      }),
      invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
      type: oneOf('subscription'),
    },
    (call, params, id) => {
      const subscription = subscriptionOf(call, id);
      const paused = pauseSubscription(atClockOf(call, subscription), subscription, {
        usageThrough: params.bill_for?.outstanding_usage_through?.type ?? 'now',
        unusedFrom: params.bill_for?.unused_time_from?.type ?? 'now',
        behavior: params.invoicing_behavior ?? 'pending_invoice_item',
      });
      return renderSubscription(call, paused);
    },
  ),

  route(
    'POST',
    '/v1/subscriptions/{id}/resume',
    {
      billing_cycle_anchor: hash({ type: oneOf('now', 'unchanged') }),
      payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
      proration_behavior: prorationBehavior,
      proration_date: integer,
    },
    (outer, params, id) => {
      const subscription = subscriptionOf(outer, id);
      const call = atClockOf(outer, subscription);
      const resumed = resumeSubscription(call, subscription, {
        anchor: params.billing_cycle_anchor?.type ?? 'now',
        behavior: params.proration_behavior ?? 'create_prorations',
        from: params.proration_date ?? call.now,
        payment: params.payment_behavior ?? 'resume_on_payment_attempt',
      });
      return renderSubscription(call, resumed);
    },
  ),

  listRoute(
    '/v1/subscriptions',
    'subscription',
    {
      created: createdFilter,
      customer: text(),
      price: text(),
      status: oneOf(
        'active',
        'all',
        'canceled',
        'ended',
        'incomplete',
        'incomplete_expired',
        'past_due',
        'paused',
        'trialing',
        'unpaid',
      ),
      test_clock: text(),
    },
    (call, params) =>
      (params.customer === undefined
        ? call.store.all('subscriptions')
        : call.store.childrenOf('subscriptions', params.customer)
      )
        .filter((each) => hasStatus(each, params.status))
        .filter((each) => params.customer !== undefined || each.test_clock === (params.test_clock ?? null))
        .filter(
          (each) =>
            params.price === undefined ||
            subscriptionItemsOf(call, each.id).some(({ price }) => price === params.price),
        )
        .filter((each) => params.created?.(each.created) ?? true),
    renderSubscription,
  ),
];

/** What is changed counts already for what the same request invoices. */
function changeDiscounts(call: Call, subscription: Subscription, choices: DiscountChoices): void {
  const { customer, currency, discounts: current, id } = subscription;
  const discounts = chooseDiscounts(call, { customer, subscription: id }, currency, choices, current);
  call.store.put('subscriptions', { ...subscription, discounts });
}

/** Another anchor, or a trial, says by itself when periods begin. */
function refuseTwoAnchors(params: {
  readonly billing_cycle_anchor?: number;
  readonly billing_cycle_anchor_config?: object;
  readonly trial_end?: unknown;
  readonly trial_period_days?: number;
}): void {
  if (params.billing_cycle_anchor_config === undefined) return;
  const others = ['billing_cycle_anchor', 'trial_end', 'trial_period_days'] as const;
  const other = others.find((name) => params[name] !== undefined);
  if (other !== undefined) {
    throw invalidRequest(`You may only specify one of billing_cycle_anchor_config and ${other}.`, other);
  }
}

function trialSettings(missing: ReturnType<typeof missingPaymentMethod>): Subscription['trial_settings'] {
  return { end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing } };
}

function collectionOf(
  method: Subscription['collection_method'],
  daysUntilDue: number | null,
): Pick<Subscription, 'collection_method' | 'days_until_due'> {
  const sends = method === 'send_invoice';
  if (sends && daysUntilDue === null) {
    throw invalidRequest('`days_until_due` is required with `collection_method=send_invoice`.', 'days_until_due');
  }
  return { collection_method: method, days_until_due: sends ? daysUntilDue : null };
}

function hasStatus(subscription: Subscription, status: string | undefined): boolean {
  if (status === 'all') return true;
  if (status === 'ended') return hasEnded(subscription);
  return status === undefined ? subscription.status !== 'canceled' : subscription.status === status;
}
