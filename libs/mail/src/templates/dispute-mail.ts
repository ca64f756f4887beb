import type { Mail } from '../mail.js';
import { instantInMail } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

export interface DisputeMailContent {
  readonly what: 'opened' | 'won' | 'lost' | 'closed';
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  readonly amount: string;
  /** In the words of the provider. */
  readonly reason: string;
  /** The bank only asks: no money is taken. */
  readonly isInquiry: boolean;
  readonly evidenceDueAt: Date | null;
  /** The provider's page on which evidence is handed in. */
  readonly providerUrl: string;
  /** Where finance sees the invoice. */
  readonly url: string;
}

/** Tells finance and operators that a payment is disputed, or how the bank has decided, and what there is to do. */
export function disputeMail(content: DisputeMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, amount, reason, evidenceDueAt, providerUrl, url } = content;
  const { subject, paragraphs } = wordsOf(content);
  return layOutMail({
    subject,
    brand: 'Tollgate',
    heading: subject,
    paragraphs,
    facts: [
      ['Organization', organization],
      ['Invoice', invoice],
      ['Amount', amount],
      ['Reason', reason],
      ...(content.what === 'opened' && evidenceDueAt !== null
        ? ([['Evidence due', instantInMail(evidenceDueAt)]] as const)
        : []),
      ['Payment provider', providerUrl],
    ],
    action: { label: 'View invoice', url },
    footer: 'You get this mail because you are in charge of finance or operations.',
  });
}

function wordsOf({ what, invoice, amount, isInquiry }: DisputeMailContent): {
  readonly subject: string;
  readonly paragraphs: readonly string[];
} {
  switch (what) {
    case 'opened':
      return isInquiry
        ? {
            subject: `A bank inquires about the payment of invoice ${invoice}: ${amount}`,
            paragraphs: [
              'No money was taken. Without an answer it may become a dispute: answer on the page of the provider.',
            ],
          }
        : {
            subject: `The payment of invoice ${invoice} is disputed: ${amount}`,
            paragraphs: [
              'The bank of the card has asked the payment back, and the payment provider has taken the money. Hand in evidence on the page of the provider, or accept the dispute there. Dunning of the invoice rests.',
            ],
          };
    case 'won':
      return {
        subject: `The dispute about invoice ${invoice} is won: ${amount}`,
        paragraphs: ['The payment provider has given the money back. There is nothing to do.'],
      };
    case 'lost':
      return {
        subject: `The dispute about invoice ${invoice} is lost: ${amount}`,
        paragraphs: ['The money is gone. Decide whether the invoice is due again, or given up.'],
      };
    case 'closed':
      return {
        subject: `The inquiry about invoice ${invoice} is closed: ${amount}`,
        paragraphs: ['No money was taken. There is nothing to do.'],
      };
  }
}
