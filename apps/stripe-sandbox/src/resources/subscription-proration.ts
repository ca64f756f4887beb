import type { Call } from '../sandbox.js';
import { newInvoiceItem, renderInvoiceItem } from './invoice-item.js';
import { priceAmounts } from './price-amounts.js';
import { priceOf } from './price.js';
import { productOf } from './product.js';
import { roundedShare } from './exact.js';
import type { Subscription, SubscriptionItem } from './subscription.js';

/**
 * What a licensed item costs from the instant to the end of its period, by seconds, as an item for the next invoice:
 * owed for what is added, given back for what is taken away.
 */
export function prorate(
  call: Call,
  subscription: Subscription,
  item: SubscriptionItem,
  sign: 1 | -1,
  from: number,
): void {
  const { current_period_start: start, current_period_end: end } = item;
  if (item.quantity === null || item.quantity === 0 || end <= from) return;
  const price = priceOf(call, item.price);
  const whole = priceAmounts(price, String(item.quantity)).reduce((sum, { amount }) => sum + amount, 0);
  const amount = sign * roundedShare(BigInt(whole), BigInt(end - from), BigInt(end - start));
  const { name } = productOf(call, price.product);
  const kind = sign < 0 ? 'Unused' : 'Remaining';
  const count = item.quantity === 1 ? '' : `${item.quantity} × `;
  const since = new Date(from * 1000).toISOString().slice(0, 10);
  const entry = call.store.put(
    'invoice_items',
    newInvoiceItem(
      {
        amount,
        currency: subscription.currency,
        customer: subscription.customer,
        description: `${kind} time on ${count}${name} after ${since}`,
        discountable: false,
        invoice: null,
        metadata: {},
        parent: {
          subscription_details: { subscription: subscription.id, subscription_item: item.id },
          type: 'subscription_details',
        },
        period: { start: from, end },
        pricing: {
          price_details: { price: price.id, product: price.product },
          type: 'price_details',
          unit_amount_decimal: String(amount),
        },
        proration: true,
        tax_rates: item.tax_rates ?? [],
        test_clock: subscription.test_clock,
      },
      call.now,
    ),
  );
  call.emit('invoiceitem.created', renderInvoiceItem(call, entry));
}
