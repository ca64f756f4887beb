import type { Route } from '../http/route.js';
import { accountTransactionRoutes } from './account-transaction-routes.js';
import { billingPortalRoutes } from './billing-portal-routes.js';
import { checkoutSessionRoutes } from './checkout-session-routes.js';
import { billingAlertRoutes } from './billing-alert-routes.js';
import { creditGrantRoutes } from './credit-grant-routes.js';
import { entitlementRoutes } from './entitlement-routes.js';
import { invoiceLineRoutes } from './invoice-line-routes.js';
import { couponRoutes } from './coupon-routes.js';
import { creditNoteRoutes } from './credit-note-routes.js';
import { customerBalanceRoutes } from './customer-balance-routes.js';
import { customerRoutes } from './customer-routes.js';
import { disputeRoutes } from './dispute-routes.js';
import { eventDestinationRoutes } from './event-destination-routes.js';
import { eventRoutes } from './event-routes.js';
import { invoiceItemRoutes } from './invoice-item-routes.js';
import { invoiceRoutes } from './invoice-routes.js';
import { meterEventV2Routes } from './meter-event-v2-routes.js';
import { meterRoutes } from './meter-routes.js';
import { paymentIntentRoutes } from './payment-intent-routes.js';
import { paymentMethodRoutes } from './payment-method-routes.js';
import { paymentRoutes } from './payment-routes.js';
import { priceRoutes } from './price-routes.js';
import { productRoutes } from './product-routes.js';
import { refundRoutes } from './refund-routes.js';
import { searchRoutes } from './search-routes.js';
import { setupIntentRoutes } from './setup-intent-routes.js';
import { subscriptionItemRoutes } from './subscription-item-routes.js';
import { subscriptionRoutes } from './subscription-routes.js';
import { taxIdRoutes } from './tax-id-routes.js';
import { taxRateRoutes } from './tax-rate-routes.js';
import { testClockRoutes } from './test-clock-routes.js';
import { thinEventRoutes } from './thin-event-routes.js';
import { webhookEndpointRoutes } from './webhook-endpoint-routes.js';

/** Every endpoint of the API; whatever is not here is an unrecognized URL. */
export const routes: readonly Route[] = [
  // Before the endpoints of single objects, whose ids would match as well.
  ...searchRoutes,
  ...customerRoutes,
  ...customerBalanceRoutes,
  ...taxIdRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...checkoutSessionRoutes,
  ...billingPortalRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...couponRoutes,
  ...taxRateRoutes,
  ...subscriptionRoutes,
  ...subscriptionItemRoutes,
  ...invoiceRoutes,
  ...invoiceLineRoutes,
  ...invoiceItemRoutes,
  ...creditNoteRoutes,
  ...paymentIntentRoutes,
  ...paymentRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...accountTransactionRoutes,
  ...meterRoutes,
  ...meterEventV2Routes,
  ...billingAlertRoutes,
  ...creditGrantRoutes,
  ...entitlementRoutes,
  ...testClockRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...eventDestinationRoutes,
  ...thinEventRoutes,
];
