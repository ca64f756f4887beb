import type { Mail } from '../mail.js';
import {
  type DunningMailContent,
  dunningAction,
  dunningFacts,
  dunningFooter,
  instantInMail,
} from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/** Tells those who pay that calls are refused now, and how they pass again. */
export function accessSuspendedMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, isTransfer, nextRetryAt } = content;
  const retry =
    nextRetryAt === null ? '' : ` The saved card is charged again on ${instantInMail(nextRetryAt)}, if you do not act.`;
  return layOutMail({
    subject: `API access of ${organization} is suspended: invoice ${invoice} is not paid`,
    brand: organization,
    heading: 'API access is suspended',
    paragraphs: [
      `Invoice ${invoice} of ${organization} is not paid, so its API calls are refused. Keys stay as they are.`,
      isTransfer
        ? 'Once the transfer has arrived and is recorded, calls pass again within seconds.'
        : `Pay the invoice or save a card that works, and calls pass again within seconds.${retry}`,
    ],
    facts: dunningFacts(content),
    action: dunningAction(content),
    footer: dunningFooter(content),
  });
}
