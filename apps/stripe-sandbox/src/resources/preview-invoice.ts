import { mergeMetadata, type MetadataChange } from '../http/metadata.js';
import { required } from '../http/params.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { nextCycleEnd } from './billing-period.js';
import { customerOf } from './customer.js';
import { newInvoiceItem } from './invoice-item.js';
import { addLine } from './draft-lines.js';
import { chooseDiscounts, type DiscountChoices } from './discount.js';
import { addUpInvoice } from './invoice-totals.js';
import { chooseTaxRates } from './tax.js';
import { blankInvoice, invoiceOf, putInvoice, renderInvoice, type Invoice } from './invoice.js';
import { includePendingItems } from './pending-items.js';
import { addLicensed, draftFor } from './subscription-invoice.js';
import { countedFrom, currentPeriodOf, recurrenceOf, subscriptionItemsOf, subscriptionOf } from './subscription.js';
import { atClockOf } from './test-clock.js';
import { addUsage } from './usage-lines.js';

export interface PreviewRequest {
  readonly currency?: string;
  readonly customer?: string;
  readonly discounts?: DiscountChoices;
  readonly invoice_items?: readonly {
    readonly amount?: number;
    readonly currency?: string;
    readonly description?: string;
    readonly discountable?: boolean;
    readonly discounts?: DiscountChoices;
    readonly metadata?: MetadataChange;
    readonly period?: { readonly end?: number; readonly start?: number };
    readonly tax_rates?: readonly string[] | null;
  }[];
  readonly subscription?: string;
}

/**
 * The next invoice as it would be now: what waits for it, the renewal of the subscription if one is named, and the items
 * of the request. It is made for real in a transaction of which nothing is kept.
 */
export function previewInvoice(outer: Call, request: PreviewRequest): object {
  const subscription =
    request.subscription === undefined ? undefined : subscriptionOf(outer, request.subscription, 'subscription');
  const customerId = request.customer ?? subscription?.customer;
  if (customerId === undefined) {
    throw invalidRequest('You must specify either `customer` or `subscription`.', 'customer', 'parameter_missing');
  }
  const customer = customerOf(outer, customerId, 'customer');
  if (subscription && subscription.customer !== customer.id) {
    throw invalidRequest('The subscription belongs to another customer.', 'subscription');
  }
  const call: Call = { ...atClockOf(outer, customer), emit: () => undefined };
  return call.store.tryOut(() => {
    const draft = subscription ? renewalOf(call, subscription.id) : plainDraft(call, customerId, request.currency);
    includePendingItems(call, invoiceOf(call, draft.id));
    for (const [index, item] of (request.invoice_items ?? []).entries()) {
      const name = `invoice_items[${index}]`;
      const period = item.period ?? { end: call.now, start: call.now };
      const added = newInvoiceItem(
        {
          amount: required(item.amount, `${name}[amount]`),
          currency: item.currency ?? draft.currency,
          customer: customer.id,
          description: item.description ?? null,
          discountable: item.discountable ?? true,
          invoice: draft.id,
          metadata: mergeMetadata({}, item.metadata),
          period: {
            end: required(period.end, `${name}[period][end]`),
            start: required(period.start, `${name}[period][start]`),
          },
          tax_rates: chooseTaxRates(call, item.tax_rates ?? null, `${name}[tax_rates]`),
        },
        call.now,
      );
      const owner = { customer: customer.id, invoice_item: added.id };
      const discounts = chooseDiscounts(call, owner, draft.currency, item.discounts ?? null);
      addLine(call, invoiceOf(call, draft.id), { ...added, discounts });
    }
    if (request.discounts !== undefined) {
      const invoice = invoiceOf(call, draft.id);
      const owner = { customer: customer.id, invoice: draft.id };
      const discounts = chooseDiscounts(call, owner, draft.currency, request.discounts, invoice.discounts);
      putInvoice(call, invoice, { discounts });
      addUpInvoice(call, draft.id);
    }
    const { id: _id, ...rendered } = renderInvoice(call, invoiceOf(call, draft.id)) as { id: string };
    return { id: `upcoming_${draft.id}`, ...rendered };
  });
}

function renewalOf(call: Call, id: string): Invoice {
  const subscription = subscriptionOf(call, id);
  const period = currentPeriodOf(call, subscription);
  const items = subscriptionItemsOf(call, id);
  const ends = subscription.cancel_at_period_end || (subscription.cancel_at ?? Infinity) <= period.end;
  const draft = draftFor(call, subscription, 'subscription_cycle', period);
  for (const item of items) if (subscription.status !== 'trialing') addUsage(call, draft, item, period);
  if (ends) return draft;
  const anchor = Math.max(countedFrom(call, subscription), subscription.trial_end ?? 0);
  const begins = { start: period.end, end: nextCycleEnd(anchor, recurrenceOf(call, id), period.end) };
  for (const item of items) addLicensed(call, draft, item, begins);
  return draft;
}

function plainDraft(call: Call, customerId: string, code: string | undefined): Invoice {
  const customer = customerOf(call, customerId, 'customer');
  const currency = code ?? customer.currency ?? 'usd';
  return call.store.put('invoices', blankInvoice(customer, { currency }, call.now));
}
