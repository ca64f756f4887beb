import { type Transaction, findBalanceDifference, countBalanceEntries } from '#persistence';
import { type CheckResult, checkResult } from './verify-report.js';

/**
 * Every balance is the sum of its entries, never below zero on the way, and every invoice took of it and gave to it what
 * it says; every refund was agreed to, is of what a card paid, and is in the balance if it failed.
 */
export async function checkBalances(transaction: Transaction): Promise<CheckResult> {
  const checked = await countBalanceEntries(transaction);
  const difference = await findBalanceDifference(transaction);
  return checkResult('balances', checked, difference);
}
