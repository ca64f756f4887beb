import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface TopUpStoppedMailContent {
  readonly organization: string;
  readonly seller: string;
  readonly reason: 'payment_failed' | 'not_offered';
  /** Where the card and the automatic top-up are changed. */
  readonly url: string;
}

/** Tells those who pay that prepaid credits are not bought automatically any more. */
export function topUpStoppedMail({ organization, seller, reason, url }: TopUpStoppedMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `Automatic top-up with ${seller} has stopped`,
    brand: organization,
    heading: 'Automatic top-up has stopped',
    paragraphs: [
      reason === 'payment_failed'
        ? `A payment for prepaid credits with ${seller} has failed. Save a card that works: the credits are there once the invoice is paid. Then switch the automatic top-up on again.`
        : `What the automatic top-up buys of ${seller} is not offered any more. Choose something else on the billing page.`,
    ],
    facts: [['Seller', seller]],
    action: { label: 'Open billing', url },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}
