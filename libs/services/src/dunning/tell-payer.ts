import { type DunningOutlook, type Invoice, dueMinor, formatMoney, isCardCharged, paymentAnswer } from '#domain';
import { type Transaction, findPayer, listBillingAddresses } from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import type { DunningMail, DunningNotice } from './dunning-mails.js';

export type WriteNotice = (notice: DunningNotice) => DunningMail;

/** Mails those who pay for the organization how an invoice stands, once the transaction is committed. */
export async function tellPayer(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  outlook: Pick<DunningOutlook, 'nextRetryAt' | 'accessEndsAt'>,
  write: WriteNotice,
): Promise<void> {
  const { id, organizationId, number, failureCode, failureMessage, hostedUrl, dueAt } = invoice;
  const mail = write({
    organization: (await findPayer(transaction, organizationId))?.name ?? '',
    invoice: number ?? id,
    amount: amountText(invoice),
    reason: failureMessage ?? '',
    isTransfer: !isCardCharged(invoice),
    dueAt,
    mustConfirm: paymentAnswer(failureCode) === 'action_required',
    // There it is paid for good, once a bank has taken the payment back.
    hostedUrl: invoice.chargedBackMinor === 0n ? hostedUrl : null,
    ...outlook,
  });
  for (const to of await listBillingAddresses(transaction, organizationId))
    await sendMail(context, transaction, { to, ...mail });
}

/** What is left to pay, with what the card is charged for others: once it is paid, what it was over. */
function amountText(invoice: Invoice): string {
  const { currency, totalMinor, carriedInMinor } = invoice;
  const owedMinor = dueMinor(invoice);
  if (owedMinor === 0n) return formatMoney(totalMinor, currency);
  if (carriedInMinor === 0n || !isCardCharged(invoice)) return formatMoney(owedMinor, currency);
  const carried = formatMoney(carriedInMinor, currency);
  return `${formatMoney(owedMinor + carriedInMinor, currency)} (with ${carried} carried from earlier invoices)`;
}
