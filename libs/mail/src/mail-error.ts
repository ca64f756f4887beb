export type MailErrorCode =
  /** The server refused this mail for good (SMTP 5xx), or the mail itself cannot be sent. */
  | 'mail_refused'
  /** The server could not be reached or asked to come back later (SMTP 4xx). */
  | 'mail_unavailable';

/** A mail that was not taken. `code` is stable; `cause` is the error of the transport. */
export class MailError extends Error {
  readonly code: MailErrorCode;

  constructor(code: MailErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'MailError';
    this.code = code;
  }
}
