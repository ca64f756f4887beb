/** One message to one mailbox, in both forms. */
export interface Mail {
  /** An address ("ada@example.com"), without a display name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands mail to whoever delivers it. */
export interface Mailer {
  /**
   * Resolves when the next server has taken responsibility for the mail; whether it arrives is not known.
   * @throws MailError `mail_refused` (sending it again is no use) or `mail_unavailable` (later may work).
   */
  send(mail: Mail): Promise<void>;
  /** Ends open connections. Afterwards `send` must not be called. */
  close(): void;
}
