import type { Route } from '../http/route.js';
import { checkoutSessionRoutes } from './checkout-session-routes.js';
import { creditNoteRoutes } from './credit-note-routes.js';
import { customerRoutes } from './customer-routes.js';
import { eventRoutes } from './event-routes.js';
import { invoiceItemRoutes } from './invoice-item-routes.js';
import { invoiceRoutes } from './invoice-routes.js';
import { paymentMethodRoutes } from './payment-method-routes.js';
import { paymentRoutes } from './payment-routes.js';
import { refundRoutes } from './refund-routes.js';
import { setupIntentRoutes } from './setup-intent-routes.js';

/** Every endpoint of the API; whatever is not here is an unrecognized URL. */
export const routes: readonly Route[] = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...checkoutSessionRoutes,
  ...invoiceRoutes,
  ...invoiceItemRoutes,
  ...creditNoteRoutes,
  ...paymentRoutes,
  ...refundRoutes,
  ...eventRoutes,
];
