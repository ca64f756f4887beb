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
  const { id, organizationId, number, currency, failureCode, failureMessage, hostedUrl, totalMinor, dueAt } = invoice;
  const owedMinor = dueMinor(invoice);
  const mail = write({
    organization: (await findPayer(transaction, organizationId))?.name ?? '',
    invoice: number ?? id,
    amount: formatMoney(owedMinor > 0n ? owedMinor : totalMinor, currency),
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
