import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface InvoiceHeldMailContent {
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  readonly amount: string;
  /** The differences, or what stands in the way. */
  readonly reason: string;
  /** Where finance sees the invoice, and has it built anew. */
  readonly url: string;
}

/** Tells finance and operators that the payment provider has an invoice differently, and that nothing is charged. */
export function invoiceHeldMail({
  organization,
  invoice,
  amount,
  reason,
  url,
}: InvoiceHeldMailContent): Omit<Mail, 'to'> {
  const subject = `The collection of invoice ${invoice} is held: ${amount}`;
  return layOutMail({
    subject,
    brand: 'Tollgate',
    heading: subject,
    paragraphs: [
      'What the payment provider has is not what was rated, so nothing is finalized there and nothing is charged. Find the cause, then have the invoice built anew at the provider on its page.',
    ],
    facts: [
      ['Organization', organization],
      ['Invoice', invoice],
      ['Amount', amount],
      ['Reason', reason],
    ],
    action: { label: 'View invoice', url },
    footer: 'You get this mail because you are in charge of finance or operations.',
  });
}
