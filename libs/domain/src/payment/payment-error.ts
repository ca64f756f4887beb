import { type ErrorKind, TollgateError } from '../problem/tollgate-error.js';

/**
 * The provider's invoice is not the one that was rated. Nothing was finalized or charged by the call that threw it;
 * `differences` names what was expected and what was found.
 */
export class PaymentMismatchError extends TollgateError {
  constructor(
    readonly invoiceId: string,
    readonly providerInvoiceId: string | null,
    readonly differences: readonly string[],
  ) {
    super(
      'payment_mismatch',
      `Invoice ${invoiceId} does not match the payment provider's: ${differences.join('; ')}. ` +
        'It was not finalized; rebuild it as the next generation.',
    );
  }
}

/** The invoice exists at the provider in a state from which it cannot be collected, such as void. */
export class PaymentStateError extends TollgateError {
  constructor(message: string) {
    super('payment_state', message);
  }
}

/** A webhook that cannot be trusted: unsigned, forged, altered or stale. */
export class WebhookSignatureError extends TollgateError {
  override readonly kind = 'invalid';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('webhook_signature', message, options);
  }
}

/**
 * The provider could not be reached, or refused a request. `retryable` is true when the same call may succeed later
 * without a change of it: connection lost, provider's own failure, too many requests, our key refused.
 */
export class PaymentProviderError extends TollgateError {
  override readonly kind: ErrorKind;

  constructor(
    message: string,
    readonly retryable: boolean,
    options?: { readonly cause?: unknown },
  ) {
    super(retryable ? 'payment_provider_unavailable' : 'payment_provider_refused', message, options);
    this.kind = retryable ? 'unavailable' : 'internal';
  }
}

/** True for what stands in the way however often the same is asked: of the provider's refusals, and of ours. */
export function isLastingRefusal(error: unknown): error is TollgateError {
  if (error instanceof PaymentProviderError) return !error.retryable;
  return error instanceof TollgateError && error.kind !== 'unavailable';
}
