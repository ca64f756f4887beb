import type { Mail } from '../mail.js';
import {
  type DunningMailContent,
  dunningAction,
  dunningFacts,
  dunningFooter,
  instantInMail,
} from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

/**
 * Tells those who pay that an invoice could not be paid, that a payment waits for their confirmation, or that a transfer has not
 * arrived, and what follows.
 */
export function paymentFailedMail(content: DunningMailContent): Omit<Mail, 'to'> {
  if (content.isTransfer) return transferOverdueMail(content);
  const { organization, invoice, amount, reason, mustConfirm, nextRetryAt, accessEndsAt } = content;
  const next = mustConfirm
    ? 'Confirm the payment on the page of the payment provider: nothing is charged without you.'
    : nextRetryAt === null
      ? 'The card is not charged again by itself: pay the invoice, or save another card.'
      : `The card is charged again on ${instantInMail(nextRetryAt)}. You can pay now, or save another card: it is charged at once.`;
  return layOutMail({
    subject: mustConfirm
      ? `Confirm the payment of invoice ${invoice}: ${amount}`
      : `The payment of invoice ${invoice} has failed: ${amount}`,
    brand: organization,
    heading: mustConfirm ? 'Your bank asks you to confirm a payment' : 'A payment has failed',
    paragraphs: [
      mustConfirm
        ? `The bank of the card wants invoice ${invoice} of ${organization} to be confirmed.`
        : `Invoice ${invoice} of ${organization} could not be paid.${reason === '' ? '' : ` The payment provider says: ${reason}`}`,
      next,
      consequenceOf(accessEndsAt),
    ],
    facts: dunningFacts(content),
    action: dunningAction(content),
    footer: dunningFooter(content),
  });
}

function transferOverdueMail(content: DunningMailContent): Omit<Mail, 'to'> {
  const { organization, invoice, amount, dueAt, accessEndsAt } = content;
  return layOutMail({
    subject: `Invoice ${invoice} is past due: ${amount}`,
    brand: organization,
    heading: 'An invoice is past due',
    paragraphs: [
      `The payment of invoice ${invoice} of ${organization} has not arrived${dueAt === null ? '' : `, which was due on ${instantInMail(dueAt)}`}. If you have sent it in the last days, there is nothing to do.`,
      consequenceOf(accessEndsAt),
    ],
    facts: dunningFacts(content),
    action: dunningAction(content),
    footer: dunningFooter(content),
  });
}

function consequenceOf(accessEndsAt: Date | null): string {
  return accessEndsAt === null
    ? 'API calls are refused until the invoice is paid. Keys stay as they are.'
    : `API calls work until ${instantInMail(accessEndsAt)}.`;
}
