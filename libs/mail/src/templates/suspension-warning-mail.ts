import type { Mail } from '../mail.js';
import {
  type DunningMailContent,
  dunningAction,
  dunningFacts,
  dunningFooter,
  instantInMail,
} from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/** Tells those who pay when calls will be refused. */
export function suspensionWarningMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, accessEndsAt } = content;
  const at = accessEndsAt === null ? 'soon' : `on ${instantInMail(accessEndsAt)}`;
  return layOutMail({
    subject: `API access of ${organization} ends ${at} unless invoice ${invoice} is paid`,
    brand: organization,
    heading: 'API access is about to be suspended',
    paragraphs: [
      `Invoice ${invoice} is not paid. From ${at} on, the API calls of ${organization} are refused.`,
      'Once the invoice is paid, calls pass again within seconds, with the same keys.',
    ],
    facts: dunningFacts(content),
    action: dunningAction(content),
    footer: dunningFooter(content),
  });
}
