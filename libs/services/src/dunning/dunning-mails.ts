import type { WrittenMail } from '../mail/send-mail.js';

/** What is told of an unpaid invoice, ready to be worded. */
export interface DunningNotice {
  readonly organization: string;
  /** Its number. */
  readonly invoice: string;
  /** What is left to pay, formatted for reading. */
  readonly amount: string;
  /** Why the last attempt failed, as the payment provider says it. */
  readonly reason: string;
  /** It is paid by transfer, or the rest of it: no card is charged. */
  readonly isTransfer: boolean;
  /** The last moment at which a payment is in time; null for one that was never numbered. */
  readonly dueAt: Date | null;
  /** The card is good, but its owner must confirm the payment on the provider's page. */
  readonly mustConfirm: boolean;
  /** The provider's page of the invoice; null when there is none. */
  readonly hostedUrl: string | null;
  /** When the card is charged next; null for never. */
  readonly nextRetryAt: Date | null;
  /** When calls are refused; null when they are already. */
  readonly accessEndsAt: Date | null;
}

/** Written, but not addressed yet. */
export type DunningMail = Omit<WrittenMail, 'to'>;

/** How each event of dunning is worded. */
export interface DunningMails {
  /** A transfer is due soon. */
  readonly transferDue: (notice: DunningNotice) => DunningMail;
  readonly paymentFailed: (notice: DunningNotice) => DunningMail;
  readonly suspensionWarning: (notice: DunningNotice) => DunningMail;
  readonly accessSuspended: (notice: DunningNotice) => DunningMail;
  readonly accessRestored: (notice: DunningNotice) => DunningMail;
  readonly subscriptionsCanceled: (notice: DunningNotice) => DunningMail;
}
