import Stripe from 'stripe';
import { PaymentProviderError, TollgateError } from '#domain';

/** Runs a call of the SDK; its errors come out as `PaymentProviderError` with the cause, ours as they are. */
export async function translatingErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TollgateError ? error : translateError(error);
  }
}

function translateError(error: unknown): PaymentProviderError {
  const options = { cause: error };
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  ) {
    // No fault of what was asked: once the key is right, the same call succeeds.
    const message = 'Stripe refused the key: check STRIPE_SECRET_KEY and its permissions.';
    return new PaymentProviderError(message, true, options);
  }
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return new PaymentProviderError('Stripe could not be reached; the call is safe to repeat.', true, options);
  }
  if (error instanceof Stripe.errors.StripeRateLimitError || error instanceof Stripe.errors.StripeAPIError) {
    return new PaymentProviderError('Stripe could not do this now; the call is safe to repeat.', true, options);
  }
  if (error instanceof Stripe.errors.StripeError) {
    // A key in use by a parallel call of ours is over in a moment; every other refusal stays one.
    const retryable = error.code === 'idempotency_key_in_use';
    return new PaymentProviderError(`Stripe refused the request: ${error.message}`, retryable, options);
  }
  return new PaymentProviderError('The call to Stripe failed in an unexpected way.', false, options);
}
