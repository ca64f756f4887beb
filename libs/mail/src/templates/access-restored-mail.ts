import type { Mail } from '../mail.js';
import { type DunningMailContent, dunningFooter } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/** Tells those who pay that calls pass again. */
export function accessRestoredMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, amount, url } = content;
  return layOutMail({
    subject: `API access of ${organization} is restored`,
    brand: organization,
    heading: 'API access is restored',
    paragraphs: [
      `Invoice ${invoice} is settled. The API calls of ${organization} pass again, with the same keys. Thank you.`,
    ],
    facts: [
      ['Organization', organization],
      ['Invoice', invoice],
      ['Amount', amount],
    ],
    action: { label: 'View billing', url },
    footer: dunningFooter(content),
  });
}
