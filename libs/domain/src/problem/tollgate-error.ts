/**
 * The base of every error that Tollgate raises on purpose. `code` is stable and public: clients may match on it.
 * The message is a sentence that says what to do.
 */
export class TollgateError extends Error {
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
  constructor(noun: string, message = `There is no such ${noun}.`) {
    super(`${noun.replaceAll(' ', '_')}_not_found`, message);
  }
}

/** The request is well formed but cannot be done in the present state. */
export class ConflictError extends TollgateError {}

/** The request itself is wrong; the message names the field and what is expected. */
export class InvalidError extends TollgateError {}

/** The person is known but may not do this. */
export class ForbiddenError extends TollgateError {
  constructor(message: string) {
    super('forbidden', message);
  }
}
