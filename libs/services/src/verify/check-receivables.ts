import { type Transaction, countNumberedInvoices, findCarryDifference, findReceivableDifference } from '#persistence';
import { type CheckResult, checkResult } from './verify-report.js';

/**
 * Of each invoice there is left what it says is due: its total without what is void, credit notes, payments that did not go on to
 * the balance, and what was taken of the balance, each from its own rows. With it, the sums of each organization in each currency
 * agree too. What was carried is still open, or joined an invoice that asks for just that.
 */
export async function checkReceivables(transaction: Transaction): Promise<CheckResult> {
  const checked = await countNumberedInvoices(transaction);
  const found = await findReceivableDifference(transaction);
  const carried = found ? null : await findCarryDifference(transaction);
  if (carried)
    return checkResult('receivables', checked, {
      row: `invoice ${carried.invoiceId}`,
      expected: `${carried.joinedMinor} carried into it, as those invoices say that joined it`,
      actual: `${carried.carriedInMinor} carried into it`,
      message: `What invoice ${carried.number} asks for on behalf of others is not what was carried into it.`,
    });
  return checkResult(
    'receivables',
    checked,
    found && {
      row: `invoice ${found.invoiceId}`,
      expected: `${found.leftMinor} due, what payments, credit notes and the balance leave`,
      actual: `${found.saidMinor} due`,
      message: `Invoice ${found.number} says that something else is owed than its payments, credit notes and the balance leave.`,
    },
  );
}
