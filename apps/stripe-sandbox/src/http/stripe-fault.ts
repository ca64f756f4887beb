/** The `error` object of Stripe's answers. */
export interface StripeErrorBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  readonly code?: string;
  readonly message: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly charge?: string;
  readonly payment_intent?: object;
  readonly setup_intent?: object;
  readonly payment_method?: object;
}

/**
 * An answer other than success. With `keepsChanges` what the request did before it failed stays done: a declined charge
 * leaves its payment intent behind.
 */
export class StripeFault extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
    readonly keepsChanges = false,
  ) {
    super(body.message);
  }
}

/** 400: the request is wrong. */
export function invalidRequest(message: string, param?: string, code?: string): StripeFault {
  return new StripeFault(400, {
    type: 'invalid_request_error',
    ...(code !== undefined && { code }),
    message,
    ...(param !== undefined && { param }),
  });
}

/** 404 when the id is in the path (`param` is then `id`), 400 when it is a parameter. */
export function noSuch(noun: string, id: string, param: string): StripeFault {
  return new StripeFault(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  });
}

/** The whole body of an error answer, with the links that Stripe adds. */
export function errorBodyOf(fault: StripeFault, requestId: string): object {
  const { code } = fault.body;
  return {
    error: {
      ...fault.body,
      ...(code !== undefined && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
    },
  };
}
