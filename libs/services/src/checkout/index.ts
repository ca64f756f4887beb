export { openCheckout } from './open-checkout.js';
export { reconcileCheckouts } from './reconcile-checkouts.js';
