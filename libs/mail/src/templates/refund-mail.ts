import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface RefundMailContent {
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  readonly amount: string;
  readonly providerRefundId: string | null;
  /** Where finance sees the invoice. */
  readonly url: string;
}

/** Tells finance and operators that somebody has refunded a payment in the provider's own pages. */
export function refundFoundMail(content: RefundMailContent): Omit<Mail, 'to'> {
  const { invoice, amount } = content;
  return refundMail(content, {
    subject: `A refund was made at the payment provider: ${amount} of invoice ${invoice}`,
    words:
      'Nobody has made it here, and no credit note is of it: invoice and books say more than was kept. Record it on the page of the invoice; another person approves.',
  });
}

/** Tells finance and operators that a refund did not reach the card. */
export function refundFailedMail(content: RefundMailContent & { readonly reason: string }): Omit<Mail, 'to'> {
  const { invoice, amount, reason } = content;
  return refundMail(content, {
    subject: `A refund has failed: ${amount} of invoice ${invoice}`,
    words:
      'The money is in the balance of the organization. Where it is to be paid out, send it by transfer and adjust the balance.',
    reason,
  });
}

function refundMail(
  { organization, invoice, amount, providerRefundId, url }: RefundMailContent,
  { subject, words, reason }: { readonly subject: string; readonly words: string; readonly reason?: string },
): Omit<Mail, 'to'> {
  return layOutMail({
    subject,
    brand: 'Tollgate',
    heading: subject,
    paragraphs: [words],
    facts: [
      ['Organization', organization],
      ['Invoice', invoice],
      ['Amount', amount],
      ...(reason === undefined ? [] : ([['Reason', reason]] as const)),
      ...(providerRefundId === null ? [] : ([['Refund at the provider', providerRefundId]] as const)),
    ],
    action: { label: 'View invoice', url },
    footer: 'You get this mail because you are in charge of finance or operations.',
  });
}
