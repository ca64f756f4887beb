export { createStripePaymentProvider } from './stripe-payment-provider.js';
export type { StripePaymentProviderOptions } from './stripe-client.js';
