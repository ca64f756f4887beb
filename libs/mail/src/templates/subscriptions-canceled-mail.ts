import type { Mail } from '../mail.js';
import { type DunningMailContent, dunningFacts, dunningFooter } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/** Tells those who pay that subscriptions were canceled for an invoice that was never paid. */
export function subscriptionsCanceledMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, isTransfer, url } = content;
  const cause = isTransfer
    ? `The transfer for invoice ${invoice} has not arrived`
    : `The last attempt to collect invoice ${invoice} has failed`;
  return layOutMail({
    subject: `The subscriptions of ${organization} are canceled: invoice ${invoice} was not paid`,
    brand: organization,
    heading: 'Subscriptions are canceled',
    paragraphs: [
      `${cause}, so the subscriptions of ${organization} were canceled. What was used until then is on a last invoice.`,
      'The invoice is still owed. To come back, pay it and subscribe again.',
    ],
    facts: dunningFacts(content),
    action: { label: 'Open billing', url },
    footer: dunningFooter(content),
  });
}
