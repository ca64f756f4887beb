import { ConflictError, InvalidError, TollgateError } from '#domain';

/** A sign-in that was begun has lapsed: it must begin anew, with the password. */
class SignInLapsedError extends TollgateError {
  override readonly kind = 'unauthenticated';
}

const lapsed = () =>
  new SignInLapsedError('sign_in_lapsed', 'This sign-in has lapsed. Begin anew with e-mail address and password.');
const isOff = () => new ConflictError('two_factor_off', 'Two-factor authentication is not on.');

/** A link of a mail that is good no more. */
class LinkExpiredError extends InvalidError {
  constructor() {
    super('link_expired', 'This link has expired or was used already. Ask for a new one.');
  }
}

/** Address and password that do not open an account, whether there is one or not. */
class WrongCredentialsError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super('wrong_credentials', 'This e-mail address and password do not match.');
  }
}

/** The right password, before the address was confirmed. */
class EmailNotVerifiedError extends TollgateError {
  override readonly kind = 'forbidden';

  constructor() {
    super('email_not_verified', 'Confirm your e-mail address first: open the link that we sent.');
  }
}

const REFUSALS: Readonly<Record<string, () => TollgateError>> = {
  INVALID_EMAIL_OR_PASSWORD: () => new WrongCredentialsError(),
  EMAIL_NOT_VERIFIED: () => new EmailNotVerifiedError(),
  INVALID_TOKEN: () => new LinkExpiredError(),
  TOKEN_EXPIRED: () => new LinkExpiredError(),
  INVALID_PASSWORD: () => new InvalidError('wrong_password', 'The password is not right.'),
  CREDENTIAL_ACCOUNT_NOT_FOUND: () =>
    new ConflictError('no_password', 'Your account has no password yet. Ask for a link to choose one, then try again.'),
  INVALID_CODE: () => new InvalidError('wrong_code', 'The code is not right. Type the one that the app shows now.'),
  CODE_USED: () => new InvalidError('code_used', 'This code was tried before. Wait for the next one of the app.'),
  INVALID_BACKUP_CODE: () =>
    new InvalidError('wrong_recovery_code', 'This is none of your recovery codes, or it was used before.'),
  TOTP_ALREADY_ENABLED: () => new ConflictError('two_factor_on', 'Two-factor authentication is on already.'),
  TOTP_NOT_ENABLED: isOff,
  TWO_FACTOR_NOT_ENABLED: isOff,
  BACKUP_CODES_NOT_ENABLED: isOff,
  INVALID_TWO_FACTOR_COOKIE: lapsed,
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: lapsed,
};

/** A refusal of better-auth in Tollgate's words; null for one that has none. */
export function authRefusal(code: string | undefined): TollgateError | null {
  return (code !== undefined && REFUSALS[code]?.()) || null;
}
