import type { Mail } from '../mail.js';
import {
  type DunningMailContent,
  dunningAction,
  dunningFacts,
  dunningFooter,
  instantInMail,
} from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/** Reminds those who pay by transfer that an invoice is due soon. */
export function transferDueMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, amount, dueAt } = content;
  const due = dueAt === null ? 'soon' : `on ${instantInMail(dueAt)}`;
  return layOutMail({
    subject: `Invoice ${invoice} is due ${due}: ${amount}`,
    brand: organization,
    heading: 'An invoice is due soon',
    paragraphs: [
      `Invoice ${invoice} of ${organization} is due ${due}, and its payment has not arrived yet. If you have sent it, there is nothing to do.`,
    ],
    facts: dunningFacts(content),
    action: dunningAction(content),
    footer: dunningFooter(content),
  });
}
