import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface InvoicePaidMailContent {
  /** The organization that was billed. */
  readonly organization: string;
  /** The number of the invoice ("TG-2026-000042"). */
  readonly number: string;
  /** The total with its currency, formatted for reading ("USD 129.00"). */
  readonly amount: string;
  /** Where the invoice can be seen and downloaded. */
  readonly url: string;
}

/** Tells those who pay for an organization that an invoice has been paid. */
export function invoicePaidMail(content: InvoicePaidMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `Receipt for invoice ${content.number}: ${content.amount}`,
    brand: content.organization,
    heading: 'Thank you for your payment',
    paragraphs: [`We received the payment of invoice ${content.number} for ${content.organization}.`],
    facts: [
      ['Organization', content.organization],
      ['Invoice', content.number],
      ['Paid', content.amount],
    ],
    action: { label: 'View invoice', url: content.url },
    footer: `You get this mail because you receive the invoices of ${content.organization}.`,
  });
}
