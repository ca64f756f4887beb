import { InvalidError, TollgateError } from '#domain';

/** One part of a request that was refused: where it is ("body.name") and what is expected there. */
export interface RequestFault {
  readonly path: string;
  readonly message: string;
}

/** A request that does not have the form that its route asks for. */
export class RequestInvalidError extends InvalidError {
  constructor(readonly faults: readonly RequestFault[]) {
    const shown = faults.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
    super('invalid_request', `The request is not as expected. ${shown.join('; ')}${faults.length > 3 ? '; …' : ''}`);
  }
}

/** Nobody is signed in, and the route is for somebody. */
export class SignInRequiredError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super('sign_in_required', 'Sign in first: this is not public.');
  }
}

/** The desks of staff ask for a second factor, and this person has none. */
export class TwoFactorRequiredError extends TollgateError {
  override readonly kind = 'forbidden';

  constructor() {
    super(
      'two_factor_required',
      'This is for staff with two-factor authentication: turn it on in your settings, under Security.',
    );
  }
}

export class TooManyRequestsError extends TollgateError {
  override readonly kind = 'too_many_requests';

  constructor(readonly retryAfterSeconds: number) {
    super('too_many_requests', `Too many tries in a short time. Try again in ${retryAfterSeconds} s.`);
  }
}

/** A token came with the request that does not open anything: unknown, expired or revoked. */
export class AccessTokenInvalidError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super('access_token_invalid', 'This token does not work: it is unknown, expired or revoked. Create another.');
  }
}

/** The route is for systems that report usage, and no token of one that works came with the request. */
export class IngestTokenNeededError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super(
      'ingest_token_needed',
      'Send a token for reporting usage as "Authorization: Bearer tgi_…"; an operator makes them.',
    );
  }
}
