import { type Transaction, countCreditEntries, findCreditDifference } from '#persistence';
import { type CheckResult, checkResult } from './verify-report.js';

/**
 * Of every grant of credits there is left what its burns and its expiry leave, and what invoices have burned are their
 * credit lines, as is what they returned: no more than was burned.
 */
export async function checkCredits(transaction: Transaction): Promise<CheckResult> {
  const checked = await countCreditEntries(transaction);
  return checkResult('credits', checked, await findCreditDifference(transaction));
}
