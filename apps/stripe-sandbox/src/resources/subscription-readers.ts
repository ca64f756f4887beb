import { metadata } from '../http/metadata.js';
import { discountChoices } from './discount.js';
import { taxRateChoices } from './tax.js';
import { integer, oneOf, text, wholeQuantity } from '../http/params.js';

export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');

export const itemReaders = {
  discounts: discountChoices,
  metadata,
  price: text(),
  quantity: wholeQuantity,
  tax_rates: taxRateChoices,
};

/** How a change of items is paid for. */
export const itemChangeReaders = {
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete'),
  proration_behavior: prorationBehavior,
  proration_date: integer,
};
