import type { MailContent } from './layout.js';

/** What mails about an unpaid invoice tell. */
export interface DunningMailContent {
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  /** What is left to pay, formatted for reading. */
  readonly amount: string;
  /** Why the last attempt failed, as the payment provider says it; empty when it does not. */
  readonly reason: string;
  /** It is paid by transfer: no card is charged. */
  readonly isTransfer: boolean;
  /** The last moment at which a payment is in time; null when it is not known. */
  readonly dueAt: Date | null;
  /** The payment must be confirmed on the provider's page. */
  readonly mustConfirm: boolean;
  /** That page; null when there is none. */
  readonly hostedUrl: string | null;
  /** When the card is charged next; null for never. */
  readonly nextRetryAt: Date | null;
  /** When calls are refused; null when they are already. */
  readonly accessEndsAt: Date | null;
  /** Where invoices are paid and the card is changed. */
  readonly url: string;
}

/** An instant as people read it: "2027-02-03 12:00 UTC". */
export function instantInMail(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The facts that every one of these mails shows. */
export function dunningFacts({
  organization,
  invoice,
  amount,
}: DunningMailContent): readonly (readonly [string, string])[] {
  return [
    ['Organization', organization],
    ['Invoice', invoice],
    ['To pay', amount],
  ];
}

/** What the reader can do about it: a transfer is not made here. */
export function dunningAction({ isTransfer, mustConfirm, hostedUrl, url }: DunningMailContent): MailContent['action'] {
  if (isTransfer) return { label: 'View billing', url };
  return mustConfirm && hostedUrl !== null
    ? { label: 'Confirm the payment', url: hostedUrl }
    : { label: 'Pay or change the card', url };
}

/** Why the reader got the mail. */
export function dunningFooter({ organization }: DunningMailContent): string {
  return `You get this mail because you receive the invoices of ${organization}.`;
}
