/** What an error means to whoever asked; every way of delivery answers by it. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'precondition_required'
  | 'unprocessable'
  | 'too_many_requests'
  | 'unavailable'
  | 'internal';

/**
 * The base of every error that Tollgate raises on purpose. `code` is stable and public: clients may match on it.
 * The message is a sentence that says what to do.
 */
export class TollgateError extends Error {
  readonly kind: ErrorKind = 'internal';

  constructor(
    readonly code: string,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Something named in a request does not exist, or belongs to somebody else: the two are not told apart. */
export class NotFoundError extends TollgateError {
  override readonly kind = 'not_found';

  constructor(noun: string, message = `There is no such ${noun}.`) {
    super(`${noun.toLowerCase().replaceAll(' ', '_')}_not_found`, message);
  }
}

/** The request is well formed but cannot be done in the present state. */
export class ConflictError extends TollgateError {
  override readonly kind = 'conflict';
}

/** What was to be changed is not any more what the request says that it saw. */
export class PreconditionFailedError extends TollgateError {
  override readonly kind = 'precondition_failed';
}

/** The request itself is wrong; the message names the field and what is expected. */
export class InvalidError extends TollgateError {
  override readonly kind = 'invalid';
}

/** The person is known but may not do this. */
export class ForbiddenError extends TollgateError {
  override readonly kind = 'forbidden';

  constructor(message: string) {
    super('forbidden', message);
  }
}
